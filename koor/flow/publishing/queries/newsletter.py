"""Who gets the newsletter, and how far each issue is."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from koor.flow.publishing import access
from koor.flow.publishing.choices import LetterState, ReaderState
from koor.flow.publishing.models import Reader, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

ISSUES = 10  # the latest, with how far they are


def list_of(person: Person, pk: int) -> Account:
    """An account whose list this colleague keeps. NotFound when there is none."""
    account = channels.account(person, pk)
    made_with = channels.connectors().get(account.connector)
    if made_with is None or not made_with.manifest.readers or not access.may_keep_readers(person, account):
        raise NotFound
    return account


def open_list(pk: int) -> Account:
    """One that anybody may ask for. NotFound when there is none."""
    account = Account.objects.filter(pk=pk, state=AccountState.ACTIVE).first()
    made_with = channels.connectors().get(account.connector) if account else None
    if account is None or made_with is None or not made_with.manifest.readers:
        raise NotFound
    return account


def to_ask_for(row: Reader | None) -> list[Account]:
    """What somebody whose link is dead can ask for: the list that it was of, else all that there are."""
    readers = [key for key, one in channels.connectors().items() if one.manifest.readers]
    rows = Account.objects.filter(connector__in=readers, state=AccountState.ACTIVE).order_by("pk")
    return list((rows.filter(pk=row.account_id) if row else rows)[:5])


def has_readers(account: Account) -> bool:
    """Whether it is a newsletter."""
    made_with = channels.connectors().get(account.connector)
    return made_with is not None and made_with.manifest.readers


def readers(person: Person, account: Account, words: str = "") -> QuerySet[Reader]:
    """On the list, the latest first; those whose address holds these words."""
    if not access.may_keep_readers(person, account):
        raise NotFound
    return Reader.objects.filter(account=account, address__icontains=words.strip()[:100]).order_by("-asked_at", "-pk")


def reader(person: Person, account: Account, pk: int) -> Reader:
    found = readers(person, account).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def number_of_readers(person: Person, account: Account) -> dict[str, int]:
    """How many of them are where. One query."""
    if not access.may_keep_readers(person, account):
        raise NotFound
    rows = Reader.objects.filter(account=account).order_by().values_list("state").annotate(Count("pk"))
    return {state.value: 0 for state in ReaderState} | dict(rows)


def issues(person: Person, account: Account) -> QuerySet[Target]:
    """The latest issues with how many letters are where. One query."""
    if not access.may_keep_readers(person, account):
        raise NotFound
    counts = {state.value: Count("letters", filter=Q(letters__state=state)) for state in LetterState}
    up = Target.objects.filter(account=account, published_at__isnull=False).select_related("post")
    return up.annotate(**counts).order_by("-published_at")[:ISSUES]


def by_token(token: str) -> Reader | None:
    """The reader whose way in or out this is."""
    return Reader.objects.select_related("account").filter(token=token).first()
