"""A refusal of a platform in plain words, and its own words apart."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery, refusals
from koor.flow.publishing.models import Target


def theirs_of(target: Target) -> str:
    """What the platform itself answered, as it came; empty where the reason is one of ours."""
    if target.state != State.REJECTED or not target.note:
        return ""
    values = target.note_values or {}
    quoted = str(values.get("answer") or values.get("said") or "")
    ours = not target.first_sent_at or _is_ours(target.note)
    return quoted or ("" if ours else target.note)


def _is_ours(note: str) -> bool:
    """A sentence of ours stands in our translations, whatever the language of who reads."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if gettext(note) != note:
                return True
    return False


def quoted(target: Target, *, history: bool) -> tuple[str, ...]:
    """All that the platform answered to refuse it, each once. With `history` give the row with its attempts fetched."""
    tries = sorted(target.attempts.all(), key=lambda one: one.number) if history else ()
    said = [one.answer for one in tries if one.verdict == delivery.DEFINITELY_NOT and one.because == delivery.REFUSED]
    return tuple(dict.fromkeys(filter(None, (*said, theirs_of(target)))))


def in_plain_words(theirs: str) -> str:
    """What it means and what one can do."""
    said = {
        refusals.DUPLICATE: _("The same was posted there before, it says. Look whether it is up, or change the words."),
        refusals.LONG: _("The text is too long for this platform. Make it shorter and try again."),
        refusals.MEDIA: _("It does not take what goes along. Choose another picture, film or file and try again."),
        refusals.AUTH: _("This account may not do that there. Its owner can connect it again."),
        refusals.RATE: _("It has had enough of this account for now. Try again later."),
        refusals.RULES: _("The platform holds it against its own rules. Read it once more before you try again."),
        refusals.GONE: _("What it belongs to is not there any more."),
    }
    return said.get(refusals.kind_of(theirs), _("The platform did not take it. Nothing of it is up."))
