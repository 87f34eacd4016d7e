"""What holds for everything that is typed about people and organisations outside."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext as _

from koor.ground.contacts.logic import handles
from koor.ground.people import logic
from koor.kernel.access import Refused

_web = URLValidator(schemes=["http", "https"])


def name(value: str, most: int = 160) -> str:
    """A name: one line, of something."""
    value = logic.one_line(value)
    if not value:
        raise Refused(_("A name is needed."), code="no_name", field="name")
    if len(value) > most:
        raise Refused(_("At most %(most)s characters.") % {"most": most}, code="too_long", field="name")
    if re.match(r"[=+\-]|@\w+\(", value):
        raise Refused(_("This looks like a formula, not like a name."), code="formula", field="name")
    return value


def line(value: str, most: int, field: str) -> str:
    value = logic.one_line(value)
    if len(value) > most:
        raise Refused(_("At most %(most)s characters.") % {"most": most}, code="too_long", field=field)
    return value


def text(value: str, most: int, field: str) -> str:
    value = logic.many_lines(value)
    if len(value) > most:
        raise Refused(_("At most %(most)s characters.") % {"most": most}, code="too_long", field=field)
    return value


def email(value: str, field: str = "email") -> str:
    value = value.strip()
    if not value:
        return ""
    try:
        return handles.normalised("email", value)
    except handles.NotAHandle:
        raise Refused(_("This is not an e-mail address."), code="email", field=field) from None


def website(value: str, field: str = "website", most: int = 300) -> str:
    """A web address, of http or https; without a scheme https is meant."""
    value = logic.one_line(value)
    if not value:
        return ""
    value = value if "://" in value else f"https://{value}"
    try:
        _web(value)
    except ValidationError:
        raise Refused(_("This is not a web address."), code="url", field=field) from None
    if len(value) > most:
        raise Refused(_("At most %(most)s characters.") % {"most": most}, code="too_long", field=field)
    return value


def language(value: str) -> str:
    value = value.strip().lower()[:5]
    if value and value not in {*dict(settings.LANGUAGES), "de", "fr", "pl", "tr", "ar", "uk"}:
        raise Refused(_("That language is not known here."), code="language", field="language")
    return value


def changed(row: Model, values: dict[str, Any]) -> dict[str, Any]:
    """Which of these values differ from the row; set on it."""
    different = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in different.items():
        setattr(row, key, value)
    return different
