"""The newsroom: our own place, that no platform can take away."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="newsroom",
    name=_("Newsroom"),
    what=_("Your own public pages, with feeds that anyone can follow. What you say here stays yours."),
    why_people=_(
        "Customers, journalists and search engines find here what the house says, without signing in anywhere."
    ),
    works_well=_("Tell how the work is done, show the result, put mistakes right in the open."),
    delivery=Delivery.CLIENT_ID,
    limits=Limits(
        characters=20_000,
        media=10,
        media_kinds=("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "application/pdf"),
        alt_characters=1500,
    ),
    options=(Asked("title", _("Title of the page"), required=False),),
    personal=False,
    publishes=True,
    edits=True,
    titled=True,
    edits_title=True,
    deletes=True,
    network=False,
    api_version="1",
    checked_on=date(2026, 11, 21),
    source="koor",
    tried_against=TriedAgainst.LIVE,
    notes=_("The pages are part of this house; they are public as soon as the house has a public address."),
)
