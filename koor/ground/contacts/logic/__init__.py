"""Pure decisions about people outside: how an address on a platform is spelled, what looks like the same person."""
