"""Facebook: the page of an organisation."""
