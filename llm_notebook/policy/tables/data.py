"""Libraries for data, plots and models: what of them is not pure."""

MODULES = """
numpy
  pure *
  reads loadtxt genfromtxt fromfile fromregex lookfor source DataSource lib.npyio.NpzFile \
lib.format.read_array
  writes save savez savez_compressed savetxt memmap ndarray.tofile ndarray.dump lib.format
  unknown ctypeslib f2py distutils testing.* load_library lib.utils core.multiarray.scalar \
core._internal _core._internal test add_newdoc typing.mypy_plugin
  pure testing.assert_*
  reads ma.mrecords.openfile ma.mrecords.fromtextfile
  pure delete put linalg random fft ma polynomial
  numpy_load load
pandas
  pure *
  reads read_* ExcelFile
  unknown read_pickle io test compat.pickle_compat core.computation api.extensions.register_* \
core.config_init
  environment show_versions
  option set_option option_context
  displays io.formats.style
  pure Index.delete io.formats io.json.json_normalize read_only
  contacts read_sql read_sql_query read_sql_table read_gbq
  environment read_clipboard
  writes ExcelWriter HDFStore to_pickle
  query eval
matplotlib
  pure *
  reads pyplot.imread image.imread rc_file rc_params_from_file font_manager.fontManager.addfont \
image.thumbnail cbook.get_sample_data matplotlib_fname get_data_path style.library \
style.core.read_style_directory style.reload_library
  writes pyplot.savefig image.imsave pyplot.imsave backends.backend_pdf.PdfPages \
animation.FFMpegWriter animation.PillowWriter animation.ImageMagickWriter \
animation.FFMpegFileWriter animation.HTMLWriter animation.FileMovieWriter
  environment get_configdir get_cachedir
  unknown testing sphinxext pyplot.switch_backend texmanager dviread backends.* \
backend_bases.register_backend backend_bases.get_registered_canvas_class
  open cbook.to_filehandle
  reads font_manager.json_load
  writes font_manager.json_dump mathtext.math_to_image
  backend use
  style style.use style.context style.core.use style.core.context pyplot.style.use \
pyplot.style.context
  rc rc rc_context RcParams rcParams.update pyplot.rcParams.update rcParams.__setitem__ \
rcParams.setdefault pyplot.rcParams.__setitem__ pyplot.rcParams.setdefault pyplot.rc \
pyplot.rc_context
  pure pyplot.delaxes pyplot.style style path.Path backends.backend_agg
pylab
  pure *
  unknown test testing
  rc rc
  reads load loadtxt genfromtxt fromfile imread
  writes save savez savez_compressed savetxt memmap savefig imsave
seaborn
  pure *
  contacts load_dataset get_dataset_names utils.load_dataset miscplot.dogplot dogplot
sklearn
  pure *
  contacts datasets.fetch_*
  reads datasets.load_files datasets.load_svmlight_file datasets.load_svmlight_files \
datasets.get_data_home
  writes datasets.dump_svmlight_file
  deletes datasets.clear_data_home
  unknown externals utils._testing
scipy
  pure *
  reads io.* misc.imread
  writes io.savemat io.mmwrite io.wavfile.write io.hb_write sparse.save_npz misc.imsave \
io.netcdf_file io.FortranFile
  reads sparse.load_npz io.wavfile
  contacts datasets.* misc.face misc.ascent misc.electrocardiogram
  unknown LowLevelCallable weave _lib test
statsmodels
  pure *
  contacts datasets.get_rdataset datasets.webuse api.datasets.get_rdataset api.datasets.webuse
  unknown iolib.smpickle load_pickle api.load api.webdoc
  formula formula.api.* formula.*
  starts tsa.x13_arima_analysis tsa.x13_arima_select_order x13_arima_analysis \
x13_arima_select_order
  open iolib.openfile.get_file_obj
  pure datasets
networkx
  pure *
  reads read_* readwrite.*
  writes write_* drawing.nx_agraph.* drawing.nx_pydot.* nx_agraph.* nx_pydot.*
  unknown read_gpickle
polars
  pure *
  reads read_* scan_*
  contacts read_database read_database_uri
  unknown plugins io api.register_* deserialize DataFrame.deserialize LazyFrame.deserialize \
Expr.deserialize
  environment read_clipboard Config.load_from_file
  reads sql SQLContext
  contacts Catalog
pyarrow
  pure *
  unknown serialize deserialize plasma hdfs jvm cffi fs flight cuda gandiva py_extension_type \
PyExtensionType pandas_compat
  reads csv.* parquet.* feather.* orc.* json.* dataset.* memory_map input_stream ipc.* OSFile \
create_memory_map
  writes csv.write_csv parquet.write_table parquet.write_to_dataset parquet.ParquetWriter \
feather.write_feather orc.write_table dataset.write_dataset output_stream OSFile \
create_memory_map parquet.write_metadata csv.CSVWriter ipc.new_stream ipc.new_file \
ipc.RecordBatchFileWriter ipc.RecordBatchStreamWriter RecordBatchFileWriter \
RecordBatchStreamWriter CompressedOutputStream FixedSizeBufferWriter
  reads CompressedInputStream RecordBatchFileReader
  pure csv.ReadOptions csv.ParseOptions csv.ConvertOptions csv.WriteOptions dataset.field \
dataset.scalar
plotly
  pure *
  writes offline.plot io.write_* io.to_image io.orca io.kaleido
  reads io.read_json
  starts io.show
  displays offline.init_notebook_mode
  unknown io.renderers validator_cache
altair
  pure *
  writes data_transformers.enable
  displays renderers.enable
  unknown datasets utils
bokeh
  pure *
  writes io.save plotting.save io.output_file plotting.output_file io.export_* io.saving
  contacts server client
  displays models.CustomJS models.Div models.callbacks embed io.show plotting.show \
io.output_notebook plotting.output_notebook io.notebook
holoviews hvplot
  pure *
  writes save output renderer
  displays extension notebook_extension ipython
panel
  displays *
  starts serve
ipywidgets
  pure *
  displays HTML HTMLMath embed widgets.HTML widgets.HTMLMath
vega_datasets palmerpenguins
  reads *
nltk
  pure *
  contacts download download_shell download_gui
  reads corpus data
  unknown data.load
spacy
  unknown *
  pure blank displacy.parse_deps displacy.parse_ents
  displays displacy.render
  contacts displacy.serve
gensim
  pure *
  contacts downloader
PIL
  pure *
  reads Image.open ImageFont.truetype ImageFont.load ImageFile
  environment ImageGrab
  starts ImageShow Image.Image.show EpsImagePlugin
  reads ImageCms ImageFont.FreeTypeFont SpiderImagePlugin TarIO
  writes TiffImagePlugin.AppendingTiffWriter PdfParser
  unknown ImageMath Image.core ImageQt features
cv2
  pure *
  reads imread imreadmulti VideoCapture FileStorage CascadeClassifier dnn.read* dnn.* imcount \
samples utils
  writes imwrite imwritemulti VideoWriter
  displays imshow namedWindow waitKey selectROI
skimage
  pure *
  reads io.* data.*
  writes io.imsave
imageio
  reads *
  writes imwrite mimwrite imsave mimsave volwrite get_writer v2.imwrite v3.imwrite v2.get_writer \
v2.mimsave v2.mimwrite v2.imsave
h5py netCDF4 tables zarr fitparse astropy.io pydicom nibabel
  writes *
astropy
  pure *
  contacts utils.data
xarray
  pure *
  reads open_* load_dataset load_dataarray
  contacts tutorial
  writes save_mfdataset
geopandas
  pure *
  reads read_*
  reads datasets
  contacts tools
dask
  pure *
  reads dataframe.read_* bag.read_* array.from_npy_stack bytes
  writes dataframe.to_* array.to_*
  contacts distributed
  unknown distributed
modin vaex cudf
  reads *
jax
  pure *
  starts profiler
  contacts distributed
  unknown experimental.host_callback interpreters tools
cupy
  pure *
  reads load loadtxt genfromtxt fromfile
  writes save savez savez_compressed savetxt memmap
  unknown RawKernel RawModule cuda.compiler
datasets huggingface_hub tensorflow_datasets tensorflow_hub evaluate openml kaggle \
kagglehub wandb mlflow comet_ml neptune
  contacts *
keras_tuner kerastuner
  writes *
  pure HyperParameters HyperModel
numpy.memmap
  pure *
  writes flush __setitem__ tofile dump fill sort put partition itemset setfield byteswap resize
numexpr
  query evaluate re_evaluate
  pure *
duckdb _duckdb
  writes *
  pure typing
IPython.display
  displays *
  display display
  reads Code JSON Pretty
  pure Math Latex clear_output display_pretty set_matplotlib_formats
  reads FileLink FileLinks
"""
