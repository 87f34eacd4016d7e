"""The learner says what it thinks that a mention is; where its promise holds, it marks by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.choices import Promise
from koor.flow.listening.logic.learner.batch import Said, say_many, text_of
from koor.flow.listening.logic.learner.promise import threshold
from koor.flow.listening.models import Learning, Mention, Proposal
from koor.flow.listening.queries.learnt import AT_ONCE, LABELS
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs, memory
from koor.kernel.access import SYSTEM, Refused, require


def propose_soon() -> None:
    """The worker looks at what came in, and again at what is open since somebody corrected."""
    from koor.flow.listening.tasks import propose as task

    jobs.later(task, only_one="listening.propose")


def propose() -> int:
    """Say of what nobody looked at what it may be. How many were looked at."""
    known = queries.taught()
    made = _proposals(queries.to_propose(), known)
    _keep(made)
    _mark_the_sure(made, known)
    if len(made) >= AT_ONCE:
        propose_soon()
    return len(made)


def propose_again(mentions: Sequence[Mention]) -> None:
    """What has other words long after it came in is met by no look at the last day."""
    fresh = [one for one in mentions if not one.label and not one.ours and one.text]
    if fresh:
        _keep(_proposals(fresh, queries.taught()))


def _keep(made: Sequence[Proposal]) -> None:
    now = clock.now()
    for one in made:
        one.made_at = now
    Proposal.objects.bulk_create(
        sorted(made, key=lambda one: one.mention_id),  # in this order, as who marks many does
        update_conflicts=True,
        unique_fields=["mention"],
        update_fields=["label", "sure", "reasons", "alike", "made_at"],
    )


def _proposals(mentions: Sequence[Mention], known: queries.Taught) -> list[Proposal]:
    texts = [text_of(mention.text, mention.language.partition("-")[0]) for mention in mentions]
    said = zip(mentions, say_many(known.learner, texts), strict=True)
    return [_proposal(mention, one, known) for mention, one in said]


def _proposal(mention: Mention, said: Said, known: queries.Taught) -> Proposal:
    alike = known.library.like(mention.text, said.label, mention.pk)
    return Proposal(
        mention=mention,
        label=LABELS[said.label],
        sure=said.sure,
        reasons=said.reasons,
        alike=[key for key in alike if key > 0],
    )


def _mark_the_sure(made: Sequence[Proposal], known: queries.Taught) -> None:
    """Mark by itself what it is sure enough of, as the house asked."""
    from koor.flow.listening.actions.marking import mark

    promise = queries.promised()
    least = threshold(known.learner.answers, promise / 100) if promise else None
    for one in made:
        if least is not None and one.sure >= least:
            with transaction.atomic():
                still_open = Mention.objects.select_for_update(no_key=True).filter(pk=one.mention_id, label="").exists()
                if still_open:
                    mark(by=SYSTEM, mention_id=one.mention_id, label=one.label)


@transaction.atomic
def promise(*, by: Colleague, promise: int) -> None:
    """How often the learner must be right to mark by itself: 90 or 95 times of 100, or never."""
    require(access.may_connect(by), _("How far the learner goes is for the curator to say."))
    if promise not in Promise.values:
        raise Refused(_("Choose one of these."), code="unknown_promise", field="promise")
    before = queries.promised()
    if before == promise:
        return
    Learning.objects.update_or_create(pk=1, defaults={"promise": promise})
    memory.forget()
    audit.record(by=by, verb="listening.promise", before=before, after=promise)
    propose_soon()
