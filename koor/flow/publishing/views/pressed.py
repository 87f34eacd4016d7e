"""Buttons of the compose page that put something in: a set of hashtags, pictures of a document's pages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from koor.flow.hub import actions as hub_actions
from koor.flow.hub.choices import MediumKind
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.models import Medium
from koor.flow.publishing.logic import linking
from koor.flow.publishing.queries import compose as starts
from koor.flow.publishing.queries import links, naming
from koor.flow.publishing.queries.compose import Written
from koor.ground.channels import queries as channels
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import Refused

MOST_PAGES = 10  # of a document, as pictures with one post
Picture = tuple[Medium, str]  # with its words


def pressed(request: SignedIn, written: Written, do: str) -> Written:
    """With what a pressed button puts in: a set of hashtags, or pictures of a document's pages in its place."""
    if do.startswith("named-"):
        naming.put_in(written, do)
    if do.startswith("tags-"):
        written.text = linking.with_tags(written.text, _tags(request, do))
    if do.startswith("pages-"):
        chosen = numbers.row(do.removeprefix("pages-"))
        written.pictures = [found for pair in written.pictures for found in _pages(request, written, pair, chosen)]
    return written


def _pages(request: SignedIn, written: Written, pair: Picture, chosen: int | None) -> list[Picture]:
    """Of the document that was pressed as many pages as every chosen place takes; anything else as it is."""
    document = pair[0]
    if document.pk != chosen or document.kind != MediumKind.DOCUMENT:
        return [pair]
    most = min([MOST_PAGES, *(channels.limits_of(one).media for one in written.accounts)])
    room = max(1, most - len(written.pictures) + 1)
    try:
        pages = hub_actions.pages_as_pictures(by=request.user, medium=document, most=room)
    except MediaTrouble as trouble:
        raise Refused(_("The pages can't be drawn at the moment. Try again in a minute.")) from trouble
    return [(starts.with_renditions(one), one.alt) for one in pages] or [pair]


def _tags(request: SignedIn, do: str) -> list[str]:
    """A set of hashtags that was pressed."""
    return links.tag_set(request.user, numbers.row(do.removeprefix("tags-"))).tags.split()
