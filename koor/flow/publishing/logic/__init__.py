"""Publishing's brain: what happens to a row, when it is due, and what its words say. No Django, no database."""
