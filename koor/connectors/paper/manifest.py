"""Paper: a platform that nobody outside can see."""

from datetime import date

from koor.ground.channels.contract import Act, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="paper",
    name=_("Paper"),
    what=_("A stage inside the house. What you post here goes nowhere and is kept."),
    why_people=_("To practise without an audience, and to see how a post would look."),
    works_well=_("Try a first post, let a buddy read it, throw it away, try again."),
    delivery=Delivery.CLIENT_ID,
    limits=Limits(characters=20_000, link_characters=None, media=10, alt_characters=1500),
    publishes=True,
    edits=True,
    deletes=True,
    acts=tuple(Act),
    undoes=(Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK),
    network=False,
    public=False,
    api_version="1",
    checked_on=date(2026, 11, 21),
    source="koor",
    tried_against=TriedAgainst.LIVE,
)
