"""The organisation's own OpenID provider: believed after a look at it, and who comes in by it."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import Colleague, may_arrange_sign_in
from koor.ground.people.actions.managing import add_person
from koor.ground.people.logic import provider as papers
from koor.ground.people.logic.provider import Claims
from koor.ground.people.models import Person, Provider
from koor.kernel import audit, clock, plainly, secrets
from koor.kernel.access import Refused, require
from koor.kernel.http import Answer, Door, NotSent, Unclear

NAME = "organisation"  # in the address that one comes back to, so it never changes
CONTEXT = "people.provider"  # of its seal
MOST_BYTES, SECONDS = 500_000, 15.0
_ONLY = "Only an administrator changes these."


def look_at_provider(*, by: Colleague, issuer: str) -> str:
    """Read what a provider says about itself; its issuer as it writes it. Refused, in words, when it won't do."""
    require(may_arrange_sign_in(by), _(_ONLY))
    issuer = papers.clean_issuer(issuer)
    if not papers.is_issuer(issuer):
        raise Refused(_("An issuer is an address such as https://login.example.org."), code="address", field="issuer")
    document = _document(issuer)
    named = str(document.get("issuer") or "")
    if not papers.same_issuer(named, issuer):
        sentence = _("This provider calls itself “%(name)s”. Use that address, if it is the right one.")
        raise Refused(sentence % {"name": named[:200] or "?"}, code="issuer", field="issuer")
    missing = papers.missing_from(document, named)
    if missing:
        sentence = _("This provider does not tell all that is needed: %(missing)s.")
        raise Refused(sentence % {"missing": ", ".join(missing)}, code="missing", field="issuer")
    return named


def _document(issuer: str) -> dict[str, Any]:
    address = papers.document_address(issuer)
    try:
        answer = Door(max_bytes=MOST_BYTES).request("GET", address, timeout=SECONDS)
    except (NotSent, Unclear) as error:
        sentence = _("The provider could not be asked: %(why)s")
        raise Refused(sentence % {"why": plainly.in_words(str(error))}, code="unreachable", field="issuer") from error
    return _read(answer, address)


def _read(answer: Answer, address: str) -> dict[str, Any]:
    if answer.status != 200:
        sentence = _("%(address)s answers with %(status)s. Is this the issuer, as the provider writes it?")
        raise Refused(sentence % {"address": address, "status": answer.status}, code="status", field="issuer")
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        sentence = _("At %(address)s there is a page, but not what an OpenID provider says about itself.")
        raise Refused(sentence % {"address": address}, code="no_document", field="issuer")
    return document


def set_provider(
    *,
    by: Colleague,
    issuer: str,
    client_id: str,
    label: str,
    secret: str = "",
    is_on: bool = True,
    admits_unknown: bool = False,
    trusts_addresses: bool = False,
) -> Provider:
    """Believe this provider from now on. An empty secret keeps the one that is there, for the same issuer and client.

    One that is switched off is kept without a look at it."""
    require(may_arrange_sign_in(by), _(_ONLY))
    named = look_at_provider(by=by, issuer=issuer) if is_on else papers.clean_issuer(issuer)
    fields = {
        "client_id": client_id.strip(),
        "label": logic.one_line(label),
        "is_on": is_on,
        "admits_unknown": admits_unknown,
        "trusts_addresses": trusts_addresses,
    }
    if not fields["client_id"] or not fields["label"]:
        raise Refused(_("Client and button both need a name."), code="empty", field="client_id")
    return _keep(by, named, secret.strip(), fields)


@transaction.atomic
def _keep(by: Colleague, issuer: str, secret: str, fields: dict[str, Any]) -> Provider:
    known = Provider.objects.select_for_update().first()
    moved = known is not None and known.issuer != issuer
    if not secret and (known is None or moved or known.client_id != fields["client_id"]):
        raise Refused(_("Give the secret that belongs to this client."), code="secret", field="secret")
    provider = known or Provider(pk=1)
    changed = sorted(key for key, value in fields.items() if known is None or getattr(known, key) != value)
    provider.issuer, provider.checked_at = issuer, clock.now() if fields["is_on"] else provider.checked_at
    for key, value in fields.items():
        setattr(provider, key, value)
    if secret:
        provider.secret = secrets.seal(secret.encode(), CONTEXT)
        changed.append("secret")
    provider.save()
    if moved:  # another provider's numbers mean other people
        _links().delete()
    audit.record(by=by, verb="people.set_provider", target=provider, changed=changed, on=provider.is_on)
    return provider


@transaction.atomic
def remove_provider(*, by: Colleague) -> None:
    """No longer believe it. Colleagues sign in with their password or passkey, or ask for a new one."""
    require(may_arrange_sign_in(by), _(_ONLY))
    provider = Provider.objects.select_for_update().first()
    if provider is not None:
        _links().delete()
        audit.record(by=by, verb="people.remove_provider", target=provider)
        provider.delete()


@transaction.atomic
def forget_links(*, by: Colleague) -> int:
    """Who is whom at the provider is found out anew, by address; after it moved or gave people other numbers."""
    require(may_arrange_sign_in(by), _(_ONLY))
    provider = Provider.objects.select_for_update().first()
    if provider is None:
        return 0
    forgotten: int = _links().delete()[0]
    audit.record(by=by, verb="people.forget_links", target=provider, number=forgotten)
    return forgotten


def _links() -> Any:
    return SocialAccount.objects.filter(provider=NAME)


def come_in(*, by: Colleague, claims: Claims) -> Person:
    """The colleague whom the provider speaks of. `by` is SYSTEM, for nobody is signed in yet.

    By the number that the provider gave them, else by a verified address; never somebody who left. Refused in words,
    with a line in the audit trail."""
    try:
        with transaction.atomic():
            return _colleague(by, claims)
    except Refused as refused:
        with transaction.atomic():
            audit.record(by=by, verb="people.refuse_by_provider", email=claims.email[:200], why=refused.code)
        raise


def _colleague(by: Colleague, claims: Claims) -> Person:
    provider = Provider.objects.select_for_update().filter(is_on=True).first()  # two at once: one after the other
    if provider is None:
        raise Refused(_("This way in is closed."), code="off")
    link = _links().filter(uid=claims.uid).select_related("user").first()
    person = link.user if link else _by_address(by, provider, claims)
    if not person.is_active:
        sentence = _("You are no longer among the colleagues. Is that not right, then ask whoever looks after Koor.")
        raise Refused(sentence, code="left")
    if link is None:
        _join(person, claims.uid)
    return person


def _by_address(by: Colleague, provider: Provider, claims: Claims) -> Person:
    if not claims.email or not (claims.verified or provider.trusts_addresses):
        sentence = _("The provider does not say that your e-mail address is really yours, so nobody can be recognised.")
        raise Refused(sentence, code="unverified")
    person = Person.objects.select_for_update(of=("self",)).filter(email__iexact=claims.email).first()
    if person is None:
        if not provider.admits_unknown:
            sentence = _("There is no colleague with the address %(email)s. Ask a colleague to invite you.")
            raise Refused(sentence % {"email": claims.email}, code="stranger")
        return add_person(by=by, email=claims.email, name=_name(claims))
    if person.is_active and _links().filter(user=person).exists():
        sentence = _("Somebody else at the provider is this colleague already. An administrator can forget who is who.")
        raise Refused(sentence, code="other_link")
    return person


def _name(claims: Claims) -> str:
    """What they are called, without what a name can't begin with."""
    name = logic.one_line(claims.name).lstrip("=+@- ")[:120]
    return name or claims.email.partition("@")[0].lstrip("=+@- ")[:120] or "?"


def _join(person: Person, uid: str) -> None:
    """The first time by this provider; for some, the first time at all."""
    SocialAccount.objects.create(user=person, provider=NAME, uid=uid)
    audit.record(by=person, verb="people.come_in_by_provider", target=person)
    if person.joined_at is None:
        person.joined_at = clock.now()
        person.save(update_fields=["joined_at"])
