"""What colleagues tell of themselves."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import Colleague, may_edit_profile
from koor.ground.people.actions.managing import checked_name
from koor.ground.people.choices import SkillKind
from koor.ground.people.models import Person, Skill
from koor.kernel import audit, files
from koor.kernel.access import Refused, require
from koor.kernel.models import StoredFile

LINES = {"job": 120, "phone": 40, "face": 40}
TEXTS = {"knows": 1000, "voice": 1000}


@transaction.atomic
def edit_profile(*, by: Colleague, person: Person, **changes: Any) -> Person:
    """Change name, job, knows, voice, phone, language, face or started_on."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require(may_edit_profile(by, person))
    wanted = {key: _checked(key, value) for key, value in changes.items()}
    changed = {key: value for key, value in wanted.items() if getattr(person, key) != value}
    if not changed:
        return person
    for key, value in changed.items():
        setattr(person, key, value)
    person.save(update_fields=list(changed))
    audit.record(by=by, verb="people.edit_profile", target=person, changed=sorted(changed))
    return person


def _checked(key: str, value: Any) -> Any:
    if key == "name":
        return checked_name(value)
    if key in LINES or key in TEXTS:
        text = logic.one_line(value) if key in LINES else logic.many_lines(value)
        most = {**LINES, **TEXTS}[key]
        if len(text) > most:
            raise Refused(_("At most %(most)s characters.") % {"most": most}, code="too_long", field=key)
        return text
    if key == "language":
        if value not in dict(settings.LANGUAGES):
            raise Refused(_("Koor does not speak that language yet."), code="language", field="language")
        return value
    if key == "started_on":
        return value
    raise ValueError(f"no such field: {key}")


@transaction.atomic
def set_picture(*, by: Colleague, person: Person, picture: StoredFile | None) -> Person:
    """A photo as face, cleaned by whoever hands it over; None takes it away. The earlier one is deleted."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require(may_edit_profile(by, person))
    earlier = person.picture
    if earlier == picture:
        return person
    person.picture, person.picture_handle = picture, picture.handle if picture else ""
    person.save(update_fields=["picture", "picture_handle"])
    if earlier is not None:
        files.forget(earlier)
    audit.record(by=by, verb="people.set_picture", target=person, taken_away=picture is None)
    return person


@transaction.atomic
def declare_skill(*, by: Colleague, person: Person, name: str, kind: str = SkillKind.SUBJECT) -> Skill:
    """A colleague says that they know or can do something. Said twice is said once."""
    require(may_edit_profile(by, person))
    name = logic.one_line(name)
    if not name or len(name) > 80:
        raise Refused(_("Name it in at most 80 characters."), code="name", field="name")
    if kind not in SkillKind.values:
        raise Refused(_("Choose what kind of skill it is."), code="kind", field="kind")
    return say_skill(person, name, kind, by=by)


def say_skill(person: Person, name: str, kind: str, *, by: Colleague) -> Skill:
    """Part of a deed whose caller checked who may and what is said."""
    skill = _skill(name, kind)
    if not skill.people.filter(pk=person.pk).exists():
        skill.people.add(person)
        audit.record(by=by, verb="people.declare_skill", target=person, skill=skill.name)
    return skill


def _skill(name: str, kind: str) -> Skill:
    found = Skill.objects.filter(name__iexact=name, kind=kind).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Skill.objects.create(name=name, kind=kind)
    except IntegrityError:
        return Skill.objects.get(name__iexact=name, kind=kind)


@transaction.atomic
def withdraw_skill(*, by: Colleague, person: Person, skill: Skill) -> None:
    """No longer said; a skill that nobody has any more is forgotten."""
    require(may_edit_profile(by, person))
    if not skill.people.filter(pk=person.pk).exists():
        return
    skill.people.remove(person)
    audit.record(by=by, verb="people.withdraw_skill", target=person, skill=skill.name)
    if not skill.people.exists():
        skill.delete()
