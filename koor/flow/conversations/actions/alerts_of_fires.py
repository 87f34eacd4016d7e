"""What colleagues hear of a fire: what to say and where to point, and that somebody waits for their name. Once each."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.models import Fire, FireHeard, Statement
from koor.flow.conversations.queries import signing
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, notices


def tell_everybody(fire_id: int, number: int) -> int:
    """By mail, and on phones that asked for it. Of an exercise nobody hears this way. How many were told now."""
    fire = Fire.objects.select_related("speaker").filter(pk=fire_id, practice=False, told=number).first()
    if fire is None:
        return 0
    rows = people.everybody().filter(is_active=True, joined_at__isnull=False)
    return sum(_tell(fire, person, number) for person in rows.iterator())


@transaction.atomic
def _tell(fire: Fire, person: Person, number: int) -> bool:
    _row, new = FireHeard.objects.get_or_create(fire=fire, person=person, number=number, defaults={"at": clock.now()})
    if not new:
        return False
    page = reverse("conversations:fire_say", args=[fire.pk])
    with translation.override(person.language):
        out = not fire.burns
        title = _("It is out, with thanks") if out else _("Something burns: this is what we say")
        notices.push(to=person.pk, title=title, url=page, kind="fire", key=f"fire:{fire.pk}:{number}")
        notices.mail(to=person.email, subject=title, text=_letter(fire, page), kind="fire")
    return True


def _letter(fire: Fire, page: str) -> str:
    parts = [fire.title, fire.say]
    if fire.point and fire.burns:
        parts.append(_("Point to: %(where)s") % {"where": fire.point})
    if fire.speaker and fire.burns:
        parts.append(
            _("%(name)s speaks for us. Journalists and other questions go there.") % {"name": fire.speaker.name}
        )
    return "\n\n".join([*parts, settings.KOOR_URL + page]) + "\n"


def ask_to_sign(statement_id: int) -> int:
    """Those who may sign and did not write it hear that somebody waits for their name."""
    one = Statement.objects.select_related("fire").filter(pk=statement_id, signed_at=None, replaced_at=None).first()
    if one is None or one.by is None:
        return 0
    page = reverse("conversations:fire_statement", args=[one.fire_id])
    for person in signing.others_to_sign(one.by):
        with translation.override(person.language):
            title = _("A statement waits for your name")
            notices.push(to=person.pk, title=title, url=page, kind="waits", key=f"sign:{one.pk}")
    return 1
