"""Formules en MathML."""

from __future__ import annotations

import pytest

from formation.book.maths import to_mathml


def test_decimal_comma_stays_with_digits_when_french():
    assert "<mn>0,25</mn>" in to_mathml("0,25", display=False)


def test_comma_is_kept_when_it_separates():
    assert "<mn>1,2</mn>" not in to_mathml("f(x, y)", display=True)


def test_source_is_the_text_alternative_when_written():
    assert r'alttext="\frac{a}{b}"' in to_mathml(r"\frac{a}{b}", display=True)


def test_error_cites_the_formula_when_not_understood():
    with pytest.raises(ValueError, match="formule non comprise"):
        to_mathml(r"\left( x", display=False)
