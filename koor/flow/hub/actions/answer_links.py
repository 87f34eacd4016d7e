"""Answering a question from the letter that brought it: one sentence or one photo, without signing in, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.hub import logic
from koor.flow.hub.choices import Agrees, WhoIsIn
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.models import AnswerLink, Prompt
from koor.flow.hub.queries.mailed import mailbox_on
from koor.flow.hub.queries.prompts import check_open
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, notices, secrets

LASTS = timedelta(days=14)


def write_to_all(prompt: Prompt, asked: Sequence[Person]) -> None:
    """A letter to everybody who is asked, each with an address of their own. Part of asking."""
    box = mailbox_on()
    for person in asked:
        token, reply = secrets.new_token(), logic.fresh_token() if box else ""
        AnswerLink.objects.create(
            prompt=prompt,
            person=person,
            digest=secrets.digest(token),
            reply_digest=secrets.digest(reply) if reply else "",
            expires_at=clock.now() + LASTS,
        )
        with translation.override(person.language):
            notices.mail(
                to=person.email,
                subject=_("A question for you: %(question)s") % {"question": prompt.question},
                text=_letter(prompt, person, f"{settings.KOOR_URL}/answer/{token}/", by_mail=box is not None),
                kind="hub.question",
                way_in=True,
                reply_to=logic.with_token(box.address, reply) if box else "",
            )


def _letter(prompt: Prompt, person: Person, address: str, *, by_mail: bool) -> str:
    asks = prompt.by.first_name if prompt.by else house().name
    lines = [
        _("Hello %(name)s,") % {"name": person.first_name},
        _("%(name)s asks: %(question)s") % {"name": asks, "question": prompt.question},
        prompt.why,
        _("One sentence or one photo is enough. You need not sign in:"),
        address,
        _("Or answer this letter, with a photo or a sentence above it.") if by_mail else "",
        _("The address is yours alone and works once, for two weeks. No is fine too: then you do nothing."),
    ]
    return "\n\n".join(line for line in lines if line)


def answer_by_link(
    *, by: Person, token: str, sentence: str = "", photo: Photo | None = None, who: str = WhoIsIn.LATER
) -> Prompt:
    """The answer of whom the letter went to. A photo waits until they say who is in it. Refused
    when the address was used, is too old, or is not one."""
    from koor.flow.hub.actions.captures import capture
    from koor.flow.hub.actions.prompts import answer_prompt

    sentence = sentence.strip()
    with transaction.atomic():
        link = AnswerLink.objects.select_for_update().filter(digest=secrets.digest(token), person=by).first()
        check_open(link)
        assert link is not None
        if photo is not None:
            told = who in (WhoIsIn.NOBODY, WhoIsIn.ME)
            me = [InPicture(by.name, Agrees.YES, by)] if who == WhoIsIn.ME else []
            capture(by=by, photos=[photo], sentence=sentence, prompt=link.prompt, portrayed=me, who_told=told)
        else:
            answer_prompt(by=by, prompt=link.prompt, sentence=sentence)
        link.used_at = clock.now()
        link.save(update_fields=["used_at"])
    return link.prompt
