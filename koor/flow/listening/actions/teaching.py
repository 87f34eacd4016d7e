"""People answer a question about a text, and the learner learns it; what is taken out it has never known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.choices import Question
from koor.flow.listening.models import Lesson, Mention, TopicName, Wording, topic_name
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, memory
from koor.kernel.access import Refused, require

LONGEST = 4_000  # characters of a text that are kept to learn from
LONGEST_WORD = 80
MOST_WORDS = 200
MENTION = Mention._meta.label_lower


@transaction.atomic
def teach(question: str, text: str, label: str, *, by: Colleague, source: str) -> Lesson | None:
    """Somebody says what the answer is. `source` tells which text it is, such as `conversations.conversation:12`: the
    same source again replaces what was said before. An empty label takes it back. Koor does not learn from itself."""
    require(by.pk is None or by.is_active, _("Only colleagues teach."))
    if by.pk is None:
        return None
    if not source or len(source) > 120:
        raise ValueError("a lesson names its source")
    if label and label not in queries.words_for(question):
        raise Refused(_("That is no answer to this question."), code="unknown_label", field="label")
    before = Lesson.objects.select_for_update().filter(question=question, source=source).first()
    said = before.label if before else ""
    if said == label:
        return before
    if before is not None:
        before.delete()
    made = _lesson(question, text, label, by, source) if label else None
    queries.lessons_changed()
    audit.record(by=by, verb="listening.teach", target=made, question=question, before=said, after=label)
    return made


def _lesson(question: str, text: str, label: str, by: Colleague, source: str) -> Lesson:
    kind, _colon, number = source.partition(":")
    mention = int(number) if kind == MENTION and number.isdecimal() else None
    return Lesson.objects.create(
        question=question,
        label=label,
        text=text.replace("\x00", "")[:LONGEST],
        source=source,
        mention_id=mention,
        by_id=by.pk,
        at=clock.now(),
    )


@transaction.atomic
def word(*, by: Colleague, question: str, words: Mapping[str, str], unused: Collection[str] = ()) -> None:
    """The organisation's own words for answers, a word or phrase a line. None: those that Koor brings. `unused`: topics
    that the house leaves out; one that it named itself goes."""
    require(access.may_connect(by), _("The words of the learner are for the curator to choose."))
    known = queries.all_words(question)
    if not {*words, *unused} <= set(known) or (unused and question != Question.TOPIC):
        raise Refused(_("That is no answer to this question."), code="unknown_label")
    for label, typed in words.items():
        lines = None if label in unused else _lines(typed)
        brought = queries.is_brought(question, label)
        if lines == [] and not brought:
            sentence = _("Without words the topic “%(name)s” goes. Tick that it may, or leave it one.")
            raise Refused(sentence % {"name": topic_name(label)}, code="topic_goes")
        if lines != known[label]:
            _write_down(question, label, lines, brought)
            audit.record(by=by, verb="listening.word", question=question, label=label, words=len(lines or ()))
    memory.forget()


def _write_down(question: str, label: str, lines: list[str] | None, brought: bool) -> None:
    """None: left out. No lines: as Koor brings it."""
    Wording.objects.filter(question=question, label=label).delete()
    if not lines and not brought:
        TopicName.objects.filter(label=label).delete()
    if lines or (lines is None and brought):
        Wording.objects.create(question=question, label=label, words="\n".join(lines or ()))


def _lines(typed: str) -> list[str]:
    """Words and phrases, each once."""
    lines = [" ".join(line.replace("\x00", "").split()) for line in typed.splitlines()]
    lines = list(dict.fromkeys(line for line in lines if line))
    if len(lines) > MOST_WORDS or any(len(line) > LONGEST_WORD for line in lines):
        raise Refused(_("At most 200 words or phrases of at most 80 characters."), code="too_many")
    return lines
