"""Agreements and their history; how one's own are kept."""

from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet

from koor.flow.calendar.choices import AgreementState, ChangeState, Content
from koor.flow.calendar.models import Agreement, AgreementChange, Slot
from koor.ground.channels.models import Account
from koor.ground.people.models import Person, Rota, Team
from koor.ground.people.queries import today
from koor.kernel.access import NotFound

WAITING = Prefetch(
    "changes",
    AgreementChange.objects.filter(state=ChangeState.WAITING).select_related("by"),
    to_attr="waiting",
)


def agreements(person: Person, words: str = "", channel: int = 0) -> QuerySet[Agreement]:
    """All agreements that stand or are proposed, by the name of who supplies, with the change that waits."""
    rows = Agreement.objects.exclude(state=AgreementState.ENDED).select_related("person", "team", "rota", "proposed_by")
    if channel:
        rows = rows.filter(pk__in=Agreement.objects.filter(accounts=channel).values("pk"))
    for word in words.split()[:8]:
        rows = rows.filter(_says(word))
    return rows.prefetch_related("accounts", "team__people", "rota__turns", WAITING).order_by("person__name", "id")


def _says(word: str) -> Q:
    """Who supplies it, or what: what it is about, or else its kind in words."""
    kinds = [value for value, label in Content.choices if word.lower() in str(label).lower()]
    who = Q(person__name__icontains=word) | Q(team__name__icontains=word) | Q(rota__name__icontains=word)
    return who | Q(about__icontains=word) | Q(about="", content__in=kinds)


def agreed(person: Person, words: str = "", channel: int = 0) -> QuerySet[Agreement]:
    return agreements(person, words, channel).filter(state=AgreementState.AGREED)


def waiting(person: Person, words: str = "", channel: int = 0) -> QuerySet[Agreement]:
    """Those that wait for an answer: new, or a change of one that stands."""
    changes = AgreementChange.objects.filter(state=ChangeState.WAITING)
    return agreements(person, words, channel).filter(pk__in=changes.values("agreement"))


def agreement(person: Person, pk: int) -> Agreement:
    rows = Agreement.objects.select_related("person", "team", "rota", "proposed_by")
    found = rows.prefetch_related("accounts", "team__people", "rota__turns").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def history(person: Person, agreement: Agreement) -> list[AgreementChange]:
    """How it was made and changed, oldest first."""
    rows = list(agreement.changes.select_related("by", "answered_by"))
    for row in rows:
        row.agreement = agreement
    return rows


def accounts_named(person: Person, pks: set[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=pks).values_list("pk", "name"))


def kept(person: Person) -> dict[int, list[bool]]:
    """For the person's own agreements: the last four promises, kept or not. Nobody else's."""
    day = today()
    past = Slot.objects.filter(dropped_at=None, day__lt=day, day__gte=day - timedelta(days=130)).order_by("-day")
    own = Agreement.objects.filter(person=person).prefetch_related(Prefetch("slots", queryset=past, to_attr="past"))
    return {row.pk: [slot.filled for slot in reversed(row.past[:4])] for row in own}


def of_supplier(person: Person) -> list[Agreement]:
    """What this colleague agreed to: alone, in a team or by turns."""
    mine = Q(person=person) | Q(team__people=person) | Q(rota__turns__person=person)
    rows = Agreement.objects.filter(mine, state=AgreementState.AGREED).select_related("team", "rota")
    return list(rows.order_by("pk").distinct()[:50])


def of_group(group: Team | Rota) -> list[Agreement]:
    """What a team or rota agreed to."""
    return list(group.agreements.filter(state=AgreementState.AGREED).order_by("pk")[:50])


def asked_of(person: Person) -> QuerySet[AgreementChange]:
    """What waits for this colleague's yes: of their own, their teams' and their rotas' agreements."""
    mine = Q(agreement__person=person) | Q(agreement__team__people=person) | Q(agreement__rota__turns__person=person)
    rows = AgreementChange.objects.filter(mine, state=ChangeState.WAITING, from_supplier=False).exclude(by=person)
    return rows.select_related("by", "agreement").order_by("at", "pk").distinct()


def from_suppliers(person: Person) -> QuerySet[AgreementChange]:
    """What colleagues promise by themselves, or would like to change, and waits for the yes of who plans."""
    rows = AgreementChange.objects.filter(state=ChangeState.WAITING, from_supplier=True).exclude(by=person)
    return rows.select_related("by", "agreement").order_by("at", "pk")
