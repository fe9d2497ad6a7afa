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
    *("socket", "subprocess", "threading", "trace", "tracemalloc", "unittest.mock", "weakref", "zipimport"),
)
"""Modules et paquets, sous-modules compris."""

MEMBERS = {
    "sys": (
        *("settrace", "setprofile", "gettrace", "modules", "_getframe", "_current_frames", "excepthook", "displayhook"),
        *("unraisablehook", "meta_path", "path_hooks", "path_importer_cache", "addaudithook", "call_tracing"),
        *("setswitchinterval", "__stdout__", "__stderr__", "__excepthook__", "__displayhook__", "breakpointhook"),
    ),
    "os": (
        *("_exit", "abort", "kill", "killpg", "fork", "forkpty", "system", "popen", "dup", "dup2", "write", "pwrite"),
        *("close", "closerange", "execv", "execve", "execl", "execvp", "posix_spawn", "spawnv", "register_at_fork"),
        *("read", "pread", "pipe", "setsid", "ptsname"),
    ),
    "inspect": ("stack", "currentframe", "getouterframes", "getinnerframes", "trace", "getsource", "getmodule"),
    "types": ("ModuleType", "CodeType", "FunctionType", "new_class", "prepare_class", "MethodType"),
    "ast": ("NodeTransformer",),
    "functools": ("singledispatch",),
    "operator": ("attrgetter", "methodcaller"),
    "linecache": ("cache", "updatecache", "lazycache"),
    "formation.checks": ("compare", "judge", "judge_function", "call_cases"),
    "unittest": ("mock",),
}
"""Éléments d’un module ; le module lui-même est permis."""

CALLS = frozenset({"exec", "eval", "compile", "__import__", "globals", "locals", "vars", "delattr", "breakpoint"})
NAMES = frozenset({"__builtins__", "__loader__", "__spec__", "In", "_ih", "_oh"})
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
)

MUTATORS = frozenset({"append", "insert", "extend", "clear", "update", "pop", "popitem", "remove", "setdefault"})
SETTINGS = ("rcParams", "environ", "path", "options", "rcdefaults", "argv", "InlineBackend", "style")
"""Réglages de bibliothèques que l’on modifie couramment."""
INNARDS = ("formation", "numpy", "pandas", "IPython", "sys", "builtins", "unittest", "json")

MAGICS = frozenset(
    {"matplotlib", "time", "timeit", "precision", "who", "whos", "pwd", "pip", "conda", "mamba", "load_ext", "pinfo"}
    | {"pinfo2", "psearch", "autoreload", "capture", "cd", "ls", "history", "pdoc", "config", "lsmagic", "quickref"}
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
KNOWN = frozenset(
    {"seaborn", "plotly", "statsmodels", "geopandas", "folium", "tqdm", "xgboost", "lightgbm", "requests", "bs4"}
    | {"altair", "openpyxl", "nltk", "spacy", "torch", "tensorflow", "keras", "shap", "polars", "lxml", "duckdb"}
)
"""Bibliothèques courantes : les importer sans qu’elles soient installées est une étourderie."""

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
