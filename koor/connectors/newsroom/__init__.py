"""The newsroom: the house's own public pages. No account elsewhere is needed."""
