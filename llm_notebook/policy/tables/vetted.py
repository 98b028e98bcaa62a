"""Libraries that were looked at member by member: what is not named of them is unknown.

``pure *`` stands at small ones of which nothing runs code, imports by name, or
reaches files; at the others stand the members that notebooks use most.
"""

MODULES = """
Levenshtein bidict bitarray cycler editdistance emoji frozendict fuzzywuzzy geographiclib gmpy2 \
immutabledict inflection iso8601 isodate jellyfish kiwisolver ml_dtypes mmh3 more_itertools \
natsort \
num2words numpy_financial opt_einsum palettable prettytable rapidfuzz regex roman semver slugify \
sortedcontainers squarify tabulate termcolor textdistance thefuzz toolz cytoolz typing_extensions \
unidecode webcolors xxhash optax afinn bottleneck colorcet cmocean toposort multipledispatch \
parse pyrsistent pywt primesieve h3 phonenumbers pytz mpl_toolkits
  pure *
more_itertools
  starts callback_iter
regex
  pure compile
typing_extensions
  unknown get_type_hints evaluate_forward_ref ForwardRef
toolz cytoolz
  unknown sandbox
rapidfuzz
  unknown __pyinstaller
six
  unknown *
  pure PY2 PY3 PY34 string_types integer_types text_type binary_type class_types iteritems \
itervalues iterkeys iterlists viewitems viewkeys viewvalues b u ensure_str ensure_text \
ensure_binary add_metaclass with_metaclass raise_from next unichr int2byte advance_iterator \
StringIO BytesIO wraps moves.range moves.xrange moves.zip moves.map moves.filter moves.reduce \
moves.zip_longest moves.StringIO
inspect
  unknown *
  pure signature Signature Parameter BoundArguments isfunction isclass ismodule ismethod isroutine \
isbuiltin isgenerator isgeneratorfunction iscoroutine iscoroutinefunction isawaitable isabstract \
getdoc cleandoc getmro getargspec getfullargspec getcallargs indentsize
  reads getsource getsourcelines getsourcefile getfile getcomments findsource
traitlets
  unknown *
  pure HasTraits Int Integer CInt Float CFloat Bool CBool Unicode CUnicode Bytes List Dict Set \
Tuple \
Enum Any Union Callable observe unobserve default validate link dlink directional_link TraitError \
TraitType All Undefined
pydantic
  unknown *
  environment BaseSettings
  pure BaseModel Field PrivateAttr ConfigDict ValidationError ValidationInfo field_validator \
model_validator field_serializer model_serializer computed_field validator root_validator \
validate_call validate_arguments conint confloat constr conlist PositiveInt NegativeInt \
NonNegativeInt PositiveFloat NonNegativeFloat StrictInt StrictStr StrictFloat StrictBool EmailStr \
HttpUrl AnyUrl SecretStr Json Extra RootModel AfterValidator BeforeValidator StringConstraints
  symbolic TypeAdapter parse_obj_as create_model
pydantic.dataclasses
  pure dataclass
attr attrs
  unknown *
  pure s ib attrs attrib dataclass define mutable frozen field Factory NOTHING fields fields_dict \
has asdict astuple evolve validate validators converters setters Attribute cmp_using
  unknown converters.pipe.sys
pygments
  unknown *
  pure highlight lex format token filters util formatters.HtmlFormatter \
formatters.TerminalFormatter \
formatters.Terminal256Formatter formatters.LatexFormatter formatters.NullFormatter \
lexers.get_lexer_by_name lexers.guess_lexer lexers.guess_lexer_for_filename lexers.PythonLexer \
lexers.Python3Lexer lexers.JsonLexer lexers.SqlLexer lexers.BashLexer lexers.get_all_lexers \
lexers.TextLexer lexers.HtmlLexer
rich
  displays *
  unknown inspect pretty.install traceback.install
  asks prompt
IPython.core.pylabtools
  unknown *
  pure figsize
matplotlib_inline
  unknown *
  pure backend_inline.set_matplotlib_formats
dateutil
  unknown *
  pure parser relativedelta rrule easter utils tz.gettz tz.tzutc tz.UTC tz.tzoffset tz.tzlocal
arrow pendulum
  unknown *
  pure get now utcnow Arrow DateTime parse datetime duration today instance timezone \
from_timestamp \
interval
pytz
  reads open_resource
humanize
  unknown *
  pure naturalsize naturaltime naturaldelta naturaldate intcomma intword ordinal apnumber \
precisedelta \
fractional scientific
packaging
  unknown *
  pure version specifiers requirements utils
cachetools
  unknown *
  pure cached cachedmethod LRUCache TTLCache LFUCache keys
deepdiff
  unknown *
  pure DeepDiff DeepHash DeepSearch grep
dacite
  unknown *
  pure Config
decorator
  unknown *
  pure contextmanager
msgspec
  unknown *
  pure Struct field json msgpack structs.asdict structs.replace structs.astuple
narwhals
  unknown *
  pure from_native to_native narwhalify col lit when all DataFrame LazyFrame Series concat
pyparsing
  unknown *
  pure Word Literal Group Suppress Optional ZeroOrMore OneOrMore Forward alphas alphanums nums \
Regex \
Combine delimitedList infixNotation opAssoc ParseException oneOf CaselessLiteral Keyword \
infix_notation delimited_list one_of
shapely
  unknown *
  pure geometry ops affinity wkt prepared Point Polygon LineString MultiPoint MultiPolygon box \
MultiLineString LinearRing
tqdm
  unknown *
  pure tqdm trange auto.tqdm auto.trange notebook.tqdm notebook.trange std.tqdm std.trange \
tqdm_notebook autonotebook.tqdm pandas asyncio.tqdm_asyncio notebook.tqdm_notebook \
notebook.tnrange
charset_normalizer chardet langdetect
  unknown *
  pure detect detect_langs from_bytes is_binary DetectorFactory
bs4
  unknown *
  pure BeautifulSoup Tag NavigableString Comment SoupStrainer
lxml
  unknown *
  reads etree.parse etree.fromstring etree.XML etree.iterparse html.parse etree.XSLT objectify.parse
  pure etree.Element etree.SubElement etree.tostring etree.QName etree.Comment etree.HTML \
html.fromstring html.tostring
markdown markdown2 mistune html5lib
  unknown *
  pure html escape parse parseFragment
sqlparse sqlglot
  unknown *
  pure format split parse parse_one transpile exp select condition
faker
  unknown *
  key:providers|includes unknown Faker
nh3 bleach
  unknown *
  pure clean linkify
xmltodict toml tomli tomli_w simplejson ujson orjson rapidjson
  pure *
  pure loads load parse unparse
lark
  unknown *
  pure Tree Token Transformer Visitor v_args Discard
  reads Lark
passlib
  unknown *
  pure hash
jwt
  unknown *
  pure encode decode exceptions
cryptography
  unknown *
  pure fernet.Fernet hazmat.primitives.hashes hazmat.primitives.ciphers hazmat.primitives.hmac \
hazmat.primitives.padding hazmat.primitives.kdf hazmat.primitives.asymmetric.rsa \
hazmat.primitives.asymmetric.padding hazmat.primitives.asymmetric.ec
Crypto nacl bcrypt itsdangerous
  unknown *
  pure hashpw gensalt checkpw Hash Cipher Random.get_random_bytes Util.Padding
geopy_distance haversine
  unknown *
  pure haversine Unit
cattrs
  unknown *
  pure structure unstructure
dateparser
  unknown *
  pure parse
holidays
  unknown *
  pure ^
  pure country_holidays
colorama
  unknown *
  pure Fore Back Style
pycountry
  unknown *
  pure countries currencies languages subdivisions
pyproj
  unknown *
  pure Transformer CRS Geod
treelib
  unknown *
  pure Tree Node
"""
"""Of ``unknown *`` alone, importing is not asked about, and each member is."""
