"""What mentions are about: sorted by Koor, corrected by people, who also name new topics."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.teaching import teach, word
from koor.flow.listening.choices import NO_TOPIC, Question, first_name
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.logic.learner.batch import say_many, text_of
from koor.flow.listening.logic.learner.questions import label_of
from koor.flow.listening.logic.topics import SURE, fits
from koor.flow.listening.models import About, Mention, TopicName, Wording, topic_name
from koor.ground.people.access import Colleague
from koor.kernel import audit, locks, memory
from koor.kernel.access import Refused, require

LONGEST = 40


def sort_by_topic(*, by: Colleague) -> int:
    """Say of what came in what it is about, as far as its words tell. How many were looked at."""
    require(access.may_listen(by))
    mentions = queries.to_sort()
    known = queries.taught(Question.TOPIC)
    if not mentions or len(known.words) < 2:
        return 0
    return _sort(mentions, known)


def sort_again(mentions: Sequence[Mention]) -> None:
    """What has other words long after it came in is met by no look at the last day."""
    fresh = [one for one in mentions if not one.ours and one.text and not queries.is_for_one(one)]
    known = queries.taught(Question.TOPIC)
    if fresh and len(known.words) > 1:
        _sort(fresh, known)


def _sort(mentions: Sequence[Mention], known: queries.Taught) -> int:
    texts = [text_of(one.text, one.language.partition("-")[0]) for one in mentions]
    made = []
    for mention, text, one in zip(mentions, texts, say_many(known.learner, texts), strict=True):
        label = known.learner.labels[one.label]
        topic = label if one.sure >= SURE or fits(text.words, known.words[label]) else ""
        made.append(About(mention=mention, said_at=mention.said_at, topic=topic))
    made.sort(key=lambda one: one.mention_id)  # in this order, as who marks many does
    About.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def tell_topic(*, by: Colleague, mention: Mention, label: str) -> None:
    """A person says what it is about, which teaches, or that it is about no topic (`NO_TOPIC`); an empty label takes
    that back, and Koor sorts it as if nobody had said anything."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    topic = "" if label == NO_TOPIC else label
    teach(Question.TOPIC, mention.text, topic, by=by, source=queries.source_of(mention))
    if queries.is_for_one(mention):
        return
    if label:
        said = {"topic": topic, "by_id": by.pk, "said_at": mention.said_at}
        About.objects.update_or_create(mention=mention, defaults=said)
        return
    About.objects.filter(mention=mention).delete()
    known = queries.taught(Question.TOPIC)
    if mention.text and len(known.words) > 1:
        _sort([mention], known)


@transaction.atomic
def name_topic(*, by: Colleague, name: str, words: str, mentions: Sequence[Mention]) -> str:
    """A new topic with the words that speak for it; these mentions are about it, and teach it."""
    require(access.may_connect(by), _("The words of the learner are for the curator to choose."))
    label = label_of(name)[:LONGEST]
    lines = list(dict.fromkeys(" ".join(one.split())[:80] for one in words.replace(",", "\n").splitlines()))
    lines = [one for one in lines if one] or [label]
    if not label:
        raise Refused(_("Give the topic a name."), code="no_name", field="name")
    locks.until_committed("listening.name_topic")
    if _named_just_now(label, mentions):
        return label
    _name_free(name, label)
    Wording.objects.create(question=Question.TOPIC, label=label, words="\n".join(lines[:50]))
    memory.forget()
    audit.record(by=by, verb="listening.name_topic", name=label, mentions=len(mentions))
    for one in mentions:
        tell_topic(by=by, mention=one, label=label)
    return label


def _name_free(name: str, label: str, *, but: str = "") -> None:
    """Refused where another topic is called so."""
    others = [one for one in queries.all_words(Question.TOPIC) if one != but]
    if label in others or name.casefold() in {topic_name(one).casefold() for one in others}:
        raise Refused(_("There is a topic of this name already."), code="name_taken", field="name")


@transaction.atomic
def change_topic(*, by: Colleague, label: str, name: str, words: str) -> None:
    """Another name for a topic, and other words to begin with. What was sorted and taught under it stays: only people
    see its name."""
    require(access.may_connect(by), _("The words of the learner are for the curator to choose."))
    locks.until_committed("listening.name_topic")
    name, before = clean_line(name, LONGEST + 1), topic_name(label)
    if not name or not label_of(name):
        raise Refused(_("Give the topic a name."), code="no_name", field="name")
    if len(name) > LONGEST:
        raise Refused(_("A name can have 40 characters, not more."), code="long_name", field="name")
    _name_free(name, label_of(name), but=label)
    word(by=by, question=Question.TOPIC, words={label: words})
    if name != before:
        TopicName.objects.filter(label=label).delete()
        if name != first_name(label):
            TopicName.objects.create(label=label, name=name)
        memory.forget()
        audit.record(by=by, verb="listening.rename_topic", before=before, after=name)


def _named_just_now(label: str, mentions: Sequence[Mention]) -> bool:
    """A second click: all of these were said to be about it already."""
    rows = About.objects.filter(mention__in=[one.pk for one in mentions], topic=label, by__isnull=False)
    return bool(mentions) and rows.count() == len(mentions)


@transaction.atomic
def dismiss_topic(*, by: Colleague, mentions: Sequence[Mention]) -> None:
    """These are about nothing that needs a name: they are not proposed again."""
    require(access.may_connect(by), _("The words of the learner are for the curator to choose."))
    About.objects.filter(mention__in=[one.pk for one in mentions], topic="").update(by_id=by.pk)
    audit.record(by=by, verb="listening.dismiss_topic", mentions=len(mentions))
