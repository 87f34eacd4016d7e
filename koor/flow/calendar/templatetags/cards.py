"""Places of the calendar as cards. In Python, for a month shows hundreds of them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.calendar.models import Slot
from koor.flow.calendar.queries import Card, Placed
from koor.kernel import links
from koor.kernel.templatetags.koor import face, icon, when

register = template.Library()


@register.simple_tag
def card(placed: Placed) -> SafeString:
    """One item of a list: whose it is, when, what, and how it stands."""
    return cards([placed])


@register.simple_tag
def cards(places: Iterable[Placed]) -> SafeString:
    """The items of a day."""
    page, move = links.Row("calendar:slot"), links.Row("calendar:move_slot")
    words = {"set": _("ready"), "promise": _("promised"), "gap": _("gap")}
    return mark_safe("".join(_card(placed, page, move, words[placed.standing]) for placed in places))  # noqa: S308 escaped


def _card(placed: Placed, page: links.Row, move: links.Row, word: str) -> str:
    slot, standing = placed.slot, placed.standing
    held = slot.person or slot.team
    said = f"{escape(held.name)}, " if held else ""
    at = f"<time>{when(slot.time)}</time>" if slot.time else ""
    trouble = f'<span class="gapword">{escape(_trouble(placed))}</span>' if standing == "gap" else ""
    return (
        f'<li class="slot {standing}" data-slot="{slot.pk}" data-version="{slot.version}"'
        f' data-move="{move.address(slot.pk)}">{_face(slot)}{at}'
        f'<p><a href="{page.address(slot.pk)}">{escape(str(slot))}'
        f'<span class="unseen">, {said}{escape(word)}</span></a></p>{trouble}</li>'
    )


def _face(slot: Slot | Card) -> str:
    if slot.person:
        return face(slot.person, 20)
    inside = icon("people") if slot.team_id else "?"
    return f'<span class="face s20 initials" aria-hidden="true">{inside}</span>'


def _trouble(placed: Placed) -> str:
    if placed.away and placed.slot.person:
        return _("%(name)s is away") % {"name": placed.slot.person.first_name}
    return _("Nobody yet")
