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
  unknown read_pickle io test compat.pickle_compat
  pure io.formats io.json.json_normalize read_only
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
  contacts datasets.get_rdataset datasets.webuse
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
torch
  pure *
  unknown load hub jit.load package utils.cpp_extension ops.load_library classes.load_library \
utils.model_zoo serialization export.load utils.data.datapipes utils.file_baton _C._jit \
_inductor _dynamo utils.benchmark utils.collect_env sys os
  writes save jit.save onnx utils.tensorboard package.PackageExporter export.save from_file \
profiler.tensorboard_trace_handler UntypedStorage.from_file
  starts multiprocessing compile
  contacts distributed
  environment
torchvision
  pure *
  contacts datasets.*
  pure datasets.FakeData
  reads io.* datasets.ImageFolder datasets.DatasetFolder datasets.folder
  writes utils.save_image io.write_jpeg io.write_png io.write_file io.write_video
  key:weights contacts models.*
torchaudio torchtext
  contacts *
  pure transforms functional nn
keras tensorflow.keras
  pure *
  contacts datasets.* applications.* utils.get_file
  pure applications.*.preprocess_input applications.*.decode_predictions datasets.load_data
  writes callbacks.ModelCheckpoint callbacks.TensorBoard callbacks.CSVLogger \
callbacks.BackupAndRestore callbacks.experimental utils.plot_model utils.save_img \
preprocessing.image.save_img models.save_model saving.save_model saving.save_weights \

  reads utils.load_img utils.image_dataset_from_directory utils.text_dataset_from_directory \
utils.audio_dataset_from_directory preprocessing.image.load_img \
preprocessing.image_dataset_from_directory preprocessing.text_dataset_from_directory
  contacts callbacks.RemoteMonitor
  unknown models.load_model saving.load_model saving.load_weights saving.deserialize_keras_object \
models.model_from_json models.model_from_config config.enable_unsafe_deserialization \
models.model_from_yaml utils.deserialize_keras_object layers.deserialize
tensorflow
  pure *
  reads io.read_file io.gfile io.matching_files data.TextLineDataset data.TFRecordDataset \
data.FixedLengthRecordDataset data.Dataset.list_files data.experimental.make_csv_dataset \
data.experimental.CsvDataset data.Dataset.load data.experimental.load
  writes io.write_file io.TFRecordWriter summary train.Checkpoint train.CheckpointManager \
saved_model.save data.experimental.save io.write_graph train.Saver data.experimental.TFRecordWriter
  unknown saved_model.load load_op_library load_library raw_ops sysconfig \
compat.v1.saved_model compat.v1.train.import_meta_graph
  contacts distribute.cluster_resolver config.experimental_connect_to_cluster distribute.Server \
tpu data.experimental.service config.experimental_connect_to_host
  starts profiler
  pure io.decode_* io.parse_* io.encode_* io.FixedLenFeature io.VarLenFeature \
io.serialize_tensor train.Feature train.Features train.Example \
train.BytesList train.Int64List train.FloatList io.RaggedFeature io.serialize_many_sparse
tensorflow_probability tensorflow_addons optax imblearn umap hdbscan shap lime missingno \
lifelines pymc arviz tqdm numba shapely tabulate pytz dateutil six attr attrs \
typing_extensions more_itertools toolz cytoolz pydantic emcee corner seaborn_image uncertainties \
pint mpmath gmpy2 pycountry unidecode regex chardet charset_normalizer bottleneck factor_analyzer \
pingouin scikit_posthocs category_encoders feature_engine mlxtend yellowbrick squarify adjustText \
colorcet cmocean palettable plotnine mpl_toolkits itables rich einops flax gymnasium gym \
pyod kmodes sortedcontainers humanize inflect textblob emoji rapidfuzz Levenshtein fuzzywuzzy \
jellyfish multipledispatch cycler kiwisolver mizani skopt hyperopt deap ortools \
simpy filterpy pykalman ruptures tslearn pmdarima sktime arch linearmodels econml dowhy causalml \
scikitplot msgspec cattrs box munch parse IPython.core.pylabtools \
matplotlib_inline matplotlib_venn joypy ternary wordcloud prettytable bidict boltons iminuit \
numpy_financial empyrical ta mplfinance skforecast statsforecast tsfresh tbats pywt \
sklearn_pandas pandera great_tables janitor ml_dtypes zict typeguard
  pure *
tqdm
  unknown contrib cli
numba
  unknown core pycc cuda.simulator
  key:cache writes jit njit
pydantic
  environment BaseSettings
rich
  unknown console.Console.save_html inspect
xgboost lightgbm
  pure *
  unknown dask
  reads
catboost
  writes *
  pure Pool
optuna
  pure *
  key:storage writes create_study
  contacts storages
  reads load_study
joblib
  unknown *
  writes dump Memory
  unknown load
  starts Parallel parallel_backend
  pure delayed cpu_count hash
dill cloudpickle jsonpickle pickleshare klepto
  unknown *
  pure dumps
  writes dump
plotly
  pure *
  writes offline.plot io.write_* io.to_image io.orca io.kaleido
  reads io.read_json
  unknown io.renderers
altair
  pure *
  key:json writes
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
  pure clear_output Math Latex Code JSON Pretty display_pretty set_matplotlib_formats
  reads FileLink FileLinks
"""
