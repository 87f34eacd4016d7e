"""What many ask becomes one wish, with a voice for each of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.models import Wish
from koor.flow.listening import access
from koor.flow.listening.actions.marking import note_wish
from koor.flow.listening.models import Mention
from koor.flow.listening.queries.who import whose
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel.access import Refused, require

MOST = 200


@transaction.atomic
def note_wish_of_many(*, by: Colleague, mentions: Sequence[Mention], sentence: str, once: str = "") -> Wish:
    """They all would like to know this. Who is known counts as who they are; somebody counts once."""
    require(access.may_listen(by), _("Wishes are noted by the curator and by PR."))
    mentions = [one for one in mentions[:MOST] if not one.ours]
    if not mentions:
        raise Refused(_("What was said is gone by now."), code="gone", field="sentence")
    known = whose(mentions)

    def voice(one: Mention, into: Wish | None) -> Wish:
        who = known.get(one.pk)
        contact = who if isinstance(who, Contact) else None
        key = f"{once}:{one.pk}" if once else ""
        return note_wish(by=by, mention=one, sentence=sentence, into=into, contact=contact, once=key)

    wish = voice(mentions[0], None)
    for one in mentions[1:]:
        voice(one, wish)
    return wish
