"""What everybody may read: on a place that is open, said with options that shut nobody out, by the house itself."""

from __future__ import annotations

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Target
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Manifest


def is_open(target: Target) -> bool:
    """Whether everybody reads what is said with this row. Give it with its account fetched."""
    known = channels.connectors().get(target.account.connector)
    return known is not None and known.manifest.for_everybody(target.options, target.account.settings)


def open_rows() -> QuerySet[Target]:
    """The rows of which `is_open` is true, as one question."""
    fits = Q(pk__in=[])
    chosen: dict[str, Coalesce] = {}
    for key, known in channels.connectors().items():
        if known.manifest.public and not known.manifest.closed:
            fits |= Q(account__connector=key, **_asked(known.manifest))
            chosen |= {_name(option): _chosen(option) for option in known.manifest.everyone}
    return Target.objects.alias(**chosen).filter(fits)


def _asked(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    return {f"{_name(option)}__in": values for option, values in manifest.everyone.items()}


def _name(option: str) -> str:
    return f"chosen_{option}"


def _chosen(option: str) -> Coalesce:
    """What was chosen for the row, else what its account does; empty when neither says anything."""
    nothing = Value("")
    kept = (NullIf(KeyTextTransform(option, whose), nothing) for whose in ("options", "account__settings"))
    return Coalesce(*kept, nothing, output_field=CharField())


def standing() -> QuerySet[Target]:
    """Rows that are up for everybody, on accounts of the house."""
    return open_rows().filter(state=State.PUBLISHED, removed_at=None, account__personal=False)


def ever_said(post: OuterRef) -> Exists:
    """Whether everybody could read this post from the house itself, taken away since or not. What a colleague says in
    their own name they put right themselves, where they said it: the house does not tell of it."""
    return Exists(open_rows().filter(post=post, published_at__isnull=False, account__personal=False))


def by_the_house(target: Target) -> bool:
    """Whether everybody reads it from the house itself. Give the row with its account fetched."""
    return not target.account.personal and is_open(target)
