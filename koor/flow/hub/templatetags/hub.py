"""Pictures in templates: `{% load hub %}{% picture medium "(max-width: 480px) 50vw, 190px" %}`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.hub import queries
from koor.kernel import files, links

register = template.Library()
EAGER, LAZY = mark_safe(""), mark_safe(' loading="lazy"')


@register.simple_tag
def picture(medium: Any, sizes: str = "100vw", css: str = "photo", alt: str = "", eager: bool = False) -> SafeString:
    """A picture in the size that the screen needs, WebP before JPEG. No query when renditions are fetched already.

    `sizes` as in HTML; `alt` stands in for a picture that nobody has described."""
    if medium is None:
        return mark_safe("")
    renditions = sorted(medium.renditions.all(), key=lambda one: one.width)
    jpegs = [one for one in renditions if one.format == "jpeg"]
    if not jpegs:
        return mark_safe("")
    webps = [one for one in renditions if one.format == "webp"]
    middle = next((one for one in jpegs if one.width >= 1000), jpegs[-1])
    return format_html(
        '<picture><source type="image/webp" srcset="{}" sizes="{}">'
        '<img class="{}" src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} decoding="async"></picture>',
        _srcset(webps),
        sizes,
        css,
        files.url_of(middle.file),
        _srcset(jpegs),
        sizes,
        middle.width,
        middle.height,
        medium.alt or alt,
        EAGER if eager else LAZY,
    )


@register.simple_tag
def shown(medium: Any, sizes: str = "100vw", css: str = "photo", alt: str = "", eager: bool = False) -> SafeString:
    """A picture as `picture` does; a film with its poster and a voice note with the browser's own player, which
    never begin by themselves; a document as pages to leaf through."""
    file = queries.recording(medium) if medium else None
    if medium is not None and medium.kind != "photo" and not medium.renditions.all():
        return format_html('<p class="small quiet">{}</p>', queries.not_ready_sentence(medium))
    if file is None:
        return picture(medium, sizes, css, alt, eager)
    words, address = medium.alt or alt, files.url_of(file.file)
    if file.format == "pdf":
        return _leaves(medium, words, address)
    if file.format == "m4a":
        return format_html(
            '<audio class="voice" controls preload="none" src="{}" aria-label="{}"></audio>',
            address,
            words or _("Voice note"),
        )
    return format_html(
        '<video class="{}" controls playsinline preload="none" src="{}" poster="{}" width="{}" height="{}"'
        ' aria-label="{}"></video>',
        css,
        address,
        _poster_address(medium),
        file.width,
        file.height,
        words or _("Film"),
    )


def _leaves(medium: Any, words: str, address: str) -> SafeString:
    """Pages beside each other, to be moved along with a finger, the wheel or the arrow keys. One query."""
    count = medium.page_count
    leaves = format_html_join(
        "",
        '<li><img src="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async"></li>',
        (
            (files.url_of(one.file), one.width, one.height, _("Page %(n)s of %(of)s") % {"n": one.number, "of": count})
            for one in medium.pages.select_related("file")
        ),
    )
    said = ngettext("Document of %(n)s page (PDF)", "Document of %(n)s pages (PDF)", count) % {"n": count}
    return format_html(
        '<div class="document" role="group" aria-label="{}"><ol class="leaves" tabindex="0" aria-label="{}">{}</ol>'
        '<p class="small"><a href="{}" download>{}</a></p></div>',
        words or said,
        _("Pages"),
        leaves,
        address,
        said,
    )


@register.simple_tag
def cut(medium: Any, shape: str, css: str = "photo", alt: str = "", parts: Any = ()) -> SafeString:
    """A picture as it is cut to a shape, without making a file of it: the part that is shown, as a drawing. `parts`:
    as it was cut then."""
    source = queries.rendition(medium, width=1000)
    if source is None:
        return mark_safe("")
    box = queries.box_within(source, parts) if parts else queries.box_of(medium, shape, source)
    if box is None:
        return mark_safe("")
    return format_html(
        '<svg class="{} cut" viewBox="{}" width="{}" height="{}" role="img" aria-label="{}" data-shape="{}">'
        '<image href="{}" width="{}" height="{}" preserveAspectRatio="none"/></svg>',
        css,
        " ".join(str(side) for side in box),
        box.width,
        box.height,
        medium.alt or alt,
        shape,
        files.url_of(source.file),
        source.width,
        source.height,
    )


@register.simple_tag
def focal_mark(medium: Any, source: Any) -> SafeString:
    """A whole picture in a drawing, with a ring around what it is about."""
    point = queries.focus_of(medium) or queries.cut_of(medium, "")
    return format_html(
        '<image href="{}" width="{w}" height="{h}"/><circle class="ring" cx="{x}" cy="{y}" r="{r}"/>'
        '<circle class="ring in" cx="{x}" cy="{y}" r="{r}"/>',
        files.url_of(source.file),
        w=source.width,
        h=source.height,
        x=round(source.width * point.x / 100),
        y=round(source.height * point.y / 100),
        r=round(min(source.width, source.height) / 16),
    )


@register.filter
def slowest(media: Any) -> Any:
    """The film or voice note that is least far; None when there are photos only."""
    return min((one for one in media if one.kind != "photo"), key=lambda one: one.progress, default=None)


@register.filter
def lasts(medium: Any) -> str:
    """How long a film or voice note is, as 1:05."""
    seconds = round(medium.seconds or 0) if medium else 0
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds else ""


def _srcset(renditions: list[Any]) -> SafeString:
    return format_html_join(", ", "{} {}w", ((files.url_of(one.file), one.width) for one in renditions))


@register.simple_tag
def thumb(medium: Any, css: str = "thumb", alt: str = "") -> SafeString:
    """The smallest picture, for a list."""
    jpegs = (
        sorted((one for one in medium.renditions.all() if one.format == "jpeg"), key=lambda one: one.width)
        if medium
        else []
    )
    if not jpegs:
        return mark_safe("")
    return format_html(
        '<img class="{}" src="{}" width="88" height="88" alt="{}" loading="lazy" decoding="async">',
        css,
        files.url_of(jpegs[0].file),
        medium.alt or alt,
    )


@register.filter
def first_medium(thing: Any) -> Any:
    """The first picture of an item or a capture whose media are fetched."""
    return next(iter(thing.media.all()), None)


@register.simple_tag
def picture_address(medium: Any, width: int = 1080) -> str:
    """Where a clean JPEG of at least this width is, or the film, voice note or document itself, to save or to share;
    empty when there is none."""
    whole = queries.recording(medium)
    return files.url_of(whole.file) if whole else _poster_address(medium, width)


def _poster_address(medium: Any, width: int = 1080) -> str:
    jpegs = sorted((one for one in medium.renditions.all() if one.format == "jpeg"), key=lambda one: one.width)
    found = next((one for one in jpegs if one.width >= width), jpegs[-1] if jpegs else None)
    return files.url_of(found.file) if found else ""


@register.simple_tag(takes_context=True)
def narrowed(context: Any, name: str, choice: Any) -> str:
    """The library with this choice of a facet, or without it when it is chosen already; from the first page."""
    asked = [one for one in _asked(context) if one[0] != name]
    if not choice.chosen:
        asked.append((name, choice.value))
    return f"{links.of_page('hub:library')}?{urlencode(asked)}"


def _asked(context: Any) -> list[tuple[str, str]]:
    """What stands in the address already, but for the page; read once for all the choices."""
    kept = context.render_context
    if "asked" not in kept:
        given = context["request"].GET
        kept["asked"] = [(name, value) for name in given for value in given.getlist(name) if name != "page"]
    found: list[tuple[str, str]] = kept["asked"]
    return found
