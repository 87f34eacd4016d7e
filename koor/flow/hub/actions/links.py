"""A link gets the title of its page, through the door of the house: never from its own network, within limits."""

from __future__ import annotations

from html.parser import HTMLParser

from django.db import transaction

from koor.flow.hub import access
from koor.flow.hub.models import Item
from koor.kernel import audit
from koor.kernel.access import System, require
from koor.kernel.http import Door, NotSent, Unclear

MOST_BYTES, SECONDS = 2_000_000, 15.0
READ = 300_000  # characters in which a title is looked for
PAGES = ("text/html", "application/xhtml+xml")


def name_link(*, by: System, item_id: int) -> None:
    """Give a link without a title that of its page. What does not answer, or is no page, keeps its address."""
    require(access.may_show(by))
    url = Item.objects.filter(pk=item_id, title="").values_list("url", flat=True).first()
    title = _title_at(url) if url else ""
    if not title:
        return
    with transaction.atomic():
        found = Item.objects.select_for_update().filter(pk=item_id, title="", url=url).first()
        if found is not None:  # somebody may have named it meanwhile
            found.title = title
            found.save(update_fields=["title"])
            audit.record(by=by, verb="hub.name_link", target=found)


def _title_at(url: str) -> str:
    door = Door(plain_reads=True, max_bytes=MOST_BYTES)
    try:
        answer = door.request("GET", url, headers={"accept": ", ".join(PAGES)}, timeout=SECONDS)
    except (NotSent, Unclear):
        return ""
    if answer.status != 200 or answer.headers.get("content-type", "").split(";")[0].strip().lower() not in PAGES:
        return ""
    return title_in(answer.text)


def title_in(page: str) -> str:
    """What a page calls itself: the title that it gives for sharing, else the one of its window."""
    reader = _Titles()
    reader.feed(page[:READ])
    words = " ".join((reader.shared or reader.window).split())
    return "".join(one for one in words if one.isprintable())[:200].strip()


class _Titles(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shared, self.window, self.inside = "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.inside = tag == "title" and not self.window
        if tag == "meta" and said.get("property") == "og:title" and not self.shared:
            self.shared = said.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "title"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.window += data
