"""What colleagues hear of a fire: that it burns, that they speak, sign or have something to do, and what everybody says
and where to point. Once each."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.conversations.models import Fire, FireHeard, FireTask, Statement
from koor.flow.conversations.queries import signing
from koor.flow.conversations.queries.fires import as_told
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, notices
from koor.kernel import once as kernel_once
from koor.kernel.push import ALARM


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


def _named(fire: Fire) -> list[str]:
    """How it is called, but for the words of somebody outside: a letter would keep them when they are erased."""
    return [] if fire.conversation_id or fire.mention_id else [fire.title]


def _letter(fire: Fire, page: str) -> str:
    parts = [*_named(fire), fire.say]
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
        _call(person, one.fire, gettext_noop("A statement waits for your name"), page, key=f"sign:{one.pk}")
    return 1


def tell_that_it_burns(fire_id: int) -> None:
    """PR and who may sign hear at once that a fire was opened, but for who opened it."""
    fire = Fire.objects.filter(pk=fire_id, ended_at=None).first()
    if fire is None:
        return
    for person in signing.who_is_called(fire.opened_by_id):
        _call(person, fire, gettext_noop("Something burns"), _page(fire), key=f"burns:{fire.pk}")


def tell_speaker(fire: Fire, person: Person) -> None:
    """A colleague was chosen to speak for the house."""
    _call(person, fire, gettext_noop("Something burns, and you speak for us"), _page(fire), key=f"speaks:{fire.pk}")


def tell_of_task(task: FireTask) -> None:
    """There is something to do for a colleague."""
    if task.person is not None:
        title = gettext_noop("Something burns, and there is something for you to do")
        page = f"{_page(task.fire)}#tasks"
        _call(task.person, task.fire, title, page, key=f"task:{task.pk}", more=task.text)


def _page(fire: Fire) -> str:
    return reverse("conversations:fire", args=[fire.pk])


def _call(person: Person, fire: Fire, title: str, page: str, *, key: str, more: str = "") -> None:
    """On the phone, also in hours of rest, without a word of what burns; the letter names it. Once for each key. Of an
    exercise on the phone alone, and not in hours of rest."""
    with translation.override(person.language):
        said = as_told(fire, _(title))
        kind = "waits" if fire.practice else ALARM
        notices.push(to=person.pk, title=said, url=page, kind=kind, key=f"fire:{key}")
        if not fire.practice:
            text = "\n\n".join(filter(None, [*_named(fire), more, settings.KOOR_URL + page])) + "\n"
            letter = partial(notices.mail, to=person.email, subject=said, text=text, kind="fire")
            kernel_once.once(f"conversations.call:{key}", str(person.pk), "", letter)
