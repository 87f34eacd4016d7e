"""Which products and makers the house knows by name."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.models import Products
from koor.flow.conversations.queries.products import kept_names, mark, named
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, locks
from koor.kernel.access import Refused, require
from koor.kernel.search import apart, fold

MOST = 200
SHORTEST, LONGEST = 2, 60  # characters of a name
MOST_TOLD = 20  # names


@transaction.atomic
def keep_products(*, by: Colleague, names: str, seen: str = "") -> None:
    """One name a line, each once. None at all: customers are heard of no product. `seen`: `mark` of the list that this
    one was written over; empty where nobody looked at one."""
    require(access.may_rule(by), _("The curator keeps this list."))
    lines = [" ".join(line.replace("\0", "").split()) for line in names.splitlines()]
    kept = list({fold(line): line for line in reversed(lines) if line}.values())[::-1]
    if len(kept) > MOST:
        raise Refused(_("At most %(most)s names.") % {"most": MOST}, code="many", field="names")
    for name in kept:
        _checked(name)
    locks.until_committed("conversations.products")
    before = named(kept_names())
    if tuple(kept) == before:
        return
    if seen and seen != mark(before):
        _changed_meanwhile([name for name in before if name not in kept])
    row, _new = Products.objects.update_or_create(pk=1, defaults={"names": kept, "changed_at": clock.now()})
    changed = {"added": [one for one in kept if one not in before], "gone": [one for one in before if one not in kept]}
    audit.record(by=by, verb="conversations.keep_products", target=row, count=len(kept), **changed)


def _checked(name: str) -> None:
    """What is left of it in the index has to be more than one letter: of C++ that is a C, which stands everywhere."""
    if len(name) > LONGEST or len(apart(name).replace(" ", "")) < SHORTEST:
        sentence = _("A name has %(least)s to %(most)s letters or digits: %(name)s")
        told = {"least": SHORTEST, "most": LONGEST, "name": name[:LONGEST]}
        raise Refused(sentence % told, code="name", field="names")


def _changed_meanwhile(missing: list[str]) -> None:
    sentence = _("The list was changed meanwhile. Yours is still here: keep it once more to put it in its place.")
    if missing:
        sentence += " " + _("Not in yours: %(names)s.") % {"names": ", ".join(missing[:MOST_TOLD])}
    raise Refused(sentence, code="collision", field="names")
