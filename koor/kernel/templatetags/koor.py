"""What every template of the house may use: icons, faces, moments, figures and safe links.
Pure rendering without a query, so that a page costs the same with one row and with a thousand."""

from __future__ import annotations

import re
import uuid
import zlib
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.dateformat import time_format as format_time
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.kernel import clock
from koor.kernel.icons import ICONS

register = template.Library()

FACE_SIZES = (20, 24, 28, 32, 40, 44, 48, 56, 64, 96)
TINTS = 6
LINKED_UP_TO = 100_000  # longer texts are shown without links: nobody reads them, and looking for links costs time
_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An inline drawing; silent for a screen reader unless it has a label of its own."""
    return _drawn_icon(name, str(label), css)


@lru_cache(maxsize=1000)
def _drawn_icon(name: str, label: str, css: str) -> SafeString:
    drawing = mark_safe(ICONS[name])  # noqa: S308 our own constant
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', classes, label, drawing
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, drawing)


@register.simple_tag
def face(person: Any, size: int = 40, label: str | bool = "") -> SafeString:
    """A person, always: picture, drawn face or initials. Round is ours, a rounded square is outside.

    `person` is anything with `name`, and optionally `picture_url`, `face` (the key of a drawn face) and `outside`.
    `None` is somebody whom we do not know yet."""
    name = str(getattr(person, "name", "") or "")
    outside = person is None or bool(getattr(person, "outside", False))
    alternative = name if label is True else str(label or "")
    return _drawn_person(name, _face_source(person), int(size), outside, alternative)


@lru_cache(maxsize=4000)
def _drawn_person(name: str, source: str, size: int, outside: bool, alternative: str) -> SafeString:
    nearest = min(FACE_SIZES, key=lambda known: abs(known - size))
    classes = f"face s{nearest}" + (" outside" if outside else "")
    if source:
        return format_html(
            '<img class="{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
            classes,
            source,
            alternative,
            nearest,
            nearest,
        )
    tint = zlib.crc32(name.encode()) % TINTS + 1
    if alternative:
        return format_html(
            '<span class="{} initials tint-{}" role="img" aria-label="{}">{}</span>',
            classes,
            tint,
            alternative,
            initials(name),
        )
    return format_html('<span class="{} initials tint-{}" aria-hidden="true">{}</span>', classes, tint, initials(name))


def _face_source(person: Any) -> str:
    if picture := getattr(person, "picture_url", ""):
        return str(picture() if callable(picture) else picture)
    return _drawn_face(str(getattr(person, "face", "") or ""))


@lru_cache(maxsize=1000)
def _drawn_face(key: str) -> str:
    """The address of a drawn face; empty for one that is not there, so that its person gets initials."""
    path = f"shell/faces/{key}.svg"
    return static(path) if re.fullmatch(r"[a-z0-9-]+", key) and finders.find(path) else ""


def initials(name: str) -> str:
    """Two letters of a name: the first of the first word and the first of the last ("Rob te Velthuis" is RV)."""
    words = [word for word in re.split(r"[\s-]+", name) if word and word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def _clock(moment: datetime | time) -> str:
    """The time of day: 14.42 in Dutch, 14:42 in English."""
    return (format_time if isinstance(moment, time) else format_date)(
        moment, "G.i" if translation.get_language() == "nl" else "G:i"
    )


def _name_of_day(day: date, pattern: str) -> str:
    return _named_in(translation.get_language() or "", day, pattern)


@lru_cache(maxsize=4000)
def _named_in(language: str, day: date, pattern: str) -> str:
    """In the language that is spoken now: a page names the same days again and again."""
    text = format_date(day, pattern)
    return text.lower() if language == "nl" else text


@register.filter
def when(moment: datetime | date | time | None, form: str = "") -> str:
    """When something was or will be, as one says it: "vandaag 14.42", "morgen 9.30", "di 17 nov", "17 nov 2024".

    Forms: "time" (14.42), "day" (vandaag; dinsdag 17 november), "short" (14.42 today, else 17 nov),
    "full" (dinsdag 17 november 14.42), "date" (Dinsdag 17 november, as a heading), "at" (di 17 nov 14.42),
    "lately" (gisteren; dinsdag within a week; 9 november), "brief" (17 nov, whatever day it is),
    "log" (14.42 today, else di 17 nov 14.42: a line of a log is nothing without its time)."""
    if moment is None or moment == "":
        return ""
    if isinstance(moment, time):
        return _clock(moment)
    today = timezone.localdate(clock.now())
    if not isinstance(moment, datetime):
        return _said_day(moment, today, form)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    if form == "time":
        return _clock(local)
    if form in {"short", "log"} and local.date() == today:
        return _clock(local)
    if form == "short":
        return _said_day(local.date(), today, form)
    if form in {"day", "date", "lately", "brief"}:
        return _said_day(local.date(), today, form)
    far = abs((local.date() - today).days) > 1
    if far and form not in {"full", "at", "log"}:
        return _said_day(local.date(), today, form)
    return f"{_said_day(local.date(), today, form)} {_clock(local)}"


def _said_day(day: date, today: date, form: str) -> str:
    if form == "date":
        said = _name_of_day(day, "l j F")
        return said[:1].upper() + said[1:]
    if form == "brief":
        return _name_of_day(day, "j M")
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((day - today).days)
    if near and form not in {"short", "full"}:
        return near
    if form == "lately" and timedelta(0) < today - day < timedelta(7):
        return _name_of_day(day, "l")
    this_year = abs((day - today).days) < 300
    patterns = {
        "lately": ("j F", "j F Y"),
        "short": ("j M", "M Y"),
        "day": ("l j F", "l j F Y"),
        "full": ("l j F", "l j F Y"),
    }
    usual, distant = patterns.get(form, ("D j M", "j M Y"))
    return _name_of_day(day, usual if this_year else distant)


@register.simple_tag
def moment(value: datetime | None, form: str = "") -> SafeString:
    """`when` inside a `time` element that also gives the exact moment."""
    if not value:
        return mark_safe("")
    today = timezone.localdate(clock.now())
    return _drawn_moment(value, form, today, timezone.get_current_timezone_name(), translation.get_language() or "")


@lru_cache(maxsize=4000)
def _drawn_moment(value: datetime, form: str, today: date, zone: str, language: str) -> SafeString:
    """The same until midnight, wherever it stands."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), when(value, "full"), when(value, form)
    )


@register.filter
def without_echo(field: Any) -> Any:
    """A field of a form, without a placeholder that only says its label again."""
    echo = str(field.field.widget.attrs.get("placeholder", "")).casefold()
    same = echo and echo.startswith(str(field.label).casefold())
    return field.as_widget(attrs={"placeholder": False}) if same else field


@register.filter
def waiting(value: datetime | timedelta | int | None) -> str:
    """How long somebody waits, in one unit: "12 min", "1 hour", "3 hours", "2 days"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.now() - value
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 36:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@register.filter
def is_now(since: datetime) -> bool:
    """Whether it was within the last minute."""
    return clock.now() - since < timedelta(minutes=1)


@register.filter
def waits(since: datetime) -> str:
    """How long somebody waits, said: "waits 12 min"; who came within the last minute is just in."""
    if is_now(since):
        return _("just in")
    return _("waits %(wait)s") % {"wait": waiting(since)}


@register.filter
def thousands(value: float | int | None) -> str:
    """12.400 in Dutch, 12,400 in English; a minus is a minus and not a hyphen."""
    if value is None:
        return ""
    dutch = translation.get_language() == "nl"
    text = f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{int(value):,}"
    if dutch:
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "\N{MINUS SIGN}")


@register.simple_tag
def mail_goes() -> bool:
    """Whether this house has a mail server; without one letters wait, and a link is handed over by hand."""
    return bool(settings.EMAIL_HOST)


@register.simple_tag
def once_field() -> SafeString:
    """The key that makes a form count once, however often its button is pressed."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.filter
def linked(text: str | None) -> SafeString:
    """Plain text of anybody: escaped, with its web addresses as links and its line breaks kept."""
    said = str(text or "")
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(said) if len(said) <= LINKED_UP_TO else ():
        address = found.group().rstrip(".,:;!?)]}’”…")
        pieces += [_broken(said[at : found.start()]), _anchor(address)]
        at = found.start() + len(address)
    pieces.append(_broken(said[at:]))
    return mark_safe("".join(pieces))  # noqa: S308 each piece is escaped


def _broken(text: str) -> str:
    return str(escape(text)).replace("\r\n", "\n").replace("\n", "<br>")


def _anchor(address: str) -> str:
    shown = re.sub(r"^https?://(www\.)?", "", address, flags=re.IGNORECASE).rstrip("/")
    shown = shown if len(shown) <= 42 else shown[:40] + "…"
    return format_html('<a href="{}" rel="nofollow noopener ugc">{}</a>', address, shown)


@register.filter("in_which_language")
def language_name(code: str) -> str:
    """A language by its name, in the language of whoever looks: "nl-BE" is Dutch. Templates call it by another name:
    `language_name` is Django's, which speaks English."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.partition("-")[0].lower(), {})
    english = known.get("name", "")
    return _(english) if english else code


@register.filter
def marked(pieces: Any) -> SafeString:
    """Pieces of a text, those that are `marked` with a marker."""
    said = (escape(one.text) if not one.marked else f"<mark>{escape(one.text)}</mark>" for one in pieces)
    return mark_safe("".join(said))  # noqa: S308 each piece is escaped


@register.filter
def in_bold(words: Any) -> SafeString:
    """Words in bold, with commas between them; what is no word, such as a question mark, in quotation marks."""
    said = (escape(word) if any(map(str.isalnum, word)) else f"<q>{escape(word)}</q>" for word in map(str, words))
    return mark_safe(", ".join(f'<b dir="auto">{word}</b>' for word in said))  # noqa: S308 each is escaped


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The address of this page with some of its GET parameters changed; `None` or "" takes one away."""
    request = context.get("request")
    parameters = QueryDict(mutable=True) if request is None else request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


LONGEST_AT_HOME = 11  # digits of a number without its country


@register.filter
def dialled(number: Any) -> str:
    """What a telephone dials: of "+31 (0)6 1234 5678, after six" +31612345678; empty where no number stands, or two
    that read as one."""
    abroad = re.sub(r"((?:\+|\b00)\s?\d{1,3}[\s-]?)\(0\)", r"\1", str(number or ""))
    found = re.search(r"\+?\d(?:[\s().-]{0,2}\d){4,14}", abroad)
    said = re.sub(r"[^+\d]", "", found.group()) if found else ""
    return said if len(said) <= LONGEST_AT_HOME or said.startswith(("+", "00")) else ""


@register.filter
def undo_address(message: Any) -> str:
    """The address of this house that takes back what a message tells: `extra_tags="undo=/posts/4/undo/"`."""
    return _address(message, "undo")


@register.filter
def teach_address(message: Any) -> str:
    """The page of this house where one tells Koor to do so from now on: `extra_tags="teach=/rules/add/?like=4"`."""
    return _address(message, "teach")


def _address(message: Any, name: str) -> str:
    found = re.search(rf"(?:^|\s){name}=(/[^\s/][^\s]*|/)(?:\s|$)", str(getattr(message, "extra_tags", "") or ""))
    return found.group(1) if found else ""
