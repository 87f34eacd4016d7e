"""Asked twice, done once: forms, phones and programs send a key of their own, and a repeat gives the first answer."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from koor.kernel import clock
from koor.kernel.access import Refused
from koor.kernel.models import Once

_lasting: set[str] = set()


class KeyReused(Refused):
    """The key was used before for something else."""


def lasts(kind: str) -> str:
    """Say at the head of a module that keys of this kind are kept for ever: they name a thing of the house, not a form
    that was sent, and what was made of that thing is made once."""
    _lasting.add(kind)
    return kind


def lasting() -> frozenset[str]:
    return frozenset(_lasting)


def forget(kind: str, result: int) -> None:
    """What was made under a key is gone for good: the key may make it anew."""
    Once.objects.filter(kind=kind, result=result).delete()


def digest_of(content: Mapping[str, Any] | str | bytes) -> str:
    if isinstance(content, Mapping):
        content = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    if isinstance(content, str):
        content = content.encode()
    return hashlib.sha256(content).hexdigest()


def once(
    kind: str, key: str, content: Mapping[str, Any] | str | bytes, make: Callable[[], models.Model]
) -> tuple[int, bool]:
    """Run `make` for the first use of (kind, key) and return (primary key of its result, True); a repeat returns
    (the same primary key, False). Two at the same moment wait for each other.

    Put what may not be mixed up in `kind`, such as the person: `f"publishing.create_post:{by.pk}"`.
    Raises KeyReused when the key was used with other content. An empty key always runs."""
    key = key.replace("\x00", "")[:200]  # what a database can't keep, nobody chose
    if not key:
        return make().pk, True
    with transaction.atomic():
        row, new = Once.objects.select_for_update().get_or_create(
            kind=kind, key=key, defaults={"content": digest_of(content), "at": clock.now()}
        )
        if new or row.result is None:
            row.content = digest_of(content)
            row.result = make().pk
            row.save(update_fields=["content", "result"])
            return row.result, True
        if row.content != digest_of(content):
            raise KeyReused(_("This key was used before, with other content. Nothing was changed."), code="key_reused")
        return row.result, False
