"""Reads of wishes. Everybody in the house reads the sentence, how many wished it and where; who that was stands where
it was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from koor.flow.hub.models import Item, Prompt, PromptAnswer, Voice, Wish
from koor.flow.hub.queries.library import items_visible_to, with_renditions
from koor.ground.people.models import Person
from koor.kernel import together
from koor.kernel.access import NotFound


def wishes(person: Person, *, closed: bool = False) -> QuerySet[Wish]:
    """Wishes as the house counts them, the latest first; `voiced`, `asked` and `answered` on each, with its voices."""
    if not person.is_active:
        return Wish.objects.none()
    rows = Wish.objects.filter(merged_into=None, closed_at__isnull=not closed)
    voices = Prefetch("voices", Voice.objects.order_by("-said_at", "-pk"))
    merged = Prefetch("merged", Wish.objects.order_by("-made_at", "-pk").prefetch_related(voices))
    return _with_standing(rows).prefetch_related(voices, merged).order_by("-made_at", "-pk")


def _with_standing(rows: QuerySet[Wish]) -> QuerySet[Wish]:
    of_it = Q(wish=OuterRef("pk")) | Q(wish__merged_into=OuterRef("pk"))
    alike = Voice.objects.filter(of_it).order_by().annotate(_alike=Value(1)).values("_alike")
    somebody = Coalesce(F("contact_id"), -F("pk"))  # one person counts once, wherever they said it
    number = alike.annotate(_number=Count(somebody, distinct=True)).values("_number")
    given = Q(prompt__wish=OuterRef("pk")) | Q(prompt__wish__merged_into=OuterRef("pk"))
    prompts, answers = Prompt.objects.filter(of_it), PromptAnswer.objects.filter(given, declined=False)
    shown = Item.objects.filter(removed_at=None).filter(
        Q(wishes=OuterRef("pk")) | Q(wishes__merged_into=OuterRef("pk"))
    )
    return rows.annotate(
        voiced=Coalesce(Subquery(number), 0), asked=Exists(prompts), answered=Exists(answers) | Exists(shown)
    )


def open_wishes(person: Person, *, apart_from: Wish | None = None) -> QuerySet[Wish]:
    """Those to choose from; without one and what was counted together with it."""
    rows = Wish.objects.filter(merged_into=None, closed_at=None) if person.is_active else Wish.objects.none()
    if apart_from is not None:
        rows = rows.exclude(pk=apart_from.pk)
    return rows.order_by("-made_at", "-pk")


def wish(person: Person, pk: int) -> Wish:
    """One wish; NotFound when it is not there."""
    if not person.is_active:
        raise NotFound
    found = _with_standing(Wish.objects.select_related("by", "merged_into")).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Around:
    """What belongs to a wish."""

    voices: list[Voice] = field(default_factory=list)
    merged: list[Wish] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def around_wish(person: Person, wish: Wish) -> Around:
    """Its voices, what was counted with it, the questions that came of it, and what answers it."""
    merged = list(Wish.objects.filter(merged_into=wish).order_by("-made_at", "-pk"))
    all_of_it = [wish.pk, *(one.pk for one in merged)]
    counts = {
        "answered": Count("answers", filter=Q(answers__declined=False), distinct=True),
        "asked_number": Count("asked", distinct=True),
    }
    prompts = Prompt.objects.filter(wish__in=all_of_it).annotate(**counts).select_related("by__picture")
    voices, asked = together.lists(
        Voice.objects.filter(wish__in=all_of_it).order_by("-said_at", "-pk"), prompts.order_by("-made_at", "-pk")
    )
    return Around(voices, merged, asked, list(_answering(person, all_of_it)[:24]))


def contacts_of(person: Person, wish: Wish) -> tuple[int, ...]:
    """Who wished it, as far as we know them; to find who knows them, never to be shown."""
    rows = Voice.objects.filter(Q(wish=wish) | Q(wish__merged_into=wish)).exclude(contact=None)
    return tuple(rows.values_list("contact", flat=True).distinct())


def _answering(person: Person, wishes: Iterable[int]) -> QuerySet[Item]:
    """Items that answer these wishes: chosen by hand, or made of an answer to a question about them."""
    ids = list(wishes)
    chosen = Q(wishes__in=ids)
    given = PromptAnswer.objects.filter(prompt__wish__in=ids, declined=False)
    made = Q(pk__in=given.values("item")) | Q(capture__in=given.values("capture"))
    rows = items_visible_to(person).filter(pk__in=Item.objects.filter(chosen | made).values("pk"))
    return (
        rows.select_related("by__picture", "capture")
        .prefetch_related(Prefetch("media", with_renditions()))
        .order_by("-made_at", "-pk")
    )


@dataclass
class Wished:
    """A wish as a room above shows it beside what was said: with the items that answer it."""

    wish: Wish
    items: list[int]


def wished(person: Person, origin: str, ids: Sequence[int]) -> dict[int, list[Wished]]:
    """By what was said, the wishes in it, each as the house counts it. Two queries at most."""
    return {pk: many for (_origin, pk), many in wished_in(person, [(origin, pk) for pk in ids]).items()}


def wished_in(person: Person, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], list[Wished]]:
    """The same of what was said in several rooms, by origin and number."""
    known = {f"{origin}:{pk}": (origin, pk) for origin, pk in keys}
    there = Q(also__overlap=list(known))
    for origin in {origin for origin, _pk in keys}:
        there |= Q(origin=origin, origin_id__in=[pk for one, pk in keys if one == origin])
    found: dict[tuple[str, int], list[Wished]] = {}
    for voice in Voice.objects.filter(there).select_related("wish__merged_into").order_by("pk"):
        shown = voice.wish.merged_into or voice.wish
        for key in sorted({known[one] for one in (f"{voice.origin}:{voice.origin_id}", *voice.also) if one in known}):
            found.setdefault(key, []).append(Wished(shown, []))
    all_of_it = {one.wish.pk for many in found.values() for one in many}
    for item, wish in _pairs(person, all_of_it) if all_of_it else ():
        for one in (one for many in found.values() for one in many if one.wish.pk == wish and item not in one.items):
            one.items.append(item)
    return found


def _pairs(person: Person, wishes: set[int]) -> list[tuple[int, int]]:
    """Items that answer these wishes, or what was counted together with them, as (item, wish)."""
    own = Coalesce("wishes__merged_into", "wishes__pk")
    words = Coalesce("answers__prompt__wish__merged_into", "answers__prompt__wish")
    photos = Coalesce("capture__answers__prompt__wish__merged_into", "capture__answers__prompt__wish")
    seen = items_visible_to(person).order_by()
    kinds = [seen.annotate(_of=of).filter(_of__in=wishes).values_list("pk", "_of") for of in (own, words, photos)]
    return list(kinds[0].union(*kinds[1:]))
