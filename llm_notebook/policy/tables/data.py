"""Libraries for data, plots and models: what of them is not pure."""

MODULES = """
numpy
  pure *
  reads loadtxt genfromtxt fromfile fromregex lookfor source DataSource lib.npyio.NpzFile \
lib.format.read_array lib.format.open_memmap
  writes save savez savez_compressed savetxt memmap ndarray.tofile ndarray.dump lib.format
  unknown ctypeslib f2py distutils testing.rundocs testing.extbuild load_library lib.utils \
core.multiarray.scalar core._internal _core._internal testing._private
  pure delete put linalg random fft ma polynomial
  numpy_load load
pandas
  pure *
  reads read_* ExcelFile
  unknown read_pickle io test compat.pickle_compat core.computation
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
animation.FFMpegFileWriter animation.HTMLWriter
  environment get_configdir get_cachedir
  unknown testing sphinxext pyplot.switch_backend texmanager dviread
  pure pyplot.delaxes pyplot.style style
pylab
  pure *
  reads load loadtxt genfromtxt fromfile imread
  writes save savez savez_compressed savetxt memmap savefig imsave
seaborn
  pure *
  contacts load_dataset get_dataset_names utils.load_dataset
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
io.netcdf_file
  reads sparse.load_npz io.wavfile
  contacts datasets.* misc.face misc.ascent misc.electrocardiogram
  unknown LowLevelCallable weave _lib
statsmodels
  pure *
  contacts datasets.get_rdataset datasets.webuse api.datasets.get_rdataset api.datasets.webuse
  unknown iolib.smpickle load_pickle api.load api.webdoc
  formula formula.api.* formula.*
  pure datasets
patsy
  pure *
  formula dmatrix dmatrices incr_dbuilder incr_dbuilders EvalEnvironment ModelDesc \
eval.EvalFactor
sympy
  pure *
  unknown sympify parse_expr parsing lambdify preview utilities.codegen utilities.autowrap \
autowrap ufuncify S simplify.sympify core.sympify plotting.textplot testing codegen \
utilities.lambdify printing.preview utilities.runtests test doctest external
networkx
  pure *
  reads read_* readwrite.*
  writes write_* drawing.nx_agraph.* drawing.nx_pydot.* nx_agraph.* nx_pydot.*
  unknown read_gpickle
polars
  pure *
  reads read_* scan_*
  contacts read_database read_database_uri
  unknown plugins deserialize DataFrame.deserialize LazyFrame.deserialize Expr.deserialize
  environment read_clipboard Config.load_from_file
  reads sql SQLContext
pyarrow
  pure *
  unknown serialize deserialize plasma hdfs jvm cffi fs flight cuda gandiva py_extension_type \
PyExtensionType pandas_compat
  reads csv.* parquet.* feather.* orc.* json.* dataset.* memory_map input_stream ipc.* OSFile \
create_memory_map
  writes csv.write_csv parquet.write_table parquet.write_to_dataset parquet.ParquetWriter \
feather.write_feather orc.write_table dataset.write_dataset output_stream OSFile \
create_memory_map parquet.write_metadata csv.CSVWriter
  pure csv.ReadOptions csv.ParseOptions csv.ConvertOptions csv.WriteOptions ipc.new_stream \
dataset.field dataset.scalar
plotly
  pure *
  writes offline.plot io.write_* io.to_image io.orca io.kaleido
  reads io.read_json
  unknown io.renderers
altair
  pure *
  writes data_transformers.enable
  displays renderers.enable
  unknown datasets
bokeh
  pure *
  writes io.save plotting.save io.output_file plotting.output_file io.export_* io.saving
  contacts server client
  displays models.CustomJS models.Div models.callbacks embed
holoviews hvplot
  pure *
  writes save output renderer
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
  pure blank displacy
gensim
  pure *
  contacts downloader
PIL
  pure *
  reads Image.open ImageFont.truetype ImageFont.load ImageFile
  environment ImageGrab
  starts ImageShow
  unknown ImageMath Image.core
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
transformers
  pure *
  contacts pipeline Trainer pipelines
  writes TrainingArguments Trainer
  starts
datasets huggingface_hub tensorflow_datasets tensorflow_hub evaluate openml kaggle \
kagglehub wandb mlflow comet_ml neptune
  contacts *
keras_tuner kerastuner
  writes *
  pure HyperParameters HyperModel
numexpr
  query evaluate re_evaluate
  pure *
duckdb
  writes *
  pure typing
IPython.display
  displays *
  display display
  reads Code JSON Pretty
  pure Math Latex clear_output display_pretty set_matplotlib_formats
  reads FileLink FileLinks
"""
