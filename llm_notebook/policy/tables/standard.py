"""Python's standard library: what each module's members do outside the namespace."""

MODULES = """
__future__ abc array ast base64 binascii bisect calendar cmath collections colorsys \
contextlib contextvars copy copyreg csv dataclasses datetime decimal difflib email enum errno \
fractions graphlib hashlib heapq hmac html itertools json keyword locale math \
numbers opcode pprint queue quopri random re reprlib secrets sre_constants stat statistics \
string stringprep struct textwrap this time token tomllib traceback unicodedata uuid \
zlib zoneinfo _csv _hashlib _blake2 _sha3 _random _struct _abc _weakref _functools _heapq \
_statistics _string _bisect _contextvars _collections _collections_abc _strptime
  pure *

json tomllib
  pure loads load
locale
  environment setlocale
contextlib
  environment chdir
traceback
  unknown walk_stack walk_tb
functools
  pure *
  pure cache
  unknown singledispatch singledispatchmethod
operator
  pure *
  names attrgetter methodcaller
typing
  pure *
  unknown get_type_hints evaluate_forward_ref ForwardRef
types
  pure *
  unknown CodeType FunctionType LambdaType FrameType ModuleType MethodType BuiltinFunctionType \
resolve_bases new_class prepare_class
weakref
  pure *
  unknown finalize
warnings
  pure *
  unknown showwarning _showwarnmsg
io
  pure *
  open open
  open FileIO OpenWrapper
  reads open_code
  pure StringIO BytesIO TextIOWrapper BufferedReader BufferedWriter
_io
  unknown *
_io.TextIOWrapper _io.BufferedWriter _io.BufferedRandom _io.BufferedReader _io.FileIO \
_io.BufferedRWPair tempfile._TemporaryFileWrapper tempfile.SpooledTemporaryFile \
codecs.StreamReaderWriter
  writes *
  reads read readline readlines seek tell
  pure name mode closed encoding errors newlines readable writable seekable isatty fileno
bz2 gzip lzma
  pure *
  open open BZ2File GzipFile LZMAFile
csv
  pure *
email
  pure *
html
  pure *
tokenize
  pure *
  reads open
logging
  pure *
  key:filename writes basicConfig
  writes FileHandler
  unknown config handlers shutdown
logging.handlers
  writes *
  pure QueueHandler MemoryHandler BufferingHandler
timeit
  unknown *
  pure default_timer
  code timeit repeat Timer
threading
  starts *
  pure Lock RLock Event Condition Semaphore BoundedSemaphore Barrier local current_thread \
main_thread active_count get_ident enumerate get_native_id
  unknown settrace setprofile settrace_all_threads setprofile_all_threads excepthook
concurrent.futures
  starts *
  pure as_completed wait Future TimeoutError CancelledError
asyncio
  unknown *
  pure sleep gather wait wait_for as_completed Lock Event Condition Semaphore Queue \
TimeoutError CancelledError timeout iscoroutine iscoroutinefunction shield Future
  starts create_subprocess_exec create_subprocess_shell subprocess run create_task ensure_future \
to_thread run_coroutine_threadsafe get_event_loop new_event_loop get_running_loop TaskGroup Runner
  contacts open_connection start_server open_unix_connection start_unix_server
sys
  unknown *
  pure version version_info maxsize getsizeof float_info int_info hash_info byteorder platform \
implementation getrecursionlimit stdout stderr copyright api_version hexversion \
float_repr_style maxunicode exc_info getrefcount intern \
getdefaultencoding executable argv exit prefix base_prefix builtin_module_names \
stdlib_module_names get_int_max_str_digits is_finalizing
  environment path setrecursionlimit setswitchinterval set_int_max_str_digits path_hooks \
meta_path path_importer_cache dont_write_bytecode
sys.stdout sys.stderr
  authority *
  pure write flush isatty encoding writelines name
os
  unknown *
  pure sep altsep extsep pathsep linesep name curdir pardir devnull fspath fsencode \
fsdecode cpu_count error PathLike O_RDONLY O_WRONLY F_OK R_OK W_OK X_OK strerror
  environment environ environb getenv getenvb putenv unsetenv getcwd getcwdb chdir fchdir umask \
uname getlogin getpid getppid getuid geteuid getgid getgroups getloadavg times sysconf nice \
sched_setaffinity sched_getaffinity get_exec_path setpriority getpriority ctermid chroot \
get_terminal_size getrandom urandom setuid setgid seteuid setegid setreuid setregid setsid \
setpgid initgroups setgroups register_at_fork
  pure urandom
  reads listdir scandir walk fwalk stat lstat access readlink statvfs pathconf getxattr \
listxattr \
read pread readv
  writes open mkdir makedirs rename renames replace link symlink chmod fchmod lchmod chown \
lchown \
fchown truncate ftruncate utime write pwrite writev mknod mkfifo setxattr sendfile \
copy_file_range memfd_create fdopen dup dup2 pipe openpty fsync sync
  deletes remove unlink rmdir removedirs removexattr
  starts system popen startfile fork forkpty kill killpg abort wait waitpid wait3 wait4 \
execl execle execlp execlpe execv execve execvp execvpe spawnl spawnle spawnlp spawnlpe \
spawnv spawnve spawnvp spawnvpe posix_spawn posix_spawnp _exit
os.path posixpath ntpath
  unknown *
  pure join basename dirname split splitext splitdrive normpath normcase commonpath \
commonprefix isabs sep altsep extsep curdir pardir
  environment abspath expanduser expandvars relpath
  reads exists lexists isfile isdir islink ismount getsize getmtime getatime getctime realpath \
samefile sameopenfile samestat isjunction
pathlib
  unknown *
  pure PurePath PurePosixPath PureWindowsPath Path PosixPath WindowsPath
pathlib.Path
  unknown *
  pure name stem suffix suffixes parent parents parts anchor drive root joinpath with_name \
with_stem with_suffix with_segments relative_to is_relative_to is_absolute as_posix as_uri \
match full_match is_reserved
  environment cwd home expanduser absolute
  reads exists is_file is_dir is_symlink is_mount is_socket is_fifo stat lstat glob rglob \
iterdir \
read_text read_bytes readlink resolve samefile owner group walk info is_block_device \
is_char_device is_junction
  open open
  writes write_text write_bytes touch mkdir rename replace symlink_to hardlink_to link_to chmod \
lchmod copy copy_into move move_into
  deletes unlink rmdir
shutil
  writes *
  deletes rmtree
  reads disk_usage which get_archive_formats get_unpack_formats
  environment get_terminal_size
  pure Error SameFileError
tempfile
  writes *
  environment gettempdir gettempprefix tempdir
glob
  reads *
  pure escape
  pure has_magic
fnmatch
  pure *
filecmp linecache fileinput mimetypes netrc configparser plistlib zipimport pkgutil
  reads *
  pure configparser.ConfigParser
zipfile tarfile
  reads *
  open ZipFile open TarFile
zipapp compileall py_compile
  writes *
sqlite3 dbm dbm.dumb dbm.gnu dbm.ndbm
  writes *
  pure Row sqlite_version version Error IntegrityError OperationalError DatabaseError \
register_adapter register_converter PARSE_DECLTYPES
shelve
  unknown *
pickle _pickle marshal pickletools
  unknown *
  pure dumps HIGHEST_PROTOCOL DEFAULT_PROTOCOL PicklingError UnpicklingError PickleError
  writes dump
pickletools
  pure *
subprocess
  starts *
  pure PIPE DEVNULL STDOUT CalledProcessError TimeoutExpired CompletedProcess SubprocessError
multiprocessing
  starts *
  environment cpu_count
  pure cpu_count TimeoutError
sched
  pure *
signal faulthandler atexit
  unknown *
  pure Signals strsignal
pty popen2 commands
  starts *
socket ssl select selectors asyncore asynchat socketserver http.server wsgiref xmlrpc ftplib \
smtplib smtpd poplib imaplib nntplib telnetlib webbrowser xmlrpc.client urllib.request urllib \
http.client urllib.robotparser http.cookiejar
  contacts *
  pure timeout gaierror error herror AF_INET SOCK_STREAM SOCK_DGRAM
socket
  environment gethostname getfqdn
  contacts gethostbyname gethostbyaddr getaddrinfo
  pure inet_aton inet_ntoa htons ntohs
urllib.parse urllib.error http ipaddress http.cookies
  pure *
urllib.request
  pure quote unquote url2pathname pathname2url Request
  contacts Request
http
  pure HTTPStatus
platform sysconfig site getpass pwd grp spwd crypt
  environment *
  unknown addsitedir main addusersitepackages
getpass
  asks getpass
resource gc ctypes _ctypes cffi code codeop pdb bdb builtins __builtin__ importlib imp runpy \
tracemalloc mmap fcntl termios tty readline sys.monitoring _thread _posixsubprocess posix nt \
_socket _imp _frozen_importlib _frozen_importlib_external msvcrt winreg _winapi syslog \
rlcompleter cgi cgitb dis symtable trace profile cProfile pstats doctest zipimport pyclbr \
modulefinder ensurepip venv lib2to3 idlelib antigravity turtledemo test _xxsubinterpreters \
interpreters _interpreters xml.dom.expatbuilder concurrent.interpreters codecs encodings pip \
setuptools distutils pkg_resources __main__ unittest.mock
  unknown *
gc
  pure collect
codecs
  pure encode decode BOM_UTF8 escape_decode
  open open
dis
  pure dis
tracemalloc
  environment *
resource
  environment *
importlib.metadata
  reads *
  pure version
importlib
  module import_module __import__
  reads resources
builtins
  unknown *
unittest
  pure *
  unknown mock main loader TestLoader defaultTestLoader findTestCases
xml
  pure *
  unknown dom.xmlbuilder dom.domreg etree.ElementInclude parsers
xml.etree.ElementTree
  pure *
  reads parse iterparse
  writes ElementTree.write
xml.sax xml.dom.minidom xml.dom.pulldom
  reads *
  pure parseString
tkinter turtle curses
  displays *
cmd gettext optparse argparse getopt shlex
  pure *
  reads fileinput
re
  pure compile
argparse
  reads FileType
gettext
  unknown c2py
uuid
  starts getnode
profile
  unknown *
"""
