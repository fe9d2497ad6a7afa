"""Du HTML au PDF balisé : sans réseau, sans fichier, avec une seule police, toujours les mêmes octets."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from formation.errors import FormationError, reason
from formation.files import write_atomic
from formation.printing import fonts

_SYSTEM = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_OUTSIDE = re.compile(
    r"<(?:img|embed|object|source)\b[^>]*?\s(?:src|data)\s*=\s*[\"']?(?!data:)([^\"'\s>]+)", re.IGNORECASE
)
_DECOR_SVG = re.compile(r"(<svg\b[^>]*\baria-hidden\s*=\s*[\"']?true\b[^>]*>)", re.IGNORECASE)
_DECOR_IMG = re.compile(r"(<img\b[^>]*?\s)alt\s*=\s*(?:\"\"|'')", re.IGNORECASE)
_PICTURES = ("data:image/png", "data:image/jpeg", "data:image/svg+xml")


class PdfImpossible(FormationError):
    """Un document ne peut pas être écrit en PDF ; rien n’a été changé."""


def write_pdf(html: str, path: str | Path) -> Path:
    """Écrit une page en PDF/UA : balisé, titré, police incorporée, mêmes octets pour la même page.

    Parameters
    ----------
    html : str
        Page entière, telle que :func:`formation.printing.page` la rend.
    path : str or Path
        Fichier à écrire ; il est remplacé d’un coup.

    Returns
    -------
    Path
        Fichier écrit.

    Raises
    ------
    PdfImpossible
        Si la fabrique manque, si la page demande une ressource, ou si le fichier ne s’écrit pas.

    Notes
    -----
    Une lettre que DejaVu Sans n’a pas (chinois, émoji…) est prise dans une police de la machine : elle est incorporée,
    mais le fichier peut alors différer d’une machine à l’autre.
    """
    target = Path(path)
    content = to_pdf(html)
    try:
        write_atomic(target, content)
    except OSError as error:
        raise PdfImpossible(
            f"« {target.name} » ne peut pas être écrit ({reason(error)}). Rien n’a été changé. Vérifiez que le dossier "
            f"« {target.parent} » existe, puis recommencez."
        ) from None
    return target


def to_pdf(html: str) -> bytes:
    """Contenu du PDF d’une page.

    Parameters
    ----------
    html : str
        Page entière.

    Returns
    -------
    bytes
        PDF/UA-1, identique pour une page identique.

    Raises
    ------
    PdfImpossible
        Si la fabrique manque, ou si la page demande une ressource au réseau ou au disque.
    """
    from formation.printing.mending import DECOR, mend

    refused: list[str] = _OUTSIDE.findall(html)  # un chemin relatif ne parviendrait pas à notre guichet
    with _LOCK:
        engine = _engine()
        engine.fetcher.refused = refused
        with _quiet():
            page = engine.weasyprint.HTML(string=_name_decor(html, DECOR), url_fetcher=engine.fetcher)
            draft = page.write_pdf(
                stylesheets=[engine.sheet],
                font_config=engine.fonts,
                pdf_variant="pdf/ua-1",
                presentational_hints=False,
            )
    if refused:
        raise PdfImpossible(
            f"La page demande {len(refused)} ressource(s) extérieure(s) : {', '.join(refused[:3])}. Un document "
            "imprimé ne va rien chercher, ni sur le réseau ni sur le disque. Mettez l’image dans la page, en SVG ou en "
            "« data:image/png », ou retirez-la."
        )
    return mend(draft)


def _name_decor(html: str, name: str) -> str:
    """Nomme les images décoratives : la fabrique en ferait des figures sans texte de remplacement."""
    named = _DECOR_SVG.sub(rf"\1<title>{name}</title>", html)
    return _DECOR_IMG.sub(rf'\1alt="{name}"', named)


_LOCK = Lock()
"""La fabrique ne sait composer qu’un document à la fois."""


class _Engine:
    """Ce qui coûte à préparer, gardé pour tous les documents d’un processus."""

    def __init__(self) -> None:
        try:
            import pikepdf  # noqa: F401

            with _truncated_images_refused():
                import weasyprint
                from weasyprint.text.fonts import FontConfiguration
        except ImportError as error:
            raise PdfImpossible(
                f"Il manque « {error.name} », qui fabrique les PDF. Installez-le, puis recommencez : "
                "pip install 'formation-ia-territoires[session]'"
            ) from None
        except OSError:
            raise PdfImpossible(
                "Il manque au système la bibliothèque Pango, qui compose le texte des PDF. Installez-la, puis "
                f"recommencez : {_SYSTEM}\nLes pages HTML, elles, s’écrivent sans elle."
            ) from None
        self.weasyprint = weasyprint
        self.fetcher = _fetcher()
        self.fonts = FontConfiguration()
        self.sheet = weasyprint.CSS(string=fonts.style(), font_config=self.fonts, url_fetcher=self.fetcher)


@contextmanager
def _truncated_images_refused() -> Iterator[None]:
    """La fabrique, en se chargeant, fait accepter les images coupées à tout le processus : c’est défait ici."""
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    return _Engine()


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurFonts(URLFetcher):  # type: ignore[misc, unused-ignore]
        """Ne rend que nos polices et les images écrites dans la page ; note tout le reste."""

        refused: list[str] = []  # noqa: RUF012

        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, rest = url.partition(":")
            if scheme == fonts.SCHEME and rest in fonts.NAMES:
                return URLFetcherResponse(url, io.BytesIO(fonts.font(rest)))
            if url.startswith(_PICTURES):
                return super().fetch(url, headers)
            self.refused.append(url[:80])
            raise ValueError("ressource refusée")

    return OnlyOurFonts(allowed_protocols=("data",), allow_redirects=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Tait les remarques de la fabrique sur les règles d’écran qu’elle ignore : `check_pdf` juge le résultat."""
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
