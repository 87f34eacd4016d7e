"""Keys for programs that act as a colleague."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import Colleague, may_make_token, may_revoke_token
from koor.ground.people.models import Person, Token
from koor.kernel import audit, clock, secrets
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once

MOST = 20  # a colleague's keys at a time
NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def make_token(*, by: Colleague, person: Person, name: str, once: str = "") -> tuple[Token, str]:
    """A new key and its only showing: Koor keeps its digest alone, so asked twice it can't be shown again."""
    require(may_make_token(by, person))
    name = logic.one_line(name)
    if not name or len(name) > 80:
        raise Refused(_("Name what will use it, in at most 80 characters."), code="name", field="name")
    if not person.is_active:
        raise Refused(_("This colleague has left."), code="left")
    plain = secrets.new_token()

    def make() -> Token:
        if Token.objects.filter(person=person, revoked_at__isnull=True).count() >= MOST:
            raise Refused(_("There are %(most)s keys already. Revoke one first.") % {"most": MOST}, code="many")
        token = Token(person=person, name=name, digest=secrets.digest(plain), start=plain[:10], made_at=clock.now())
        token.save()
        audit.record(by=by, verb="people.make_token", target=person, name=name)
        return token

    pk, new = done_once(f"people.make_token:{person.pk}", once, {"name": name}, make)
    if not new:
        sentence = _(
            "This key was made a moment ago and is not shown again. Did you miss it? Revoke it and make another."
        )
        raise Refused(sentence, code="shown", field="name")
    return Token.objects.get(pk=pk), plain


@transaction.atomic
def revoke_token(*, by: Colleague, token: Token) -> None:
    """The key opens nothing any more, from this moment."""
    require(may_revoke_token(by, token.person))
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record(by=by, verb="people.revoke_token", target=token.person, name=token.name)


def note_token_use(*, by: Colleague, token: Token) -> None:
    """When a key was last used, to ten minutes."""
    now = clock.now()
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
