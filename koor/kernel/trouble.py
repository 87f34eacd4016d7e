"""What goes wrong under the house: no key, no database, a port in use, a backup that does not open."""


class Trouble(Exception):
    """Something that an operator can mend; the text says in words what and how, and holds no secrets."""
