"""Variables d’environnement d’un enfant : une liste courte, sans secret."""

import os

# sans secret possible : langue, fuseau, dossier des données du cours
KEPT = ("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME", "TZ", "FORMATION_DONNEES", "PYTHONHASHSEED")
SINGLE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


def clean_environment(scratch: str) -> dict[str, str]:
    """Environnement d’un enfant, à mettre à la place de l’ancien.

    Parameters
    ----------
    scratch : str
        Dossier de travail : dossier personnel et dossier temporaire.

    Returns
    -------
    dict of str to str
        Langue, fuseau, dossiers, un seul fil de calcul. Rien d’autre n’est repris de la machine.

    Examples
    --------
    >>> clean_environment("/travail")["HOME"]
    '/travail'
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        "LANG": "C.UTF-8",
        **kept,
        **dict.fromkeys(SINGLE_THREAD, "1"),
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": scratch,
        "IPYTHONDIR": scratch,
        "JOBLIB_TEMP_FOLDER": scratch,
        "JOBLIB_MULTIPROCESSING": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "LOGNAME": "stagiaire",
        "USER": "stagiaire",
        "PATH": "",
    }
