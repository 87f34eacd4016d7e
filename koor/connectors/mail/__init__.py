"""E-mail: an address of the organisation."""
