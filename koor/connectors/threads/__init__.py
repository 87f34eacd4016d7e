"""Threads: an account of a person or of an organisation."""
