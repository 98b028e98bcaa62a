"""Names that say what they do, whatever they are called on, and names that lead out."""

import re

METHODS = """
reads read_text read_bytes iterdir glob rglob loadtxt genfromtxt fromfile loadmat imread readlines \
list_files is_file is_dir lstat
reads readline from_file load_weights
called:reads read
unknown loads find_class get_field load_model load_state load_ipython_extension restore_from \
set_trace run_path run_module load_library LoadLibrary load_module exec_module
unknown load
writes tofile savefig save_weights savez savetxt savemat writelines write_text write_bytes mkdir \
makedirs symlink_to hardlink_to chmod chown extractall saveas saveAsTextFile imwrite imsave \
to_file to_netcdf to_zarr to_disk to_excel to_pickle to_sql to_hdf to_feather to_stata \
save_to_disk \
save_pretrained save_model save_npz executemany executescript insert_one insert_many update_one \
update_many saveAsTable copyfile copytree to_tsfile render_to_file savetext writestr write_table \
writerows_to send_file insert_overwrite createOrReplaceTempView cache_to_disk
writes save write dump
called:writes commit touch export
called:open open
path:writes cache to_csv to_json to_html to_latex to_string to_markdown to_xml to_parquet to_orc \
write_csv write_json write_ndjson write_parquet write_ipc write_avro write_excel write_ndjson
environment to_clipboard environ getenv putenv chdir getcwd cpu_percent virtual_memory
deletes unlink rmtree rmdir removedirs drop_table drop_database drop_collection delete_many \
delete_one delete_object delete_file drop_all
called:deletes delete
starts system popen Popen check_output check_call getoutput getstatusoutput spawn fork execv \
execve execvp terminate exec_command apply_async run_in_executor call_later call_at call_soon \
call_soon_threadsafe create_task create_subprocess_exec create_subprocess_shell startfile \
to_html5_video serve_forever run_server start_server
called:starts submit kill
contacts urlopen urlretrieve send_message sendmail sendall sendto recv recvfrom retrbinary \
storbinary push_to_hub from_pretrained to_gbq list_blobs put_object get_object upload_file \
download_file fetch_openml fetch_data getresponse create_connection load_dataset load_data
called:contacts post request send connect deploy download upload
authority run_cell run_cell_async run_line_magic run_cell_magic magic user_ns user_global_ns \
register_magic_function register_magics input_transformers_cleanup input_transformers_post \
ast_transformers enable_extension extension_manager comm_manager display_pub parent_header \
get_ipython magics_manager register_target iopub_socket shell_streams
displays to_jshtml _repr_html_ _repr_javascript_ _repr_svg_ _repr_mimebundle_ _ipython_display_ \
_repr_markdown_ \
display_html display_javascript display_svg publish_display_data
query query eval
apply apply agg aggregate transform pipe applymap
sql execute sql
styled style
"""
"""``called:`` counts only where it is called, as the word is also one for data."""

PREFIXES = """
reads read_ scan_
writes write_ save_ sink_ export_ to_image
contacts download_ upload_ send_ fetch_ urlretrieve
"""

PURE = "read_only write_only export_text"
"""Names that a prefix would take for more than they are."""

PATH_METHODS = """
reads exists stat samefile walk is_mount owner resolve readlink
writes rename replace copy move copy_into move_into open
environment cwd home expanduser absolute
"""
"""Counted on a value of unknown type where the code also makes paths."""

ATTRIBUTES = frozenset(
    "f_globals f_locals f_builtins f_back f_code f_trace tb_frame tb_next gi_frame gi_code "
    "gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code ag_await co_code co_consts "
    "func_globals func_code os sys subprocess builtins importlib ctypes shutil socket pickle "
    "posix multiprocessing threading __builtins__ _os _sys _subprocess _builtins "
    "_importlib _ctypes _shutil _socket _pickle _posix _io __dict__ FunctionType CodeType "
    "currentframe _getframe import_module f2py ctypeslib cpp_extension raw_ops gfile".split()
)
"""Attributes that lead from a harmless object to everything else."""

DUNDERS = frozenset(
    "__name__ __qualname__ __module__ __doc__ __version__ __file__ __class__ __init__ __new__ "
    "__len__ __getitem__ __setitem__ __delitem__ __contains__ __iter__ __next__ __enter__ "
    "__exit__ __aenter__ __aexit__ __aiter__ __anext__ __repr__ __str__ __format__ __bytes__ "
    "__hash__ __bool__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __radd__ __sub__ "
    "__rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __mod__ __pow__ __matmul__ "
    "__and__ __or__ __xor__ __invert__ __neg__ __pos__ __abs__ __int__ __float__ __index__ "
    "__round__ __array__ __array_ufunc__ __array_interface__ __annotations__ __post_init__ "
    "__all__ __author__ __slots__ __iadd__ __isub__ __imul__ __reversed__ __copy__ __deepcopy__ "
    "__dataclass_fields__ __members__ __debug__ __wrapped__ __title__ __license__ __del__".split()
)
"""Names with double underscores that lead nowhere; all others count as unknown."""

BUILTINS = """
pure abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex dict \
dir divmod enumerate filter float format frozenset hasattr hash hex id int isinstance issubclass \
iter len list map max memoryview min next object oct ord pow print property range repr reversed \
round set slice sorted staticmethod str sum super tuple type zip Ellipsis NotImplemented \
copyright credits license
unknown eval exec compile __import__ globals locals vars breakpoint getattr setattr delattr \
__builtins__ __loader__ __spec__ get_ipython execfile reload
called:asks input help
called:environment exit quit
open open
display display
"""

FREE = """
urlopen urllib.request.urlopen
urlretrieve urllib.request.urlretrieve
attrgetter operator.attrgetter
methodcaller operator.methodcaller
ols statsmodels.formula.api.ols
Path pathlib.Path
Popen subprocess.Popen
check_output subprocess.check_output
check_call subprocess.check_call
rmtree shutil.rmtree
copyfile shutil.copyfile
copytree shutil.copytree
read_csv pandas.read_csv
savefig matplotlib.pyplot.savefig
load_dataset seaborn.load_dataset
fetch_openml sklearn.datasets.fetch_openml
load_model keras.models.load_model
import_module importlib.import_module
HTML IPython.display.HTML
Javascript IPython.display.Javascript
IFrame IPython.display.IFrame
SVG IPython.display.SVG
np numpy
pd pandas
plt matplotlib.pyplot
mpl matplotlib
sns seaborn
tf tensorflow
pl polars
px plotly.express
pio plotly.io
alt altair
xr xarray
gpd geopandas
jnp jax.numpy
tfds tensorflow_datasets
kt keras_tuner
hub tensorflow_hub
aiplatform google.cloud.aiplatform
smf statsmodels.formula.api
pq pyarrow.parquet
sp scipy
nx networkx
K keras.backend
"""
"""Names that, undefined in the code, are taken for what notebooks mean by them."""

NO_MODULE_BY_NAME = frozenset(
    "array token email html string types statistics calendar struct code copy stat numbers "
    "keyword "
    "queue signal select test site resource profile cmd trace dis cgi datasets dataset "
    "evaluate notebook box sh dash serial motor bottle comm wave mouse keyboard schedule google js "
    "usb julia matlab tables ta corner community anytree surprise parse mock control orbit h3 pint "
    "stripe discord slack telegram cohere fabric mechanize wikipedia mail arch fuzzy venn implicit "
    "attr attrs colour rich toml box munch glum cma formulaic abc enum sched bisect heapq lark ply "
    "render tree pattern patterns spot ray hydra motor redis docker nats sanic prefect luigi "
    "celery dagster kubernetes salabim galois hvac faker conda uv hatch poetry box av dns uncertainties "
    "emcee deap toolz jellyfish pyro haiku chex optax flax shap lime roman july bleak".split()
)
"""Modules whose names are as well those of variables; importing one that acts is asked about."""

KEYWORDS = {
    "memory": "writes",
    "log_dir": "writes",
    "output_stream": "writes",
    "download": "contacts",
    "usetex": "starts",
    "renderer": "starts",
    "description_allow_html": "displays",
}
"""Keywords that make a call act, whatever is called."""

LOUD = re.compile(
    r"module://|text\.usetex|text\.latex\.preamble|animation\.(?:ffmpeg|convert)"
    r"|_repr_(?:html|javascript|svg|mimebundle|markdown)_|_ipython_display_"
)
"""What makes a text act where it is a setting or the name of a method."""

GADGETS_NOT = frozenset(
    "io signal code test site select profile platform resource queue types token trace cmd logging "
    "glob sched crypt selectors locale "
    "optparse resource operator tracemalloc inspect typing pwd".split()
)
"""Modules of the standard library whose names libraries use for parts of their own."""

SAME_MODULE = frozenset({"numpy", "pandas", "scipy", "matplotlib", "np", "pd", "plt", "mpl", "tf"})
"""Names under which libraries hold each other."""

BUFFERS = frozenset({"io.StringIO", "io.BytesIO"})
PLAIN = frozenset("str bytes int float bool list dict set tuple".split())

PATH_WORDS = frozenset(
    "path path_or_buf path_or_buffer buf fname filename file filepath filepath_or_buffer url uri "
    "excel_writer file_path out_file io dst src target con name where fp root_dir directory "
    "log_dir output_dir".split()
)
"""Keywords under which a call takes where it reads or writes."""
