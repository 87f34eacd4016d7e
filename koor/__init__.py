"""Koor: a whole organisation present on social media."""

__version__ = "0.1.0"
