"""Writes of the story: draft, publish, acknowledge."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.story import access
from koor.ground.story.models import FIELDS, PARTS, Acknowledgement, Version
from koor.ground.story.queries import current, fingerprint
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require
from koor.kernel.locks import until_committed


@transaction.atomic
def write_version(*, by: Colleague, **texts: Any) -> Version:
    """Write on the draft of the next version; it begins as a copy of the one that counts. There is one draft."""
    require(access.may_write(by))
    if unknown := set(texts) - set(FIELDS):
        raise TypeError(f"not a part of the story: {unknown}")
    until_committed("story.draft")  # pressed twice, the second writes on the draft of the first
    draft = Version.objects.select_for_update().filter(published_at=None).first() or _next_draft(by)
    for name, value in texts.items():
        setattr(draft, name, value)
    if not draft.why.strip():
        raise Refused(_("Begin with the why: one sentence is enough."), field="why")
    _check_question(draft)
    draft.save()
    audit.record(by=by, verb="story.write_version", target=draft, parts=sorted(texts))
    return draft


def _next_draft(by: Colleague) -> Version:
    before = current()
    number = (Version.objects.aggregate(highest=Max("number"))["highest"] or 0) + 1
    copied = {name: getattr(before, name) for name in (*PARTS, "question", "answers", "right_answer")} if before else {}
    return Version(number=number, made_by_id=by.pk, made_at=clock.now(), **copied)


def _check_question(draft: Version) -> None:
    """A question needs two answers at least, and one of them is right; without a question there are none."""
    if not draft.question:
        draft.answers, draft.right_answer = [], None
        return
    if len(draft.answers) < 2:
        raise Refused(_("Give at least two answers to the question."), field="answers")
    if draft.right_answer is None or not 0 <= draft.right_answer < len(draft.answers):
        raise Refused(_("Say which answer is the right one."), field="right_answer")


@transaction.atomic
def publish_version(*, by: Colleague, version: Version, seen: str = "") -> Version:
    """Publish the draft: from now on this version counts, and everybody is asked to read it. `seen` is the fingerprint
    of what was read before: refused when somebody wrote on it since."""
    version = Version.objects.select_for_update().get(pk=version.pk)
    require(access.may_publish(by))
    if version.published_at is not None:
        return version
    if seen and seen != fingerprint(version):
        raise Refused(_("Somebody wrote on it meanwhile. Read it once more, then publish."), code="changed")
    version.published_at, version.published_by_id = clock.now(), by.pk
    version.save(update_fields=["published_at", "published_by"])
    audit.record(by=by, verb="story.publish_version", target=version)
    return version


@transaction.atomic
def acknowledge_version(*, by: Person, version: Version, answer: int | None = None) -> Acknowledgement:
    """A colleague has read and understood the version that counts. A wrong answer is told kindly; try again."""
    if version != current():
        raise Refused(_("There is a newer version. Read that one."), code="old_version")
    if version.question and answer != version.right_answer:
        raise Refused(_("Not quite. Read it once more and try again; nobody sees how often."), field="answer")
    acknowledged, _new = Acknowledgement.objects.get_or_create(version=version, person=by, defaults={"at": clock.now()})
    return acknowledged
