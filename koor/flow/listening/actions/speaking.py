"""People say in which language something was said, where its source or Koor had it wrong."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.proposing import propose_soon
from koor.flow.listening.actions.storing import hold_anew, lock_queries
from koor.flow.listening.logic.clean import clean_language
from koor.flow.listening.models import Mention
from koor.ground.people.access import Colleague
from koor.kernel import audit
from koor.kernel.access import NotFound, Refused, require


@transaction.atomic
def tell_language(*, by: Colleague, mention_id: int, language: str) -> str:
    """In which language it was said; empty for none that can be told. What was known before, for the way back. Queries
    that ask for a language, and the learner, look at it anew."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    if clean_language(language) != language:  # any that sources may tell, for the way back
        raise Refused(_("Koor does not know this language."), code="unknown_language", field="language")
    lock_queries()
    mention = queries.seen_by(by).select_for_update(no_key=True).filter(pk=mention_id).first()
    if mention is None:
        raise NotFound
    before = mention.language
    if before == language:
        return before
    Mention.objects.filter(pk=mention.pk).update(language=language)
    if not mention.ours:
        hold_anew([mention.pk])
        propose_soon()
    audit.record(by=by, verb="listening.tell_language", target=mention, before=before, after=language)
    return before
