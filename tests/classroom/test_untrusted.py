"""Nombres d’un carnet rendu : rien n’est pris qui ne puisse se récrire en JSON."""

import json

import pytest

from formation.classroom.errors import AtelierImpossible
from formation.classroom.untrusted import parse_untrusted


def notebook(number):
    output = f'{{"output_type": "display_data", "metadata": {{}}, "data": {{"application/json": {number}}}}}'
    cell = f'{{"cell_type": "code", "source": "", "metadata": {{}}, "outputs": [{output}]}}'
    return f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{cell}]}}'.encode()


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 400 + ".0"])
def test_number_that_would_be_written_infinity_is_refused_in_words(number):
    with pytest.raises(AtelierImpossible, match="démesuré"):
        parse_untrusted(notebook(number))


@pytest.mark.parametrize("number", ["1e308", "-0.5", "1e-999", "12"])
def test_ordinary_number_is_taken_and_written_back(number):
    raw = parse_untrusted(notebook(number))
    assert json.loads(json.dumps(raw, allow_nan=False)) == raw
