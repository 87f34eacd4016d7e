"""The log of a fire: every deed leaves a line that nobody alters, sealed with the one before it."""

import secrets

from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.models import Fire, FireLine
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import NotFound

VERB = "conversations.fire_"  # and the verb of the line; their sentences stand in panels.py


def held(pk: int) -> Fire:
    """A fire, kept from other writers until this transaction ends: its lines come one after the other."""
    found = Fire.objects.select_for_update(of=("self",), no_key=True).select_related("speaker").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def line(fire: Fire, *, by: Colleague, verb: str, text: str = "") -> FireLine:
    """Write down a deed, in the log of the fire and in that of the house. The fire is held by the caller."""
    last = FireLine.objects.filter(fire=fire).order_by("-number").values_list("number", "seal").first()
    number, before = (last[0] + 1, last[1]) if last else (1, "")
    now, salt = clock.now(), secrets.token_hex(16)
    words = logic.digest(salt, text)
    name = str(by.name)[:120]
    written = FireLine.objects.create(
        fire=fire,
        number=number,
        at=now,
        who=by.pk,
        name=name,
        verb=verb,
        text=text,
        salt=salt,
        words=words,
        before=before,
        seal=logic.seal(before, fire.pk, number, now, by.pk, name, verb, words),
    )
    audit.record(by=by, verb=VERB + verb, target=fire, line=number)
    return written
