"""Effacer un dossier de travail, même si un stagiaire en a retiré les droits."""

import shutil
from pathlib import Path


def remove_tree(folder: str | Path) -> None:
    """Efface un dossier et tout ce qu’il contient ; les liens ne sont pas suivis.

    Parameters
    ----------
    folder : str or Path
        Dossier, qui peut ne pas exister.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if not Path(folder).is_dir() or Path(folder).is_symlink():
        return
    todo = [Path(folder)]
    while todo:
        one = todo.pop()
        one.chmod(0o700)
        todo += [path for path in one.iterdir() if path.is_dir() and not path.is_symlink()]
    shutil.rmtree(folder, ignore_errors=True)
