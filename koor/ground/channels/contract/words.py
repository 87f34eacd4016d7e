"""A text of a connector, marked for translation. No Django."""


def message_id(text: str) -> str:
    """Mark a text for translation (import it as `_`); the caller translates it where a person reads it."""
    return text
