"""Les tableaux de pandas deviennent lisibles par un lecteur d’écran."""

from __future__ import annotations

import re

import pandas as pd

from formation.book.rendering import accessible_table


def test_row_names_join_the_header_when_index_is_named():
    table = pd.DataFrame({"rendement": [0.7, 0.8]}, index=pd.Index([2024, 2025], name="annee"))
    html = accessible_table(table.to_html())
    assert re.findall(r'<th scope="col">(.*?)</th>', html) == ["annee", "rendement"]
    assert re.findall(r'<th scope="row">(.*?)</th>', html) == ["2024", "2025"]
    assert html.count("<tr") == 3
    assert "style=" not in html


def test_corner_is_not_a_header_when_index_has_no_name():
    html = accessible_table(pd.DataFrame({"a": [1]}).to_html())
    assert "<td></td>" in html.replace("\n", "")
    assert not re.search(r"<th[^>]*>\s*</th>", html)


def test_two_header_rows_are_kept_when_both_carry_names():
    columns = pd.MultiIndex.from_tuples([("x", "a"), ("x", "b")])
    html = accessible_table(pd.DataFrame([[1, 2]], columns=columns).to_html())
    assert html.partition("</thead>")[0].count("<tr") == 2
