"""What the house writes back to a colleague who sent something by mail: always to the address that it knows."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.hub import logic
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Letter
from koor.ground.people.models import Person
from koor.kernel import notices

KIND = "hub.mailed"


def answer_letter_of(made: Capture) -> None:
    """Once the photos of a letter are ready, or can't be: what arrived, what did not, and the way to finish it."""
    row = Letter.objects.filter(capture=made).select_related("person").first()
    if row is None or row.person is None:
        return
    with translation.override(row.person.language):
        number = made.media.count()
        if made.state == CaptureState.REFUSED or not number:
            _write(row.person, _("Your photo could not be used"), [_reason(made.reason), *_problems(row)])
            return
        lines = [_("What you sent stands in the library."), f"“{made.sentence}”" if made.sentence else ""]
        lines += _left_out(made, row)
        item = settings.KOOR_URL + reverse("hub:item", args=[made.item.pk]) + "#who"
        lines += [_("One thing remains: who is in it, and do they agree? Until you say so it is not published."), item]
        arrived = ngettext("Thank you, your photo arrived", "Thank you, your photos arrived", number)
        _write(row.person, arrived, lines)


def _left_out(made: Capture, row: Letter) -> list[str]:
    """What was not taken beside what was; also that a question no longer took an answer."""
    closed = _("The question was answered or closed already; the photo is kept all the same.") if row.reason else ""
    return [_reason(made.reason) if made.reason else "", *_problems(row), closed]


def words_arrived(row: Letter) -> None:
    """A sentence without a photo: an answer to a question, or an idea."""
    assert row.person is not None
    with translation.override(row.person.language):
        lines = [f"“{row.sentence}”"]
        if row.prompt is not None:
            lines += [_("Your answer to “%(question)s” arrived.") % {"question": row.prompt.question}]
            _write(row.person, _("Thank you for your answer"), [*lines, *_problems(row)])
            return
        lines += [_("There was no photo in your letter, so we kept your words as an idea.")]
        _write(row.person, _("Thank you, your idea arrived"), lines)


def not_taken(row: Letter) -> None:
    """Nothing of the letter could be kept: why, and what helps."""
    assert row.person is not None
    with translation.override(row.person.language):
        sentences = {
            "too_large": _("Your letter is too large. Send fewer photos at a time, or show them in Koor."),
            "too_often": _("That is a great deal for one day. Send the rest tomorrow, or show it in Koor."),
            "broken": _("Your letter came in damaged, so that we can't read it. Send it again."),
            "packed": _(
                "Outlook packed your photos so that only Outlook can open them. Send it as HTML or plain text."
            ),
            "used": _("You answered this already. Thank you."),
            "closed": _("This question is closed. Thank you anyway."),
        }
        missing = _("There was no photo in your letter that we can use. Attach one and send it again.")
        missing = missing if not row.problems else ""
        lines = [sentences.get(row.reason, missing), *_problems(row), settings.KOOR_URL + reverse("hub:capture")]
        _write(row.person, _("Your letter could not be taken in"), lines)


def ask_whether_theirs(row: Letter, token: str) -> None:
    """To the colleague whose address a letter bears: was it you?"""
    assert row.person is not None
    with translation.override(row.person.language):
        lines = [
            _("A letter with photos came in that bears your address. Anybody can write an address, so we ask you."),
            f"“{row.sentence}”" if row.sentence else "",
            _("Was it you? Then say so here. Otherwise do nothing, or say that it was not you."),
            settings.KOOR_URL + reverse("hub:confirm_letter", args=[token]),
            _("With the address on your own page in Koor we need not ask."),
        ]
        _write(row.person, _("Did you send us photos?"), lines)


def _problems(row: Letter) -> list[str]:
    return [_problem(name, code) for name, code in row.problems]


def _problem(name: str, code: str) -> str:
    if code == "left_out":
        return _("%(number)s more files were not looked at.") % {"number": name}
    most = _("At most %(most)s photos at a time.") % {"most": logic.MAX_PHOTOS}
    why = most if code == "too_many" else _reason(code)
    return f"{name}: {why}" if name else why


def _reason(code: str) -> str:
    return _(Reason(code).sentence) if code in [one.value for one in Reason] else code


def _write(person: Person, subject: str, lines: list[str]) -> None:
    hello = _("Hello %(name)s,") % {"name": person.first_name}
    notices.mail(to=person.email, subject=subject, text="\n\n".join(filter(None, [hello, *lines])), kind=KIND)
