"""Ce qu’une réponse honnête n’a pas de raison d’employer : les noms que `screening` signale."""

COMPARISONS = frozenset(
    f"__{name}__"
    for name in (
        *("eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "abs", "float", "int", "index", "complex", "round"),
        *("trunc", "floor", "ceil", "neg", "pos", "invert", "add", "radd", "iadd", "sub", "rsub", "isub", "mul"),
        *("rmul", "imul", "matmul", "rmatmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "pow"),
        *("rpow", "divmod", "and", "rand", "or", "ror", "xor", "rxor", "contains", "getattr", "getattribute"),
        *("setattr", "delattr", "class", "instancecheck", "subclasscheck", "array", "array_ufunc", "array_function"),
        *("array_wrap", "array_interface", "array_struct", "array_priority", "del", "prepare", "set_name"),
    )
)
"""Méthodes par lesquelles un objet peut se dire égal à ce qu’un test attend."""

PLAIN_DUNDERS = frozenset(
    f"__{name}__" for name in ("init", "new", "repr", "str", "format", "post_init", "doc", "slots")
)
"""Méthodes sans danger dans une classe dérivée d’un type de base."""

VALUE_BASES = frozenset(
    {"int", "float", "str", "bool", "list", "dict", "tuple", "set", "frozenset", "complex", "type", "ndarray"}
    | {"DataFrame", "Series", "Index", "Decimal", "Fraction", "UserDict", "UserList", "UserString"}
)

MODULES = (
    *("_thread", "_testcapi", "_ctypes", "asyncio", "atexit", "bdb", "builtins", "code", "codeop", "concurrent"),
    *("ctypes", "cffi", "dirty_equals", "dis", "faulthandler", "forbiddenfruit", "formation.classroom", "gc"),
    *("hamcrest", "importlib", "imp", "IPython.core", "IPython.utils", "IPython.extensions", "ipykernel", "marshal"),
    *("mmap", "mock", "nbgrader", "nbclient", "pdb", "pkgutil", "pty", "pytest", "resource", "runpy", "signal"),
    *(
        "socket",
        "subprocess",
        "threading",
        "trace",
        "tracemalloc",
        "unittest",
        "weakref",
        "zipimport",
        "logging.config",
    ),
    *(
        "logging.handlers",
        "multiprocessing",
        "base64",
        "binascii",
        "codecs",
        "ast",
        "linecache",
        "shelve",
        "timeit.main",
    ),
)
"""Modules et paquets, sous-modules compris."""

MEMBERS = {
    "functools": ("singledispatch", "singledispatchmethod"),
    "operator": ("attrgetter", "methodcaller"),
    "formation.checks": ("compare", "judge", "judge_function", "call_cases", "function", "plain", "value", "spec"),
    "string": ("Formatter",),
    "typing": ("get_type_hints", "ForwardRef", "NamedTupleMeta", "TypedDict"),
    "dataclasses": ("make_dataclass",),
    "numpy": ("core", "f2py", "distutils", "ctypeslib", "source", "fromregex", "DataSource", "info", "test", "lookfor"),
    "pandas": ("eval", "read_pickle", "HDFStore", "read_hdf", "core", "compat", "util", "test", "to_pickle"),
    "sklearn": ("externals",),
    "zipfile": ("main",),
}
"""Éléments d’un module ; le module lui-même est permis."""

CALLS = frozenset(
    {"exec", "eval", "compile", "__import__", "globals", "locals", "vars", "delattr", "breakpoint", "memoryview"}
)
"""Fonctions natives que l’on n’appelle pas, et que l’on ne donne pas non plus à appeler."""
NAMES = frozenset({"__builtins__", "__loader__", "__spec__", "In", "_ih", "_oh", "_dh", "_i", "_ii", "_iii"})
PLAIN_NAMES = frozenset({"__name__", "__doc__", "__file__", "__class__"})
ALWAYS_KEPT = frozenset(
    {"AssertionError", "Exception", "BaseException", "NameError", "__builtins__", "__import__", "__build_class__"}
    | {"get_ipython"}
)
"""Noms qu’une réponse ne redéfinit jamais, que le test les cite ou non."""

ATTRIBUTES = frozenset(
    {"__globals__", "__code__", "__closure__", "__defaults__", "__kwdefaults__", "__builtins__", "__subclasses__"}
    | {"__dict__", "__bases__", "__getattribute__", "__setattr__", "__delattr__", "__reduce__", "__reduce_ex__"}
    | {"f_locals", "f_globals", "f_back", "f_code", "f_lineno", "f_trace", "tb_frame", "gi_frame", "cr_frame"}
    | {
        "ag_frame",
        "ast_transformers",
        "input_transformers_post",
        "input_transformers_cleanup",
        "user_ns",
        "user_module",
    }
    | {"user_global_ns", "showtraceback", "_showtraceback", "showsyntaxerror", "set_custom_exc", "run_code", "run_cell"}
    | {"run_ast_nodes", "ast_node_interactivity", "display_formatter", "displayhook", "error_in_exec", "from_address"}
    | {"_instance", "error_before_exec", "input_transformer_manager", "f_builtins", "__wrapped__", "__mro_entries__"}
    | {"__self__", "__func__", "__loader__", "__spec__", "__base__", "__mro__", "mro", "__traceback__", "__import__"}
    | {"__class_getitem__", "__init_subclass__", "__get__", "__set__", "__getstate__", "__setstate__"}
)

MUTATORS = frozenset({"append", "insert", "extend", "clear", "update", "pop", "popitem", "remove", "setdefault"})
SETTINGS = ("rcParams", "environ", "path", "options", "rcdefaults", "argv", "InlineBackend", "style")
"""Réglages de bibliothèques que l’on modifie couramment."""
INNARDS = ("formation", "numpy", "pandas", "IPython", "sys", "builtins", "unittest", "json")

MAGICS = frozenset(
    {"matplotlib", "time", "timeit", "precision", "who", "whos", "pwd", "pip", "conda", "mamba", "load_ext", "pinfo"}
    | {"pinfo2", "psearch", "autoreload", "capture", "ls", "pdoc", "config", "lsmagic", "quickref"}
)
CODE_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
"""Magies dont le texte est lui-même du code."""
STARS: tuple[str, ...] = (
    "math",
    "cmath",
    "random",
    "statistics",
    "datetime",
    "numpy",
    "pandas",
    "matplotlib",
    "pylab",
    "sklearn",
)
STARS += ("scipy", "seaborn", "formation", "collections", "itertools", "functools", "operator", "string", "re")

LIMITED_MAGICS = {"config": "InlineBackend", "load_ext": "autoreload"}
COMMANDS = frozenset({"pip", "pip3", "conda", "mamba", "ls", "pwd"})
"""Commandes courantes dans les carnets ; le bac à sable les refuse de toute façon."""
LIBRARIES = frozenset(
    {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "mpl_toolkits", "pylab", "seaborn", "statsmodels", "patsy"}
    | {"formation", "IPython", "joblib", "plotly", "geopandas", "folium", "tqdm", "xgboost", "lightgbm", "requests"}
    | {"altair", "openpyxl", "bs4", "shap", "polars", "shapely", "xlrd", "pyarrow", "imblearn", "ipywidgets"}
)
"""Bibliothèques d’un carnet de données ordinaire, installées ou non."""
OPTIONAL = frozenset(
    {"tabulate", "xlsxwriter", "odf", "lxml", "html5lib", "numexpr", "bottleneck", "numba", "tables", "sqlalchemy"}
    | {"fsspec", "jinja2", "threadpoolctl", "PIL", "sitecustomize", "usercustomize", "ipython_config", "fastparquet"}
)
"""Modules que Python ou une bibliothèque cherche de lui-même : un fichier de ce nom serait chargé sans import."""

STANDARD = frozenset(
    {"abc", "array", "bisect", "calendar", "cmath", "collections", "contextlib", "copy", "csv", "dataclasses"}
    | {"datetime", "decimal", "difflib", "enum", "fractions", "functools", "glob", "gzip", "hashlib", "heapq", "html"}
    | {"inspect", "io", "itertools", "json", "locale", "logging", "math", "numbers", "operator", "os", "pathlib"}
    | {"pickle", "platform", "pprint", "random", "re", "secrets", "shutil", "statistics", "string", "sys", "tempfile"}
    | {"textwrap", "time", "timeit", "traceback", "types", "typing", "unicodedata", "urllib", "uuid", "warnings"}
    | {"zipfile", "zoneinfo"}
)
"""Modules de la bibliothèque standard qu’un exercice de données peut importer."""
STANDARD_PARTS = frozenset({"collections.abc", "os.path", "urllib.parse", "urllib.request", "urllib.error"})

ALLOWED_MEMBERS = {
    "os": frozenset(
        {"path", "getcwd", "listdir", "scandir", "walk", "makedirs", "mkdir", "environ", "getenv", "sep", "linesep"}
        | {
            "remove",
            "unlink",
            "rename",
            "replace",
            "rmdir",
            "stat",
            "cpu_count",
            "name",
            "PathLike",
            "fspath",
            "access",
        }
        | {"urandom", "getpid", "truncate", "symlink", "link", "R_OK", "extsep", "pathsep", "curdir", "pardir"}
    ),
    "os.path": frozenset(
        {"join", "exists", "isfile", "isdir", "basename", "dirname", "splitext", "split", "abspath", "getsize"}
        | {"expanduser", "normpath", "relpath", "getmtime", "sep"}
    ),
    "sys": frozenset(
        {"path", "argv", "version", "version_info", "platform", "executable", "maxsize", "float_info", "getsizeof"}
        | {"stdout", "stderr", "stdin", "exit", "getrecursionlimit", "setrecursionlimit", "byteorder", "exc_info"}
        | {"getdefaultencoding", "implementation", "prefix", "int_info", "maxunicode", "set_int_max_str_digits"}
    ),
    "inspect": frozenset({"signature", "isfunction", "isclass", "ismethod", "getdoc", "Parameter"}),
    "types": frozenset({"SimpleNamespace", "MappingProxyType", "NoneType", "GeneratorType"}),
    "traceback": frozenset({"print_exc", "format_exc", "print_exception", "format_exception"}),
    "timeit": frozenset({"default_timer"}),
    "pickle": frozenset({"dump", "dumps", "HIGHEST_PROTOCOL"}),
    "joblib": frozenset({"dump"}),
    "urllib": frozenset({"parse", "request", "error"}),
    "IPython": frozenset({"display", "__version__", "version_info"}),
    "IPython.display": frozenset(
        {"display", "HTML", "Markdown", "Image", "Latex", "Math", "SVG", "JSON", "Code", "Pretty", "IFrame", "Audio"}
        | {
            "clear_output",
            "set_matplotlib_formats",
            "display_html",
            "display_markdown",
            "FileLink",
            "Video",
            "YouTubeVideo",
        }
    ),
    "numpy.testing": frozenset(),
    "pandas.testing": frozenset(),
    "numpy.lib": frozenset({"stride_tricks"}),
    "pandas.io": frozenset({"formats", "json"}),
    "pandas.io.json": frozenset({"json_normalize"}),
    "pandas.io.formats": frozenset({"style"}),
}
"""Éléments permis d’un module dont le reste donne accès à l’interpréteur ou aux fichiers (`assert_…` toujours)."""

PLAIN_ATTRIBUTES = frozenset(
    f"__{name}__"
    for name in ("name", "doc", "version", "file", "all", "class", "len", "str", "repr", "qualname", "init")
)
PLAIN_METHODS = PLAIN_ATTRIBUTES | frozenset(
    f"__{name}__"
    for name in (
        *("new", "enter", "exit", "iter", "next", "getitem", "setitem", "delitem", "contains", "call", "annotations"),
        *("post_init", "dataclass_fields", "members", "cause", "context", "notes", "format", "missing", "reversed"),
        *("sklearn_tags", "match_args", "slots", "module"),
    )
)
"""Doubles soulignés que l’on peut lire sur un objet ; les comparaisons sont jugées à part."""

FOREIGN = frozenset(
    {"joblib", "cloudpickle", "six", "bltns", "PIL", "dateutil", "packaging", "threadpoolctl", "cffi", "ctypeslib"}
    | {"f2py", "distutils", "externals", "setuptools", "pkg_resources", "pytest", "hypothesis", "IPython", "kiwisolver"}
)
"""Autres modules qu’une bibliothèque importe pour elle-même."""
HOMONYMS = frozenset(
    {"array", "calendar", "cmd", "code", "copy", "csv", "datetime", "decimal", "email", "fractions", "glob", "hashlib"}
    | {"html", "io", "json", "locale", "math", "numbers", "platform", "profile", "queue", "random", "select", "signal"}
    | {"stat", "statistics", "struct", "test", "textwrap", "time", "token", "trace", "xml", "heapq"}
    | {"cmath", "bisect", "zlib", "site", "secrets", "symbol", "uuid", "this", "abc"}
)
"""Noms de modules standard qui sont aussi des fonctions, méthodes ou sous-modules de bibliothèques."""
OWN_PARTS = frozenset(
    {"numpy.typing", "pandas.api.typing", "pandas.api.types", "formation.datasets.resource", "matplotlib.typing"}
)
"""Éléments d’une bibliothèque qui portent le nom d’un module standard sans en être un."""

ANYWHERE = frozenset(
    {"bltns", "runstring", "rundocs", "get_type_hints", "walk_stack", "walk_tb", "get_field", "getmembers", "ctypeslib"}
    | {"attrgetter", "methodcaller", "import_module", "exec_module", "load_module", "unsafe_load", "UnsafeLoader"}
    | {
        "read_pickle",
        "HDFStore",
        "read_hdf",
        "dictConfig",
        "fileConfig",
        "make_dataclass",
        "runctx",
        "runpy",
        "builtins",
    }
    | {"run_docstring_examples", "importlib", "subprocess", "_getframe", "exc_traceback", "last_traceback", "settrace"}
    | {"run_line_magic", "run_cell_magic", "getpyobject", "from_formula", "ctypes", "pickle", "b64decode"}
)
"""Attributs signalés sur tout objet, d’où qu’il vienne."""

LATE = frozenset({"apply", "agg", "aggregate", "transform", "pipe", "map"})
"""Méthodes de pandas qui appellent une autre méthode par son nom."""
EVALUATED = frozenset({"eval", "query"})
SUBMODULES = frozenset(
    {"numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.testing", "numpy.char", "numpy.polynomial"}
    | {"numpy.lib", "numpy.strings", "numpy.rec", "pandas.testing", "pandas.api", "pandas.plotting", "pandas.errors"}
    | {"pandas.io", "pandas.tseries", "matplotlib.pyplot", "matplotlib.cm", "matplotlib.colors", "matplotlib.dates"}
    | {"matplotlib.ticker", "matplotlib.patches", "sklearn.metrics", "sklearn.datasets", "sklearn.model_selection"}
    | {"sklearn.linear_model", "sklearn.preprocessing", "sklearn.pipeline", "sklearn.base", "sklearn.utils"}
    | {"sklearn.tree", "sklearn.ensemble", "sklearn.inspection", "sklearn.cluster", "scipy.stats", "scipy.optimize"}
    | {"scipy.signal", "scipy.io", "scipy.linalg", "scipy.sparse", "scipy.spatial", "os.path", "collections.abc"}
)
"""Modules que l’on importe d’un paquet : les donner à une fonction cacherait ce qui en est fait."""
SEEING = frozenset({"print", "dir", "help", "type", "id", "str", "repr", "hasattr", "isinstance", "getattr", "display"})
"""Fonctions à qui l’on peut donner un module."""
PICKLED = frozenset({"numpy.load", "numpy.fromfile", "numpy.lib.format.read_array"})
FORMULAS = ("statsmodels.formula", "patsy")
FORMULA_CALLS = frozenset({"C", "I", "Q", "np.log", "np.log1p", "np.exp", "np.sqrt", "np.abs", "scale", "center", "bs"})

WRITERS = (
    "to_",
    "write_text",
    "write_bytes",
    "unlink",
    "rename",
    "replace",
    "touch",
    "savetxt",
    "save",
    "dump",
    "symlink",
)
FILE_ACTIONS = frozenset(
    {"os.remove", "os.unlink", "os.rename", "os.replace", "os.truncate", "os.symlink", "os.link", "shutil.rmtree"}
    | {"shutil.move", "shutil.copy", "shutil.copyfile", "shutil.copytree"}
)
