"""Wishes of people outside: noted where they were said, counted together by hand, answered by what we made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.models import Item, Voice, Wish
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once

LENGTH = 300


def note_wish(
    *,
    by: Colleague,
    sentence: str = "",
    into: Wish | None = None,
    origin: str = "",
    origin_id: int | None = None,
    heard: Iterable[tuple[str, int]] = (),
    place: str = "",
    contact: Contact | None = None,
    said_at: datetime | None = None,
    once: str = "",
) -> Wish:
    """Somebody outside would like to see or know this: a new wish, or one voice more for `into`. Rooms above call it
    for what may be read there. Somebody counts once for a wish, and so does the same said thing; `heard`: what else it
    is, such as the mentions that a conversation began with."""
    require(access.may_show(by))
    sentence = " ".join(sentence.split())
    if into is None and not 0 < len(sentence) <= LENGTH:
        sentence = _("Write the wish in one sentence, of at most %(most)s characters.") % {"most": LENGTH}
        raise Refused(sentence, code="bad_sentence", field="sentence")
    author = None if is_system(by) else by.pk
    known = list(heard)

    def make() -> Wish:
        wish = _last(into) if into else Wish.objects.create(sentence=sentence, by_id=author, made_at=clock.now())
        also = [f"{name}:{pk}" for name, pk in known]
        said: dict[str, Any] = {"place": place[:120], "contact": contact, "by_id": author}
        said |= {"also": also, "said_at": said_at or clock.now()}
        if not _heard_already(wish, (origin, origin_id), known, contact):
            _voice(wish, origin, origin_id, said)
        audit.record(by=by, verb="hub.note_wish", target=wish)
        return wish

    content = {"sentence": sentence, "into": into.pk if into else 0, "origin": origin, "origin_id": origin_id}
    with transaction.atomic():
        pk, _new = done_once(f"hub.note_wish:{author}", once, content, make)
    return Wish.objects.get(pk=pk)


def _voice(wish: Wish, origin: str, origin_id: int | None, said: dict[str, Any]) -> None:
    if origin_id is None:
        Voice.objects.create(wish=wish, origin=origin, **said)
    else:
        voice, new = Voice.objects.get_or_create(wish=wish, origin=origin, origin_id=origin_id, defaults=said)
        if not new:
            _also(voice, said["also"])


def _also(voice: Voice, there: list[str]) -> None:
    """The same voice was heard in more than was known of it; a colleague may add to it in the same moment."""
    if set(there) <= set(voice.also):
        return
    locked = Voice.objects.select_for_update().get(pk=voice.pk)
    locked.also += [one for one in there if one not in locked.also]
    locked.save(update_fields=["also"])


def _heard_already(
    wish: Wish, here: tuple[str, int | None], heard: Iterable[tuple[str, int]], contact: Contact | None
) -> bool:
    """The wish was noted where it was said already, or in the conversation that began with it. By now it may be known
    who said it: then both are one person's."""
    places = Q(also__contains=[f"{here[0]}:{here[1]}"])
    for origin, pk in heard:
        places |= Q(origin=origin, origin_id=pk)
    known = Voice.objects.filter(Q(wish=wish) | Q(wish__merged_into=wish), places)
    if contact is None:
        for voice in known.order_by("pk")[:1]:
            _also(voice, [f"{origin}:{pk}" for origin, pk in heard])
            return True
        return False
    known.filter(contact=None).update(contact=contact)
    return False


def _last(wish: Wish) -> Wish:
    """The wish that this one was counted together with, if it was."""
    return wish.merged_into or wish


def merge_wishes(*, by: Colleague, wish: Wish, into: Wish) -> Wish:
    """Two sentences are one wish: their voices count together. It can be taken apart again."""
    require(access.may_curate(by), _("The curator counts wishes together."))
    with transaction.atomic():
        rows = Wish.objects.select_for_update().filter(pk__in=[wish.pk, into.pk]).order_by("pk")
        locked = {one.pk: one for one in rows}
        found, kept = locked[wish.pk], locked[into.pk]
        if kept.merged_into_id is not None:
            kept = Wish.objects.select_for_update().get(pk=kept.merged_into_id)
        if kept.pk == found.pk:
            raise Refused(_("Choose another wish."), code="same", field="into")
        if found.merged_into_id == kept.pk:
            return kept
        Wish.objects.filter(merged_into=found).update(merged_into=kept)
        found.merged_into = kept
        found.save(update_fields=["merged_into"])
        audit.record(by=by, verb="hub.merge_wishes", target=found, into=kept.pk)
    return kept


def part_wish(*, by: Colleague, wish: Wish) -> Wish:
    """It turned out to be another wish after all."""
    require(access.may_curate(by), _("The curator counts wishes together."))
    with transaction.atomic():
        found = Wish.objects.select_for_update().get(pk=wish.pk)
        if found.merged_into_id is not None:
            found.merged_into = None
            found.save(update_fields=["merged_into"])
            audit.record(by=by, verb="hub.part_wish", target=found)
    return found


def close_wish(*, by: Colleague, wish: Wish, closed: bool = True) -> Wish:
    """Nothing more is needed for it; or it is, after all."""
    require(access.may_curate(by), _("The curator closes wishes."))
    with transaction.atomic():
        found = Wish.objects.select_for_update().get(pk=wish.pk)
        if (found.closed_at is not None) != closed:
            found.closed_at = clock.now() if closed else None
            found.save(update_fields=["closed_at"])
            audit.record(by=by, verb="hub.close_wish", target=found, closed=closed)
    return found


def answer_wish(*, by: Colleague, wish: Wish, item: Item, answers: bool = True) -> Wish:
    """Something of the library answers it; or it does not, after all."""
    require(access.may_curate(by), _("The curator says what answers a wish."))
    with transaction.atomic():
        found = Wish.objects.select_for_update().get(pk=wish.pk)
        if found.items.filter(pk=item.pk).exists() != answers:
            (found.items.add if answers else found.items.remove)(item)
            audit.record(by=by, verb="hub.answer_wish", target=found, item=item.pk, answers=answers)
    return found
