"""A conversation as a row of a list. In Python, for the inbox shows a hundred of them."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries import Row
from koor.kernel import clock, links
from koor.kernel.templatetags.koor import face, icon, moment, waits, when

register = template.Library()


@register.simple_tag
def row_of(row: Row, place: str = "talk", open: int | str = "") -> SafeString:
    """One item: who, how long they wait, what they say, whose it is. `open`: the number of the one that is read."""
    one = row.conversation
    page = "conversations:inbox_one" if place == "inbox" else "conversations:talk_one"
    address = links.Row(page).address(one.pk) + ("" if place == "inbox" else "#newest")
    current = ' aria-current="true"' if one.pk == open else ""
    name = (one.contact.name if one.contact else "") or _("Somebody")
    sign = icon("ohoh", _("Oh-oh"), "tiny-sign") if one.ohoh else ""
    short = row.short if row.short.lower() != row.channel.lower() else ""  # such as a direct line on its own page
    whose = ", ".join(part for part in (row.channel, short) if part)
    return mark_safe(  # noqa: S308 each piece is escaped
        f'<li data-row data-of="{one.pk}"><a href="{address}"{current}>{face(one.contact or "", 40)}'
        f"<div><b>{escape(name)}</b>{_when(one)}<p>{_said(row)}</p>"
        f'<span class="to">{sign}{escape(whose)}{_due(one)}</span></div></a></li>'
    )


def _when(one: Conversation) -> str:
    if not one.waiting_since or one.state != ConversationState.OPEN:
        return moment(one.last_at, "short")
    return f'<span class="time {"ohoh" if one.ohoh else "wait"}">{escape(waits(one.waiting_since))}</span>'


def _due(one: Conversation) -> str:
    """Before when an answer was promised; when it comes back, of what was put off."""
    if one.state == ConversationState.SNOOZED and one.snoozed_until:
        back = _("back %(moment)s") % {"moment": when(one.snoozed_until)}
        return f' <span class="due">{escape(back)}</span>'
    if not one.due_at or not one.waiting_since or one.state != ConversationState.OPEN:
        return ""
    late = one.due_at <= clock.now()
    words = (_("before %(moment)s, over") if late else _("before %(moment)s")) % {"moment": when(one.due_at)}
    return f' <span class="due{" late" if late else ""}">{escape(words)}</span>'


def _said(row: Row) -> str:
    """What waits for an answer, else the latest that was said or sent."""
    one = row.conversation
    if one.asked:
        return escape(one.asked)
    said = escape(one.preview) or _quiet(row.wordless or _("Only notes"))
    we = _("We:")
    return f"{_quiet(we)} {said}" if one.ours_last else said


def _quiet(words: str) -> str:
    return f'<span class="quiet">{escape(words)}</span>'
