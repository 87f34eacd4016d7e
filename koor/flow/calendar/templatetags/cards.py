"""Places of the calendar as cards, and the days of a month as cells. In Python, for a month shows hundreds of them."""

from collections.abc import Iterable
from functools import cached_property
from html import escape

from django import template
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.calendar.models import Slot
from koor.flow.calendar.queries import Card, Day, Placed, Week
from koor.ground.people.queries import today
from koor.kernel import links
from koor.kernel.templatetags.koor import face, icon, thousands, when

register = template.Library()


@register.simple_tag
def card(placed: Placed) -> SafeString:
    """One item of a list: whose it is, when, what, where, and how it stands."""
    return cards([placed])


@register.simple_tag
def cards(places: Iterable[Placed]) -> SafeString:
    """The items of a day in a list, where there is room to say whose they are."""
    return mark_safe(_Drawing(named=True).items(places))  # noqa: S308 escaped


@register.simple_tag
def days(week: Week, asked: str = "", opens: bool = False) -> SafeString:
    """The cells of a week in a month; `opens`: the first of them names its month."""
    draw = _Drawing()
    drawn = [draw.day(day, asked, names=opens and number == 0) for number, day in enumerate(week.days)]
    return mark_safe("\n".join(drawn))  # noqa: S308 escaped


class _Drawing:
    """What is the same for all that is drawn at once: addresses, words."""

    def __init__(self, *, named: bool = False) -> None:
        self.named = named
        self.today = today()
        self.page, self.move = links.Row("calendar:slot"), links.Row("calendar:move_slot")

    @cached_property
    def words(self) -> dict[str, str]:
        return {"set": escape(_("ready")), "promise": escape(_("promised")), "gap": escape(_("gap"))}

    @cached_property
    def past(self) -> str:
        return escape(_("past"))

    @cached_property
    def short(self) -> str:
        return escape(_("not ready"))

    @cached_property
    def nobody(self) -> str:
        return escape(_("Nobody yet"))

    def day(self, day: Day, asked: str, *, names: bool) -> str:
        beyond = "" if day.inside else ' class="beyond"'
        here = ' id="today"' if day.today else ""
        weekday = f'<span class="narrowonly">{escape(format_date(day.date, "D"))} </span>'
        feast = f'<li class="feast">{escape(day.holiday)}</li>' if day.holiday else ""
        items = f"<ul>{feast}{self.items(day.slots)}</ul>" if feast or day.slots else ""
        more = _more(day, asked) if day.more else ""
        shown = f'<span class="day">{weekday}{_date(day, names)}</span>{items}{more}'
        return f'<td data-place="day={day.date.isoformat()}"{here}{beyond}>{shown}</td>'

    def items(self, places: Iterable[Placed]) -> str:
        return "".join([self._item(placed) for placed in places])

    def _item(self, placed: Placed) -> str:
        slot, standing = placed.slot, placed.standing
        held = slot.person or slot.team
        said = f"{escape(held.name)}, " if held and not self.named else ""
        at = f"<time>{when(slot.time)}</time>" if slot.time else ""
        stands, trouble = self.words.get(standing) or escape(slot.not_ready), ""
        if standing == "set" and slot.day < self.today:
            stands = self.past
        if standing in ("gap", "unready"):
            trouble = f'<span class="gapword"{_hidden(standing)}>{self._trouble(placed)}</span>'
        whose = _whose(slot) if self.named else ""
        look = "gap" if standing == "unready" else standing
        return (
            f'<li class="slot {look}" data-slot="{slot.pk}" data-version="{slot.version}"'
            f' data-move="{self.move.address(slot.pk)}">{_face(slot)}{at}'
            f'<p><a href="{self.page.address(slot.pk)}">{escape(str(slot))}'
            f'<span class="unseen">, {said}{stands}</span></a></p>{whose}{trouble}</li>'
        )

    def _trouble(self, placed: Placed) -> str:
        if placed.standing == "unready":
            return escape(placed.slot.not_ready) if self.named else self.short
        if placed.away and placed.slot.person:
            return escape(_("%(name)s is away") % {"name": placed.slot.person.first_name})
        return self.nobody


def _hidden(standing: str) -> str:
    """Why something is not ready is said in the link already."""
    return ' aria-hidden="true"' if standing == "unready" else ""


def _date(day: Day, names: bool) -> str:
    """The day of the month; the first of a month, and where `names`, with its month."""
    if day.today:
        return f'<b aria-label="{escape(_("today"))}, {escape(format_date(day.date, "j F"))}">{day.date.day}</b>'
    return escape(when(day.date, "brief")) if names or day.date.day == 1 else str(day.date.day)


def _more(day: Day, asked: str) -> str:
    address = reverse("calendar:week_of", args=[day.date.isoformat()])
    said = escape(_("and %(n)s more") % {"n": thousands(day.more)})
    return (
        f'<a class="small" href="{address}{escape(asked)}">{said}'
        f'<span class="unseen">, {escape(format_date(day.date, "j F"))}</span></a>'
    )


def _whose(slot: Slot | Card) -> str:
    held = slot.person or slot.team
    account = slot.account if isinstance(slot, Slot) else None
    said = " · ".join(escape(one.name) for one in (held, account) if one)
    return f'<span class="whose">{said}</span>' if said else ""


def _face(slot: Slot | Card) -> str:
    if slot.person:
        return face(slot.person, 20)
    inside = icon("people") if slot.team_id else "?"
    return f'<span class="face s20 initials" aria-hidden="true">{inside}</span>'
