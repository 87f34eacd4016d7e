"""Views of the stream: filters under a name, of one's own or for everybody who listens."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.models import View
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

MOST = 50  # of one person, and for everybody


@transaction.atomic
def keep_view(*, by: Colleague, name: str, filters: queries.Filters, shared: bool = False) -> View:
    """Keep these filters under a name. The same name again: these filters from now on."""
    require(access.may_listen(by), _("What is said outside is seen by the curator and by PR."))
    if shared:
        require(access.may_connect(by), _("Views for everybody are kept by the curator."))
    name = clean_line(name, 60)
    if not name:
        raise Refused(_("Give the view a name."), code="no_name", field="name")
    asked = queries.address_of(filters)
    if not asked:
        raise Refused(_("Set a filter first: this is the whole stream."), code="no_filter", field="name")
    owner = None if shared else by.pk
    found = View.objects.select_for_update().filter(by=owner, name__iexact=name).first()
    if found is None and View.objects.filter(by=owner).count() >= MOST:
        raise Refused(_("There are 50 views already; take one away first."), code="too_many", field="name")
    found = found or View(by_id=owner, made_at=clock.now())
    found.name, found.asked = name, asked
    found.save()
    audit.record(by=by, verb="listening.keep_view", target=found, asked=asked, shared=shared)
    return found


@transaction.atomic
def drop_view(*, by: Colleague, view: View) -> None:
    """Take a view away; what it showed stays."""
    require(access.may_drop(by, view), _("Views for everybody are kept by the curator."))
    audit.record(by=by, verb="listening.drop_view", target=view, asked=view.asked)
    view.delete()
