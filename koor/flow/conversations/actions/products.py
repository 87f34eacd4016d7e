"""Which products and makers the house knows by name."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access, queries
from koor.flow.conversations.models import Products
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, locks
from koor.kernel.access import Refused, require
from koor.kernel.search import fold

MOST = 200
SHORTEST, LONGEST = 2, 60  # characters of a name


@transaction.atomic
def keep_products(*, by: Colleague, names: str) -> None:
    """One name a line, each once. None at all: customers are heard of no product."""
    require(access.may_rule(by), _("The curator keeps this list."))
    lines = [" ".join(line.replace("\0", "").split()) for line in names.splitlines()]
    kept = list({fold(line): line for line in reversed(lines) if line}.values())[::-1]
    if len(kept) > MOST:
        raise Refused(_("At most %(most)s names.") % {"most": MOST}, code="many", field="names")
    for name in kept:
        if not SHORTEST <= len(name) <= LONGEST or not any(sign.isalnum() for sign in name):
            sentence = _("A name has %(least)s to %(most)s characters: %(name)s")
            told = {"least": SHORTEST, "most": LONGEST, "name": name[:LONGEST]}
            raise Refused(sentence % told, code="name", field="names")
    locks.until_committed("conversations.products")
    if tuple(kept) == queries.product_names():
        return
    row, _new = Products.objects.update_or_create(pk=1, defaults={"names": kept, "changed_at": clock.now()})
    audit.record(by=by, verb="conversations.keep_products", target=row, count=len(kept))
