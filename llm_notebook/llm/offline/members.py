"""Often used attributes of modules and objects, for putting a misspelt one right.

A list, because the assistant imports no library and looks at no live object.
"""

from __future__ import annotations

_READ = "read_csv read_excel read_json read_parquet read_sql read_table read_html read_feather"
_ROWS = (
    "head tail sample describe info shape columns index dtypes dtype values size empty copy astype "
    "groupby agg aggregate apply map mean median sum min max std var count nunique unique "
    "value_counts quantile cumsum cumprod diff shift rolling resample rank corr abs round clip "
    "sort_values sort_index nlargest nsmallest reset_index set_index rename drop drop_duplicates "
    "dropna fillna isna isnull notna notnull isin between where mask replace query loc iloc at iat "
    "merge join concat pivot pivot_table melt stack unstack explode transpose assign insert pop "
    "to_csv to_excel to_json to_parquet to_dict to_list to_numpy to_frame items iterrows plot hist "
    "boxplot str dt cat idxmax idxmin interpolate duplicated select_dtypes"
)
_GROUPS = (
    "mean median sum min max std var count size first last nunique agg aggregate apply transform "
    "filter describe head tail cumsum cumcount rank quantile ngroups groups get_group plot"
)

_OBJECTS = {
    "DataFrame": _ROWS,
    "Series": _ROWS,
    "DataFrameGroupBy": _GROUPS,
    "SeriesGroupBy": _GROUPS,
    "ndarray": (
        "shape size ndim dtype mean sum min max std var reshape ravel flatten transpose astype "
        "copy argmin argmax argsort sort cumsum dot round clip tolist any all"
    ),
    "Axes": (
        "plot scatter bar barh hist boxplot set set_title set_xlabel set_ylabel set_xlim set_ylim "
        "set_xscale set_yscale set_xticks set_yticks legend grid text annotate axhline axvline "
        "figure get_figure tick_params invert_yaxis"
    ),
}

_MODULES = {
    "pandas": (
        f"{_READ} DataFrame Series Index Timestamp Timedelta Categorical concat merge melt pivot "
        "pivot_table crosstab cut qcut get_dummies to_datetime to_numeric to_timedelta date_range "
        "isna notna unique json_normalize options set_option NA NaT"
    ),
    "numpy": (
        "array arange linspace zeros ones full eye empty asarray concatenate stack vstack hstack "
        "mean median sum min max std var sqrt exp log log10 log2 abs sin cos tan pi nan inf isnan "
        "where unique sort argsort argmax argmin cumsum diff dot round floor ceil clip percentile "
        "quantile corrcoef random linalg ndarray float64 int64"
    ),
    "matplotlib.pyplot": (
        "plot scatter bar barh hist boxplot pie imshow figure subplots subplot title xlabel "
        "ylabel xlim ylim xscale yscale xticks yticks legend grid text annotate savefig show close "
        "gca gcf axhline axvline tight_layout colorbar fill_between style"
    ),
    "math": (
        "sqrt exp log log10 log2 pow sin cos tan pi e inf nan floor ceil fabs factorial comb perm "
        "gcd lcm hypot degrees radians isclose isnan isinf prod dist trunc fsum"
    ),
    "random": "random randint randrange choice choices sample shuffle seed uniform gauss Random",
    "os": "path getcwd listdir makedirs mkdir remove rename environ walk sep getenv",
    "os.path": "join exists isfile isdir basename dirname splitext getsize abspath",
    "json": "load loads dump dumps JSONDecodeError",
    "re": "compile search match fullmatch findall finditer sub split escape",
    "datetime": "datetime date time timedelta timezone UTC",
    "collections": "Counter defaultdict OrderedDict deque namedtuple ChainMap",
    "itertools": (
        "chain combinations permutations product count cycle repeat accumulate groupby islice "
        "starmap takewhile dropwhile zip_longest pairwise batched"
    ),
    "statistics": "mean median mode stdev variance fmean quantiles pstdev",
    "pathlib": "Path PurePath PosixPath WindowsPath",
    "time": "sleep time perf_counter monotonic strftime gmtime localtime",
}

OBJECTS = {name: tuple(members.split()) for name, members in _OBJECTS.items()}
MODULES = {name: tuple(members.split()) for name, members in _MODULES.items()}
