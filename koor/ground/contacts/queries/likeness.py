"""Who may be one person: with how sure that is and why. What somebody said is not the same is not proposed again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from koor.ground.contacts.access import may_merge
from koor.ground.contacts.logic import likeness
from koor.ground.contacts.models import Contact, Handle, Merge, NotSame
from koor.ground.people.models import Person
from koor.kernel import search
from koor.kernel.access import NotFound

MOST = 50  # pairs on the page
OF_ONE_NAME = 4  # of so many with one name each is laid beside each other


@dataclass(frozen=True)
class Pair:
    """Two who may be one; `one` was there first."""

    one: Contact
    other: Contact
    verdict: likeness.Verdict

    @property
    def why(self) -> str:
        return ", ".join(words_of(self.verdict.reasons))


def proposed_pairs(person: Person, groups: Iterable[Sequence[Contact]]) -> list[Pair]:
    """The surest first. `groups`: those with one name or one address. A few queries, whatever there is."""
    if not may_merge(person):
        raise NotFound
    numbers = {tuple(sorted(pair)) for group in groups for pair in combinations([c.pk for c in group[:OF_ONE_NAME]], 2)}
    numbers |= {tuple(sorted((one.pk, one.owner))) for one in _with_anothers_address()[:MOST]}
    return _judged([(first, second) for first, second in numbers])[:MOST]


def pairs_of(contact: Contact) -> list[Pair]:
    """Who may be this contact by their address or phone; for Koor itself, which joins on proof alone."""
    own = Q(platform="email", value=contact.email.lower()) if contact.email else Q(pk__in=[])
    owners = Handle.objects.filter(own).exclude(contact=contact).values("contact")
    same = Contact.objects.filter(merged_into=None).exclude(pk=contact.pk)
    found = same.filter(Q(pk__in=owners) | (Q(email__iexact=contact.email) if contact.email else Q(pk__in=[])))
    mine = _with_anothers_address().filter(owner=contact.pk).values("pk")
    others = {*found.values_list("pk", flat=True)[:MOST], *same.filter(pk__in=mine).values_list("pk", flat=True)[:MOST]}
    return _judged([tuple(sorted((contact.pk, other))) for other in others])  # type: ignore[misc]


def _with_anothers_address() -> QuerySet[Any]:
    """Contacts whose e-mail address is known as somebody else's."""
    owners = Handle.objects.filter(platform="email", value=Lower(OuterRef("email")), contact__merged_into=None)
    rows = Contact.objects.filter(merged_into=None).exclude(email="").order_by("-pk")
    return rows.annotate(owner=Subquery(owners.values("contact")[:1])).exclude(owner=None).exclude(owner=F("pk"))


def _judged(numbers: Sequence[tuple[int, int]]) -> list[Pair]:
    """Pairs that one may ask about, the surest first."""
    said = set(NotSame.objects.filter(one__in={first for first, _second in numbers}).values_list("one", "other"))
    wanted = [pair for pair in numbers if pair not in said]
    rows = Contact.objects.filter(merged_into=None).select_related("organisation").prefetch_related("handles")
    known = rows.in_bulk({number for pair in wanted for number in pair})
    pairs = [
        Pair(known[first], known[second], likeness.verdict(facts(known[first], known[second])))
        for first, second in wanted
        if first in known and second in known and known[first].invented == known[second].invented
    ]
    return sorted((pair for pair in pairs if pair.verdict.asks), key=lambda pair: (-pair.verdict.score, pair.one.name))


def facts(one: Contact, other: Contact) -> likeness.Facts:
    """What two have in common, as far as it is written down."""
    addresses = _addresses(one, "email") & _addresses(other, "email")
    confirmed = {row.value for each in (one, other) for row in each.handles.all() if row.verified_at}
    names = (search.fold(one.name), search.fold(other.name))
    nicks = [{likeness.nick(row.platform, row.value) for row in each.handles.all()} - {""} for each in (one, other)]
    return likeness.Facts(
        verified=bool(addresses & confirmed),
        address=bool(addresses),
        phone=bool(_addresses(one, "phone") & _addresses(other, "phone"))
        or (one.phone != "" and one.phone == other.phone),
        name=names[0] == names[1],
        nick=bool(nicks[0] & nicks[1]),
        organisation=one.organisation_id is not None and one.organisation_id == other.organisation_id,
        place=one.place != "" and search.fold(one.place) == search.fold(other.place),
        other_name=not likeness.one_name(*names),
        other_address=not addresses and bool(_addresses(one, "email")) and bool(_addresses(other, "email")),
    )


def all_one_name(contacts: Iterable[Contact]) -> bool:
    """Whether all of these, and who became one with them before, may be one person by their names."""
    known = {contact.pk: contact.name for contact in contacts}
    gone = Contact.objects.filter(merged_into__in=known).values_list("name", flat=True)
    names = {search.fold(name) for name in (*known.values(), *gone)}
    return all(likeness.one_name(one, other) for one, other in combinations(names, 2))


def _addresses(contact: Contact, platform: str) -> set[str]:
    found = {row.value for row in contact.handles.all() if row.platform == platform}
    return found | ({contact.email.lower()} if platform == "email" and contact.email else set())


def words_of(reasons: Iterable[str]) -> list[str]:
    """Reasons as people say them."""
    said = {
        "verified": _("the same confirmed address"),
        "address": _("the same e-mail address"),
        "phone": _("the same phone"),
        "name": _("the same name"),
        "nick": _("the same name on two platforms"),
        "organisation": _("the same organisation"),
        "place": _("the same place"),
        "other_name": _("but another name"),
        "other_address": _("but another e-mail address"),
        "said": _("a colleague heard it from them"),
    }
    return [said[reason] for reason in reasons if reason in said]


def joined_by_koor(person: Person) -> list[Merge]:
    """What Koor joined on proof lately, to be taken apart when it was wrong."""
    if not may_merge(person):
        raise NotFound
    rows = Merge.objects.filter(by=None, undone_at=None).select_related("kept", "gone")
    return list(rows.order_by("-at")[:20])
