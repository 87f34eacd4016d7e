"""The audit trail: every write that matters leaves one line, in the same transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from koor.kernel import clock, dates
from koor.kernel.access import Actor
from koor.kernel.models import AuditEntry

Deed = tuple[str, models.Model | None, Mapping[str, Any]]  # verb, target, detail
Saying = Any  # a lazy sentence with %(by)s, %(target)s and names of the detail; or a function of the entry
_sayings: dict[str, Saying] = {}
_pages: dict[str, Callable[[int], str]] = {}
_via: ContextVar[str] = ContextVar("via", default="job")


@contextmanager
def via(road: str) -> Iterator[None]:
    """Name the road by which the deeds inside come in: web, api, cli or job."""
    token = _via.set(road)
    try:
        yield
    finally:
        _via.reset(token)


def record(*, by: Actor, verb: str, target: models.Model | None = None, **detail: Any) -> None:
    """Write one line. `verb` is `room.action`; detail holds plain JSON and never a secret or a whole text."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs in the transaction of the deed")
    _entry(by, verb, target, detail).save(force_insert=True)


def record_all(*, by: Actor, deeds: Iterable[Deed]) -> None:
    """Many lines in one statement, in their order: each a verb, what it was done to, and details."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record belongs in the transaction of the deed")
    AuditEntry.objects.bulk_create(_entry(by, *deed) for deed in deeds)


def _entry(by: Actor, verb: str, target: models.Model | None, detail: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(
        at=clock.now(),
        actor_id=by.pk,
        actor_name=str(by.name)[:200],
        verb=verb,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_name=str(target)[:200] if target is not None else "",
        detail=dict(detail),
        via=_via.get(),
    )


def latest(kind: type[models.Model], *, among: int) -> models.QuerySet[AuditEntry]:
    """The deeds on things of this kind among so many of the latest of all, to see whether anything changed: however
    long the trail is, that many lines are read."""
    newest = AuditEntry.objects.order_by("-pk").values("pk")[:1]
    return AuditEntry.objects.filter(pk__gt=models.Subquery(newest) - among, target_kind=kind._meta.label_lower)


def unname(kind: type[models.Model], pks: Iterable[int] | models.QuerySet[Any]) -> int:
    """The lines of these rows stay; how they were called goes, for it was somebody's words."""
    return AuditEntry.objects.filter(target_kind=kind._meta.label_lower, target_id__in=pks).update(target_name="–")


# --- read by people ---


def sentences(said: Mapping[str, Saying], pages: Mapping[str, Callable[[int], str]] | None = None) -> None:
    """How a room's verbs read, and where its things are seen: `{"hub.keep": _("%(by)s kept %(target)s")}`,
    `{"hub.item": lambda id: reverse("hub:item", args=[id])}`. Called in the room's `panels.py`.
    A key `people.edit_profile self` is for who did it to themselves."""
    _sayings.update(said)
    _pages.update(pages or {})


def sentence(entry: AuditEntry) -> str:
    """The entry in words. A verb that no room tells reads as it is written: "Bram: hub keep item (A photo)"."""
    themselves = entry.target_kind == "people.person" and entry.target_id == entry.actor_id
    saying = (themselves and _sayings.get(f"{entry.verb} self")) or _sayings.get(entry.verb)
    if callable(saying):
        return str(saying(entry))
    if saying is not None:
        said = {key: dates.written(value) for key, value in entry.detail.items()}
        return str(saying) % _Said({"by": entry.actor_name, "target": entry.target_name, **said})
    deed = entry.verb.replace(".", " ").replace("_", " ")
    return f"{entry.actor_name}: {deed}" + (f" ({entry.target_name})" if entry.target_name else "")


def page_of(entry: AuditEntry) -> str:
    """Where the thing that it is about is seen; empty when nowhere."""
    where = _pages.get(entry.target_kind)
    return where(entry.target_id) if where and entry.target_id is not None else ""


class _Said(dict[str, Any]):
    """Details of an entry; an old entry that lacks one still reads."""

    def __missing__(self, key: str) -> str:
        return "–"
