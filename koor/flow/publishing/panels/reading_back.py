"""What was read back at night: on Today when something stands twice, and with its account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import read_back
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel.panels import Todo, panel, todos


@todos(lambda person: read_back.twice(person)[:2])
def stands_twice(person: Person, rows: list[Target]) -> Iterable[Todo]:
    """A second copy was found outside."""
    for row in rows:
        yield Todo(
            rank=7,
            title=_("It stands twice on %(place)s") % {"place": row.account.name},
            text=_("Take one of the two away there; the next night we look again."),
            button=_("Look at the second one"),
            url=row.read_back.other_url or f"{reverse('publishing:post', args=[row.post_id])}#row-{row.pk}",
            quote=row.text,
            waiting_since=row.read_back.at,
            icon="copy",
        )


@panel("channels.account", order=22)
def read_back_of(request: SignedIn, account: Account, **_more: Any) -> tuple[str, dict[str, Any]] | None:
    """Whether what went up is still there, and once."""
    found = read_back.of_account(account.pk)
    return ("publishing/panel_read_back.html", {"found": found}) if found["all"] else None
