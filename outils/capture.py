"""Refait la capture d’écran du LISEZMOI à partir du livre construit : book/images/apercu.png.

Usage : python outils/capture.py  (le livre doit être construit, Chromium installé)
"""

from __future__ import annotations

import sys
from pathlib import Path

from mesurer_livre import FLAGS, chromium
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "_build" / "html" / "book" / "index.html"
TARGET = ROOT / "book" / "images" / "apercu.png"


def main() -> int:
    """Photographie l’accueil, thème clair."""
    if not PAGE.is_file():
        print("Il faut le livre construit (formation livre construire).", file=sys.stderr)
        return 2
    TARGET.parent.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 1130}, color_scheme="light")
        page.goto(PAGE.as_uri())
        page.wait_for_timeout(1500)
        page.screenshot(path=TARGET)
        browser.close()
    # 64 couleurs suffisent à une page de texte : la capture pèse trois fois moins.
    Image.open(TARGET).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(TARGET, optimize=True)
    print(f"Capture écrite : {TARGET.relative_to(ROOT)} ({TARGET.stat().st_size // 1000} ko)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
