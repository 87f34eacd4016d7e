"""The newsletter: a mailing list of the house itself, over the mail server that it has."""
