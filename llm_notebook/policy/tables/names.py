"""Builtins, names that notebooks use for one thing, and names that lead out."""

import re

ATTRIBUTES = frozenset(
    "f_globals f_locals f_builtins f_back f_code f_trace tb_frame tb_next gi_frame gi_code "
    "gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code ag_await co_code co_consts "
    "func_globals func_code os sys subprocess builtins importlib ctypes shutil socket pickle "
    "posix multiprocessing threading __builtins__ _os _sys _subprocess _builtins "
    "_importlib _ctypes _shutil _socket _pickle _posix _io __dict__ FunctionType CodeType "
    "currentframe _getframe import_module f2py ctypeslib cpp_extension raw_ops gfile".split()
)
"""Attributes that lead from a harmless object to everything else."""

CARRIED = frozenset(
    "bltns inspect joblib jinja2 comm http_client entry_points find_spec TemporaryDirectory Comm "
    "NamedTemporaryFile TarFile ZipFile Thread ThreadPoolExecutor ProcessPoolExecutor Path opath "
    "pathlib getsize import_string import_item exec_ main import_optional_dependency "
    "InteractiveShell Javascript runstring clone_module ConfigParser".split()
)
"""What libraries have among their own members of others that act."""

DUNDERS = frozenset(
    "__name__ __qualname__ __module__ __doc__ __version__ __file__ __class__ __init__ __new__ "
    "__len__ __getitem__ __setitem__ __delitem__ __contains__ __iter__ __next__ __enter__ "
    "__exit__ __aenter__ __aexit__ __aiter__ __anext__ __repr__ __str__ __format__ __bytes__ "
    "__hash__ __bool__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __radd__ __sub__ "
    "__rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __mod__ __pow__ __matmul__ "
    "__and__ __or__ __xor__ __invert__ __neg__ __pos__ __abs__ __int__ __float__ __index__ "
    "__round__ __array__ __array_ufunc__ __array_interface__ __post_init__ "
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
StringIO io.StringIO
BytesIO io.BytesIO
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
spark pyspark.sql.SparkSession
InteractiveShell IPython.InteractiveShell
SummaryWriter torch.utils.tensorboard.SummaryWriter
smf statsmodels.formula.api
pq pyarrow.parquet
sp scipy
nx networkx
K keras.backend
npt numpy.testing
az arviz
gym gymnasium
pm pymc
lgb lightgbm
xgb xgboost
msno missingno
hv holoviews
pa pyarrow
p9 plotnine
skplt scikitplot
hp hyperopt.hp
tfp tensorflow_probability
"""
"""Names that, undefined in the code, are taken for what notebooks mean by them."""

NO_MODULE_BY_NAME = frozenset(
    "platform "
    "array token email html string types statistics calendar struct code copy stat numbers "
    "keyword queue signal select test site resource profile cmd trace dis cgi datasets dataset "
    "evaluate notebook box sh dash serial motor bottle comm wave mouse keyboard schedule google "
    "js usb julia matlab tables ta corner community anytree surprise parse mock control orbit "
    "h3 pint stripe discord slack telegram cohere fabric mechanize wikipedia mail arch fuzzy "
    "venn implicit attr attrs colour rich toml box munch glum cma formulaic abc enum sched "
    "bisect heapq lark ply render tree pattern patterns spot ray hydra motor redis docker nats "
    "sanic prefect luigi celery dagster kubernetes salabim galois hvac faker conda uv hatch "
    "poetry box av dns uncertainties emcee deap toolz jellyfish pyro haiku chex optax flax shap "
    "lime roman july bleak".split()
)
"""Modules whose names are as well those of variables; importing one that acts is asked about."""

LOUD = re.compile(
    r"module://|text\.usetex|text\.latex\.preamble|animation\.(?:ffmpeg|convert)"
    r"|ps\.usedistiller|pgf\.|webagg\.|__(?:import|subclasses|globals|builtins|annotations)__"
    r"|_repr_(?:html|javascript|svg|mimebundle|markdown)_|_ipython_display_"
)
"""What makes a text act where it is a setting or the name of a method."""

CODE = re.compile(
    r"\b(?:open|exec|eval|compile|getattr|setattr|delattr|globals|locals|vars|breakpoint|system"
    r"|import_module|__\w+__)\b\s*[)\]]*\s*\("
)
"""What makes a text look like code that acts, to whatever evaluates texts."""

GADGETS_NOT = frozenset(
    "io signal code test site select profile platform resource queue types token trace cmd logging "
    "glob sched crypt selectors locale "
    "optparse resource operator tracemalloc inspect typing pwd".split()
)
"""Modules of the standard library whose names libraries use for parts of their own."""

SAME_MODULE = frozenset({"numpy", "pandas", "scipy", "matplotlib", "np", "pd", "plt", "mpl", "tf"})
"""Names under which libraries hold each other."""

BUFFERS = frozenset({"io.StringIO", "io.BytesIO", "pyarrow.BufferOutputStream"})

PLAIN = frozenset(
    "str bytes int float bool list dict set tuple frozenset complex range slice NoneType generator "
    "dict_keys dict_values dict_items".split()
)
