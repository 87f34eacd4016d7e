"""Reads of letters: the mailbox, whose letter it is, and those that wait for somebody to decide."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.choices import LetterState
from koor.flow.hub.models import AnswerLink, Letter, Mailbox, MailKey
from koor.ground.people.models import Person
from koor.kernel import clock, plainly, secrets
from koor.kernel.access import NotFound

KEY_CONTEXT = "hub.mail_key"
HELD_DAYS = 30  # a letter of a stranger waits for so long
SILENT = timedelta(minutes=15)  # a mailbox that was not read for so long is not well


def mailbox_to_arrange(person: Person) -> Mailbox | None:
    """The mailbox as it is set, for who arranges it. NotFound for others."""
    if not access.may_arrange_mailbox(person):
        raise NotFound
    return Mailbox.objects.first()


def mailbox_on() -> Mailbox | None:
    return Mailbox.objects.filter(is_on=True).first()


def own_address(person: Person) -> tuple[str, str]:
    """The address of the mailbox (empty while there is none), and one's own (empty until it is made). One query."""
    key = MailKey.objects.filter(person=person)
    rows = Mailbox.objects.filter(is_on=True).annotate(sealed=Subquery(key.values("sealed")[:1]))
    found = rows.values_list("address", "sealed").first()
    if found is None:
        return "", ""
    address, sealed = found
    token = _opened(sealed, person)
    return address, logic.with_token(address, token) if token else ""


def _opened(sealed: bytes | None, person: Person) -> str:
    """Empty also when the house has other keys now: then one makes a new address."""
    try:
        return secrets.unseal(bytes(sealed), f"{KEY_CONTEXT}:{person.pk}").decode() if sealed else ""
    except secrets.CannotOpen:
        return ""


def whose(tokens: list[str]) -> tuple[Person | None, AnswerLink | None]:
    """Who has one of these secrets in their own address, or in the address that a question went out with."""
    digests = [secrets.digest(token) for token in tokens]
    key = MailKey.objects.select_related("person").filter(digest__in=digests, person__is_active=True).first()
    if key is not None:
        return key.person, None
    links = AnswerLink.objects.select_related("prompt", "person").filter(person__is_active=True)
    link = links.filter(reply_digest__in=digests).first()
    return (link.person, link) if link else (None, None)


def letters_today(person: Person) -> int:
    """How many letters of this colleague came in these twenty-four hours."""
    return Letter.objects.filter(person=person, at__gt=clock.now() - timedelta(days=1)).count()


def held_letters(person: Person) -> QuerySet[Letter]:
    """Letters of strangers, for the curator; the latest first."""
    rows = Letter.objects.filter(state=LetterState.HELD).order_by("-at", "-pk")
    return rows if access.may_curate(person) else rows.none()


def held_letter(person: Person, pk: int) -> Letter:
    """One of them. NotFound when it was decided already."""
    found = held_letters(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def letter_to_confirm(token: str) -> Letter | None:
    """The letter behind an address that only the colleague got; None when it was answered, or never was."""
    rows = Letter.objects.select_related("person").filter(state=LetterState.ASKED, person__is_active=True)
    return rows.filter(digest=secrets.digest(token)).first()


def mailbox_trouble(box: Mailbox) -> str:
    """Why it can't be read now; empty when it can."""
    return mailbox_sentence(box.problem, box.problem_text) if box.problem else ""


def mailbox_sentence(code: str, said: str = "") -> str:
    """What a mailbox met, in words; with those of the server behind it."""
    sentences = {
        "closed": _("Koor may not call this server: only public addresses, and what KOOR_ALLOW_HOSTS names."),
        "away": _("Nobody answers there. Look at the server and the port."),
        "certificate": _("The server's certificate does not belong to this name, or is not valid."),
        "no_tls": _("The server offers no encryption here. Choose the other way."),
        "login": _("The server does not let us in with this user and password."),
        "folder": _("There is no such folder in the mailbox."),
        "broke": _("The connection broke off halfway."),
        "letter": _("The server does not give one of the letters."),
        "room": _(
            "The house can't keep what came: its disk is full or does not answer. Nothing is lost; it is tried again."
        ),
        "key": _("The password can't be opened: the key of the house is another one. Give it again."),
    }
    more = f"({plainly.in_words(said)})" if said and code != "closed" else ""  # our own door said that already
    return " ".join(filter(None, (sentences.get(code, code), more)))
