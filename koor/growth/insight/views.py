"""Pages of insight: what it did, what it means, and what each figure counts."""

from datetime import date
from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.growth.insight import logic, queries
from koor.kernel import clock
from koor.kernel.access import NotFound
from koor.kernel.groups import FLOOR
from koor.kernel.paging import page

BUCKET_WORDS = {
    "quarter": _("within a quarter"), "hour": _("within the hour"), "four_hours": _("within four hours"),
    "day": _("the same day"), "later": _("later"),
}  # fmt: skip
PLOT_WIDTH, PLOT_HEIGHT = 170, 78  # pixels of the drawings
EARLIEST = 2000


def _first(year: int, number: int) -> date:
    today = clock.today(house().zone)
    if not year:
        return logic.first_of_month(today)
    if not (EARLIEST <= year <= today.year and 1 <= number <= 12) or date(year, number, 1) > today:
        raise NotFound
    return date(year, number, 1)


def _shared(request: SignedIn, first: date) -> dict[str, Any]:
    this_month = logic.first_of_month(clock.today(house().zone))
    after = logic.month_after(first)
    return {"first": first, "previous": logic.month_before(first), "next": after if after <= this_month else None}


@require_GET
def month(request: SignedIn, year: int = 0, number: int = 0) -> HttpResponse:
    """What did it do, in a month."""
    first = _first(year, number)
    found = queries.month(request.user, first)
    context = _shared(request, first) | {
        "month": found,
        "buckets": _bars(found.answers),
        "most": max((number for _key, number in found.answers.buckets), default=0) or 1,
        "dots": logic.dots(found.helped),
        "dots_high": logic.DOT * -(-found.helped // logic.DOTS_A_ROW),
        "parts": _plots(found.parts),
    }
    return render(request, "insight/month.html", context)


def _bars(answers: logic.Answered) -> list[dict[str, Any]]:
    return [{"key": key, "words": BUCKET_WORDS[key], "number": number} for key, number in answers.buckets]


def _plots(parts: list[logic.Part]) -> list[dict[str, Any]]:
    drawn = []
    for part in parts:
        points = logic.curve(part.weeks, part.of, PLOT_WIDTH, PLOT_HEIGHT)
        line = " ".join(f"{x},{y}" for x, y in points)
        area = f"M2 76L{' L'.join(f'{x} {y}' for x, y in points)} L{points[-1][0]} 76Z"
        drawn.append({"part": part, "line": line, "area": area, "end": points[-1]})
    return drawn


@require_GET
def picture(request: SignedIn, year: int = 0, number: int = 0) -> HttpResponse:
    """What does it mean: the month in words, held against the month before."""
    first = _first(year, number)
    found = queries.month(request.user, first)
    before = queries.month(request.user, logic.month_before(first))
    said = [_said(remark) for remark in logic.remarks(found.summary, before.summary)]
    context = _shared(request, first) | {"month": found, "said": said}
    return render(request, "insight/picture.html", context)


# key: (what happened, what it means or what to do, the page for it, the words of that link)
SAID: dict[str, tuple[Any, Any, str, Any]] = {
    "soon": (
        _("Half of the %(number)s answers came within %(minutes)s minutes."),
        _("People reach a person. Keep it visible: say on your page how soon you usually answer."),
        "",
        "",
    ),
    "slower": (
        _("Half of the %(number)s answers came within %(minutes)s minutes; the month before it was %(before)s."),
        _("People wait longer. See who could help at the hour that it gets busy."),
        "people:skills",
        _("Who can do what"),
    ),
    "late": (
        _("Half of the %(number)s answers took longer than %(minutes)s minutes."),
        _("That is longer than people like to wait. A first sentence may come before the solution."),
        "conversations:inbox",
        _("To the inbox"),
    ),
    "silent": (
        _("Nothing went out this month."),
        _("Ask one colleague one question; a photo and a sentence is enough."),
        "hub:prompts",
        _("Ask a question"),
    ),
    "fewer_posts": (
        _("We showed our work %(posts)s times; the month before %(before)s."),
        _("The rhythm drops. The calendar shows where the gaps are."),
        "calendar:month",
        _("To the calendar"),
    ),
    "posts": (
        _("We showed our work %(posts)s times, %(own)s of them in colleagues' own voices."),
        _("People know people: what a colleague says themselves is seen by those who know them."),
        "",
        "",
    ),
    "posts_of_the_house": (
        _("We showed our work %(posts)s times, all of it in the name of the house."),
        _("People know people: ask somebody to show one in their own words."),
        "publishing:posts",
        _("Posts"),
    ),
    "quiet_group": (
        _("%(names)s took part least: %(number)s of %(of)s."),
        _("Not everybody has something every week. A question that fits their work helps more than a reminder."),
        "hub:prompts",
        _("Ask a question"),
    ),
    "story": (
        _("%(carried)s of %(colleagues)s carry our story."),
        _("Most know why we do this. Let the work show it."),
        "",
        "",
    ),
    "story_low": (
        _("%(carried)s of %(colleagues)s carry our story."),
        _("A good moment to tell it once more, in five minutes, at the coffee machine."),
        "story:carried",
        _("How far it is carried"),
    ),
}


def _said(remark: logic.Remark) -> dict[str, Any]:
    happened, meaning, place, words = SAID[remark.key]
    values = dict(remark.values)
    if "names" in values:
        values["names"] = ", ".join(cast(tuple[str, ...], values["names"])) or __("Colleagues without a discipline")
    return {"happened": happened % values, "meaning": meaning, "url": reverse(place) if place else "", "words": words}


@require_GET
def posts(request: SignedIn, year: int, number: int) -> HttpResponse:
    """The posts that the figure counts."""
    first, platform = _first(year, number), request.GET.get("on", "")
    context = _shared(request, first) | {
        "page": page(queries.posts_of(request.user, first, platform), request),
        "platform": queries.platform(request.user, platform) if platform else "",
    }
    return render(request, "insight/posts.html", context)


@require_GET
def followed(request: SignedIn, year: int, number: int) -> HttpResponse:
    """The links that the figure counts."""
    first = _first(year, number)
    context = _shared(request, first) | {"page": page(queries.followed_in(request.user, first), request)}
    return render(request, "insight/followed.html", context)


@require_GET
def answers(request: SignedIn, year: int, number: int) -> HttpResponse:
    """The answers that the figure counts."""
    first, within = _first(year, number), request.GET.get("within", "")
    within = within if within in BUCKET_WORDS else ""
    context = _shared(request, first) | {
        "page": page(queries.answers_in(request.user, first, within), request),
        "within": BUCKET_WORDS.get(within, ""),
    }
    return render(request, "insight/answers.html", context)


@require_GET
def helped(request: SignedIn, year: int, number: int) -> HttpResponse:
    """The people that the figure counts."""
    first = _first(year, number)
    context = _shared(request, first) | {"page": page(queries.helped_in(request.user, first), request)}
    return render(request, "insight/helped.html", context)


@require_GET
def service(request: SignedIn) -> HttpResponse:
    """How soon who shows something hears of it, and what becomes of it."""
    found = queries.served(request.user)
    return render(request, "insight/service.html", {"served": found, "floor": FLOOR})
