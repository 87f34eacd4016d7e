"""Questions to colleagues: the curator knows what people outside want to see, and asks who inside can show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.answer_links import write_to_all
from koor.flow.hub.actions.fits import remember_choice
from koor.flow.hub.actions.items import kept_once
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.events import PromptAsked
from koor.flow.hub.models import Capture, Idea, Item, Prompt, PromptAnswer, Wish
from koor.flow.hub.queries.knowers import away_now, had_enough
from koor.ground.people.models import Discipline, Person, Skill
from koor.ground.people.queries import today
from koor.kernel import audit, clock, events, locks
from koor.kernel.access import Refused, require
from koor.kernel.once import lasts
from koor.kernel.once import once as done_once

MOST_ASKED = 500
ANSWER = lasts("hub.keep_answer")  # by the answer


@dataclass(frozen=True)
class Ground:
    """Where a question comes from, and who was proposed for it before the curator chose."""

    wish: Wish | None = None
    idea: Idea | None = None
    subjects: tuple[Skill, ...] = ()
    proposed: tuple[int, ...] = ()


def ask_colleagues(
    *,
    by: Person,
    question: str,
    why: str = "",
    people: Iterable[Person] = (),
    disciplines: Iterable[Discipline] = (),
    skills: Iterable[Skill] = (),
    until: date | None = None,
    ground: Ground | None = None,
    once: str = "",
) -> Prompt:
    """Ask colleagues by name, discipline or skill. Refused when it reaches nobody or has no words."""
    require(access.may_curate(by), _("The curator asks colleagues."))
    question, why, ground = question.strip(), why.strip(), ground or Ground()
    people, disciplines, skills = list(people), list(disciplines), list(skills)
    _check(question, why, until)
    with transaction.atomic():
        locks.until_committed("hub.ask_colleagues")  # so that two at the same moment do not ask somebody too often

        def make() -> Prompt:
            asked = _asked(by, people, disciplines, skills)
            made = Prompt.objects.create(
                question=question, why=why, by=by, until=until, wish=ground.wish, idea=ground.idea, made_at=clock.now()
            )
            made.asked.set(asked)
            write_to_all(made, asked)
            remember_choice(
                by=by, subjects=ground.subjects, proposed=ground.proposed, chosen=[one.pk for one in people]
            )
            audit.record(by=by, verb="hub.ask_colleagues", target=made, asked=len(asked))
            events.tell(PromptAsked(made.pk))
            return made

        groups = [[one.pk for one in rows] for rows in (people, disciplines, skills)]
        content = {"question": question, "why": why, "until": until, "asked": groups}
        pk, _new = done_once(f"hub.ask_colleagues:{by.pk}", once, content, make)
    return Prompt.objects.get(pk=pk)


def _check(question: str, why: str, until: date | None) -> None:
    if not 0 < len(question) <= 300:
        raise Refused(_("Ask in one sentence, of at most 300 characters."), code="bad_question", field="question")
    if len(why) > 300:
        raise Refused(_("At most %(most)s characters here.") % {"most": 300}, code="too_long", field="why")
    if until is not None and until < today():
        raise Refused(_("That day is past."), code="past", field="until")


def _asked(
    by: Person, people: Iterable[Person], disciplines: Iterable[Discipline], skills: Iterable[Skill]
) -> list[Person]:
    reached = Q(pk__in=[one.pk for one in people]) | Q(discipline__in=list(disciplines)) | Q(skills__in=list(skills))
    everybody = Person.objects.filter(reached, is_active=True).exclude(pk=by.pk).distinct()
    there = everybody.exclude(pk__in=away_now())
    found = list(there.exclude(pk__in=had_enough())[: MOST_ASKED + 1])
    if not found and there.exists():
        sentence = _("They had enough questions this week. Ask somebody else, or next week.")
        raise Refused(sentence, code="enough", field="people")
    if not found and everybody.exists():
        sentence = _("They are away. Ask somebody else, or when they are back.")
        raise Refused(sentence, code="away", field="people")
    if not found:
        raise Refused(
            _("Nobody is asked yet: choose colleagues, a discipline or a skill."), code="nobody", field="people"
        )
    if len(found) > MOST_ASKED:
        most = {"most": MOST_ASKED}
        raise Refused(_("That is more than %(most)s colleagues at once.") % most, code="too_many", field="people")
    return found


def answer_prompt(
    *, by: Person, prompt: Prompt, sentence: str = "", capture: Capture | None = None, declined: bool = False
) -> PromptAnswer:
    """Answer with a sentence or a capture, or kindly decline (nobody else sees that). Again changes the answer; what
    was said stays where only a photo comes."""
    asked = prompt.asked.filter(pk=by.pk).exists()
    require(access.may_show(by) and (asked or access.may_curate(by)), _("This question was asked to others."))
    sentence = sentence.strip()
    if len(sentence) > 500:
        raise Refused(_("One sentence is enough: at most 500 characters."), code="too_long", field="sentence")
    if not (sentence or capture or declined):
        raise Refused(_("Write one sentence, or show a photo."), code="empty", field="sentence")
    if prompt.closed_at is not None:
        raise Refused(_("This question is closed. Thank you anyway."), code="closed")
    with transaction.atomic():
        said = {"sentence": sentence, "capture": capture, "declined": declined and not (sentence or capture)}
        answer, new = PromptAnswer.objects.select_for_update().get_or_create(
            prompt=prompt, by=by, defaults={**said, "at": clock.now()}
        )
        if not new and not _differs(answer, said):
            return answer
        if not new:
            for name, value in said.items():
                setattr(answer, name, value if name == "declined" else value or getattr(answer, name))
            answer.at = clock.now()
            answer.save()
        audit.record(by=by, verb="hub.answer_prompt", target=prompt, declined=answer.declined)
    return answer


def _differs(answer: PromptAnswer, said: Mapping[str, object]) -> bool:
    return any(getattr(answer, name) != value for name, value in said.items())


def close_prompt(*, by: Person, prompt: Prompt) -> Prompt:
    """No more answers are needed; it leaves everybody's Today."""
    require(access.may_curate(by), _("The curator asks colleagues."))
    with transaction.atomic():
        found = Prompt.objects.select_for_update().get(pk=prompt.pk)
        if found.closed_at is None:
            found.closed_at = clock.now()
            found.save(update_fields=["closed_at"])
            audit.record(by=by, verb="hub.close_prompt", target=found)
    return found


def keep_answer(*, by: Person, answer: PromptAnswer) -> Item:
    """Put an answer in words into the library, in the name of who gave it. Once, however often it is pressed."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    if not answer.sentence:
        raise Refused(_("There are no words in this answer."), code="empty")

    def make() -> Item:
        made = Item.objects.create(
            kind=ItemKind.TEXT,
            title=logic.title_of(answer.sentence),
            text=f"{answer.prompt.question}\n\n{answer.sentence}",
            by_id=answer.by_id,
            made_at=answer.at,
        )
        PromptAnswer.objects.filter(pk=answer.pk).update(item=made)
        audit.record(by=by, verb="hub.keep_answer", target=made, answer=answer.pk)
        return made

    return kept_once(ANSWER, str(answer.pk), answer.sentence, make, by=by)
