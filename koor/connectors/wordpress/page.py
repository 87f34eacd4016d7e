"""A page out of a draft: its title, its address, and its text in the blocks that WordPress's editor works with."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import Draft
from koor.kernel.normal import normal

LONGEST_TITLE = 120
PICTURE = re.compile(r"<!-- wp:(image|video) .{0,5000}?<!-- /wp:\1 -->", re.DOTALL)


def parted(draft: Draft) -> tuple[str, str]:
    """Title and text. Without a title the first line is it, where it is short and not all."""
    text, told = draft.text.strip(), (draft.options.get("title", "") or draft.title).strip()
    first, _line, rest = text.partition("\n")
    if told:
        return told, text
    if rest.strip() and len(first) <= LONGEST_TITLE:
        return first.strip(), rest.strip()
    words = first if len(first) <= 70 else f"{first[:70].rsplit(' ', 1)[0]}…"
    return words, text


def slug(draft: Draft, key: str) -> str:
    """The last part of its address: words of the title, and signs that follow from the key alone."""
    plain = normal(parted(draft)[0], "NFKD").encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")
    own = sha256(key.encode()).hexdigest()[:10]
    return f"{words}-{own}" if words else own


def content(draft: Draft, media: Sequence[Mapping[str, Any]]) -> str:
    """The text as blocks; the pictures that are not above it stand below."""
    blocks = [_paragraph(part) for part in re.split(r"\n\s*\n", parted(draft)[1]) if part.strip()]
    if draft.link and draft.link not in draft.text:
        blocks.append(_paragraph(draft.link))
    return "\n\n".join([*blocks, *map(_piece, media)])


def with_pictures_of(draft: Draft, present: str) -> str:
    """Other words around the pictures that the page has."""
    return "\n\n".join([content(draft, ()), *(found[0] for found in PICTURE.finditer(present))])


def _paragraph(part: str) -> str:
    lines, said = [], part.strip()
    for line in said.split("\n"):
        end, made = 0, ""
        for link in logic.LINK.finditer(line):
            address = html.escape(link[0], quote=True)
            made += f'{html.escape(line[end : link.start()], quote=False)}<a href="{address}">{address}</a>'
            end = link.end()
        lines.append(_harmless(made + html.escape(line[end:], quote=False)))
    return f"<!-- wp:paragraph -->\n<p>{'<br>'.join(lines)}</p>\n<!-- /wp:paragraph -->"


def _harmless(text: str) -> str:
    """Square brackets are orders of plugins (shortcodes) in WordPress; as characters they are not."""
    return text.replace("[", "&#91;").replace("]", "&#93;")


def _piece(piece: Mapping[str, Any]) -> str:
    number, url, alt = int(piece["id"]), html.escape(str(piece["url"])), html.escape(str(piece.get("alt", "")))
    if piece.get("film"):
        made = f'<figure class="wp-block-video"><video controls src="{url}" aria-label="{alt}"></video></figure>'
        return f'<!-- wp:video {{"id":{number}}} -->\n{made}\n<!-- /wp:video -->'
    made = f'<figure class="wp-block-image"><img src="{url}" alt="{alt}" class="wp-image-{number}"/></figure>'
    return f'<!-- wp:image {{"id":{number}}} -->\n{made}\n<!-- /wp:image -->'
