"""A place of the calendar as a card. In Python, for a month shows hundreds of them."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.calendar.models import Slot
from koor.flow.calendar.queries import Placed
from koor.kernel import links
from koor.kernel.templatetags.koor import face, icon, when

register = template.Library()


@register.simple_tag
def card(placed: Placed) -> SafeString:
    """One item of a list: whose it is, when, what, and how it stands."""
    slot, standing = placed.slot, placed.standing
    held = slot.person or slot.team
    said = f"{escape(held.name)}, " if held else ""
    at = f"<time>{when(slot.time)}</time>" if slot.time else ""
    trouble = f'<span class="gapword">{escape(_trouble(placed))}</span>' if standing == "gap" else ""
    return mark_safe(  # noqa: S308 each piece is escaped
        f'<li class="slot {standing}" data-slot="{slot.pk}" data-version="{slot.version}"'
        f' data-move="{links.of_row("calendar:move_slot", slot.pk)}">{_face(slot)}{at}'
        f'<p><a href="{links.of_row("calendar:slot", slot.pk)}">{escape(str(slot))}'
        f'<span class="unseen">, {said}{escape(_standing(standing))}</span></a></p>{trouble}</li>'
    )


def _face(slot: Slot) -> str:
    if slot.person:
        return face(slot.person, 20)
    inside = icon("people") if slot.team_id else "?"
    return f'<span class="face s20 initials" aria-hidden="true">{inside}</span>'


def _standing(standing: str) -> str:
    if standing == "set":
        return _("ready")
    return _("promised") if standing == "promise" else _("gap")


def _trouble(placed: Placed) -> str:
    if placed.away and placed.slot.person:
        return _("%(name)s is away") % {"name": placed.slot.person.first_name}
    return _("Nobody yet")
