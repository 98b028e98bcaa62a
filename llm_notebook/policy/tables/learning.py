"""Libraries for models."""

MODULES = """
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
  pure applications.*.preprocess_input applications.*.decode_predictions datasets.load_data \
activations.serialize losses.serialize layers.serialize metrics.serialize optimizers.serialize \
initializers.serialize regularizers.serialize constraints.serialize
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
  reads io.read_file io.gfile gfile io.matching_files data.TextLineDataset data.TFRecordDataset \
data.FixedLengthRecordDataset data.Dataset.list_files data.experimental.make_csv_dataset \
data.experimental.CsvDataset data.Dataset.load data.experimental.load
  writes io.write_file io.TFRecordWriter summary train.Checkpoint train.CheckpointManager \
saved_model.save data.experimental.save io.write_graph train.Saver data.experimental.TFRecordWriter
  unknown saved_model.load load_op_library load_library raw_ops sysconfig python core \
train.import_meta_graph
  contacts distribute.cluster_resolver config.experimental_connect_to_cluster distribute.Server \
tpu data.experimental.service config.experimental_connect_to_host
  starts profiler
  pure TensorArray.write TensorArray.read io.decode_* io.parse_* io.encode_* io.FixedLenFeature \
io.VarLenFeature \
io.serialize_tensor train.Feature train.Features train.Example \
train.BytesList train.Int64List train.FloatList io.RaggedFeature io.serialize_many_sparse
xgboost lightgbm
  pure *
  starts plot_tree
  key:model_file reads Booster CVBooster
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
sentence_transformers timm_hub keras_hub keras_nlp keras_cv fastai d2l diffusers accelerate peft trl
  contacts *
sentence_transformers
  pure util
timm
  pure *
  key:pretrained contacts create_model
pytorch_lightning lightning
  pure *
  writes Trainer loggers callbacks.ModelCheckpoint pytorch.Trainer pytorch.loggers
itables great_tables pyvis folium mpld3 pydeck keplergl ipyleaflet dtale
  displays *
prophet cmdstanpy pystan pulp
  starts *
Bio
  pure *
  contacts Entrez Blast
  reads SeqIO AlignIO Phylo PDB
cartopy osmnx contextily
  contacts *
rasterio fiona SimpleITK tifffile mne
  writes *
"""
