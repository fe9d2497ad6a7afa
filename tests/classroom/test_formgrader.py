"""Formgrader montre une copie hostile dans le navigateur du formateur : rien ne doit s’y exécuter."""

import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from formation.classroom.formgrader import safe_html, secure

ACTIVE = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "svg", "style", "math"}
TEXTS = (
    "<script>attaque()</script>",
    "<img src=x onerror=attaque()>",
    "[x](javascript:attaque())",
    "<javascript:attaque()>",
    '<a href="java\tscript:attaque()">x</a>',
    '![a" onerror="attaque()](x)',
    "<scr<!-- -->ipt>attaque()</script>",
    "$<img src=x onerror=attaque()>$",
    "<style><script>attaque()</script>",
    "<sty<style></style>le>*{display:none}</style><script>attaque()</script>",
    '<div id="commentaire" class="mark-graded" style="position:fixed">x</div>',
)
OUTPUTS = (
    *({"text/html": text} for text in TEXTS),
    {"text/markdown": "[x](javascript:attaque())<script>attaque()</script>"},
    {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" onload="attaque()"></svg>'},
    {"text/latex": "$x$<script>attaque()</script>"},
    {"application/javascript": "attaque()"},
    {"image/png": '"><script>attaque()</script>'},
    {"text/plain": "<script>attaque()</script>"},
)


class Danger(HTMLParser):
    """Retient ce qui agirait, hors de la page de nbgrader elle-même."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        said = [f"{name}={value}" for name, value in attrs]
        self.found += [
            (tag, one)
            for one in said
            if one.startswith("on") or "script:" in one or one.startswith(("style=position", "id=comm", "class=mark"))
        ]
        if tag in ACTIVE:
            self.found.append((tag, ""))


def page(config, cells):
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    for rank, cell in enumerate(cells):
        cell.metadata["nbgrader"] = {
            "grade": True,
            "solution": True,
            "grade_id": f"q{rank}",
            "points": 1,
            "task": False,
        }
    known = ("assignment_id", "notebook_id", "submission_id", "student", "last_name", "first_name", "notebook_path")
    resources = {**dict.fromkeys(known, "x"), "index": 0, "total": 1, "base_url": "/"}
    html, _ = HTMLExporter(config=config).from_notebook_node(new_notebook(cells=cells), resources=resources)
    return html[html.index('id="notebook-container"') :]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_nothing_of_a_copy_acts_in_the_trainers_browser():
    from traitlets.config import Config

    cells = [new_markdown_cell(text) for text in TEXTS]
    cells[0].metadata["tags"] = ['"><script>attaque()</script>']
    cells += [new_code_cell("1", outputs=[new_output("display_data", data)]) for data in OUTPUTS]
    cells.append(new_markdown_cell("## Ma réponse\n\nDu **gras**, `a < b`, $x^2$."))
    config = Config()
    secure(config)
    html = page(config, cells)
    danger = Danger()
    danger.feed(html)
    assert danger.found == []
    for kept in ("<strong>gras</strong>", "<code>a &lt; b</code>", "$x^2$", 'class="score tabbable"'):
        assert kept in html
    exposed = Danger()
    exposed.feed(page(Config(), cells[:1]))
    assert ("script", "") in exposed.found


def test_table_of_pandas_stays_a_table():
    import pandas as pd

    shown = safe_html(pd.DataFrame({"débit": [1.5]})._repr_html_())
    assert "<th>débit</th>" in shown
    assert "<td>1.5</td>" in shown
    assert "&lt;" not in shown


def test_course_and_launcher_carry_the_setting(tmp_path, monkeypatch):
    from traitlets.config import PyFileConfigLoader

    from formation.classroom import course
    from formation.classroom.formgrader import CONFIG_FOLDER
    from formation.dashboard.launch import environment

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/ailleurs")
    assert environment(tmp_path)["JUPYTER_CONFIG_PATH"].split(":") == ["/ailleurs", str(CONFIG_FOLDER)]
    template = Path(course.__file__).parent / "templates" / "nbgrader_config.py.txt"
    shutil.copy(template, tmp_path / course.CONFIG)
    loaded = PyFileConfigLoader(course.CONFIG, path=str(tmp_path)).load_config()
    assert loaded.HTMLExporter.filters["clean_html"].endswith("formgrader.safe_html")
