"""Curriculum ouvert : ce que l’IA peut et ne peut pas faire pour une collectivité territoriale."""

__version__ = "0.1.0"
