"""Feeds: the open way to follow any site."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="feed",
    name=_("Feeds"),
    what=_("News sites, trade magazines, forums and blogs that tell by a feed what is new."),
    why_people=_("To follow a subject without an account and without being followed."),
    works_well=_("Follow the trade press, the municipality, suppliers, and customers who write."),
    delivery=Delivery.BLIND,
    limits=Limits(characters=0),
    sources=(
        SourceKind(
            "feed",
            _("A feed"),
            (Asked("url", _("Address of the feed"), _("RSS, Atom or JSON Feed. The address of a page works too.")),),
            needs_account=False,
            covers=_(
                "What the feed shows when Koor comes by, four times an hour. A feed shows only its newest entries: "
                "what comes and goes between two visits is missed, and then this page says so."
            ),
        ),
    ),
    personal=False,
    company=False,
    api_version="RSS 0.9–2.0, Atom 1.0, JSON Feed 1.1",
    checked_on=date(2026, 11, 21),
    source="rssboard.org, RFC 4287, jsonfeed.org",
    tried_against=TriedAgainst.DOCUMENTATION,
)
