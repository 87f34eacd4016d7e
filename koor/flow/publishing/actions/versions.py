"""Two at one draft, or one person in two windows: who saves second is told, and nothing is overwritten unseen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.release import agree, approve_post
from koor.flow.publishing.actions.write import edit_post, locked
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries.versions import row_version, typed_in, version_of
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel.access import Refused

MEANWHILE = "changed_meanwhile"


@transaction.atomic
def edit_seen(*, by: Colleague, post: Post, seen: str, **changes: Any) -> Post:
    """The change of somebody who saw this version of it. Refused when it became another meanwhile, unless both say the
    same. Without a version it is changed as it is."""
    now = version_of(locked(post))
    made = edit_post(by=by, post=post, **changes)
    if seen and now not in (seen, version_of(made)):
        raise Refused(_("This was changed meanwhile. Nothing is lost: both stand here."), code=MEANWHILE)
    return made


@transaction.atomic
def approve_seen(*, by: Person, post: Post, seen: str) -> Post:
    """The yes of a buddy to what they read, and to nothing else."""
    if seen and version_of(locked(post)) != seen:
        raise Refused(_("It was changed since you read it. This is how it is now: read it once more."), code=MEANWHILE)
    return approve_post(by=by, post=post)


@transaction.atomic
def agree_seen(*, by: Person, target: Target, text: str, seen: str) -> Target:
    """The yes of who speaks for an account, to what stood before them or to what they made of that."""
    locked(target.post)
    before = ledger.row(target)
    now, open_still = row_version(before), before.agreed_at is None
    agreed = agree(by=by, target=target, text=typed_in(before, text, seen))
    if seen and open_still and seen != now:
        raise Refused(_("It was changed since you read it. This is how it is now: read it once more."), code=MEANWHILE)
    return agreed
