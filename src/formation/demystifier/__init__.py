"""Démystifier : les figures de la première partie du livre, sans code pour qui les lit."""

from __future__ import annotations
