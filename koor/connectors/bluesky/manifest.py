"""What Bluesky is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import THREAD, Act, Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _


def _stream(key: str, label: str, about: str, usual: str) -> SourceKind:
    """Everything that is said, of which a query keeps what it meets."""
    covers = _(
        "Every public post that this stream carries passes by; what one of your queries meets is kept, the "
        "rest is not. Queries with author: or @ know nobody's name here."
    )
    address = Asked("address", _("Address of the stream"), about, default=usual)
    return SourceKind(key, label, (address,), pushed=True, covers=covers, streamed=True, chosen=True)


MANIFEST = Manifest(
    key="bluesky",
    name="Bluesky",
    what=_(
        "A network of short messages on an open protocol, where people choose their own feeds and can move with all "
        "their followers. Journalists, scientists and many who left X are there."
    ),
    why_people=_("People choose it because the conversation is quick, and what they see is not sold."),
    works_well=_("One thought, one good picture with words for who can't see it, and answering the same day."),
    delivery=Delivery.CLIENT_ID,
    limits=Limits(
        characters=300,
        media=4,
        media_bytes=2_000_000,
        film_bytes=100_000_000,
        media_kinds=("image/jpeg", "image/png", "image/webp", "video/mp4"),
        alt_characters=2000,
    ),
    options=(THREAD,),
    asks=(
        Asked("server", _("Address of the server"), _("Such as https://bsky.social"), default="https://bsky.social"),
        Asked("handle", _("Name of the account"), _("Such as reurslag.bsky.social")),
        Asked(
            "app_password",
            _("App password"),
            _("On Bluesky: Settings, Privacy and security, App passwords. Not the password you sign in with."),
            secret=True,
        ),
    ),
    sources=(
        SourceKind(
            "notifications",
            _("Mentions, answers and other signs of life"),
            covers=_(
                "Everything that is addressed to this account, and what stands below its latest fifty posts. Private "
                "messages are not read."
            ),
        ),
        SourceKind(
            "hashtag",
            _("A hashtag"),
            (Asked("tag", _("Hashtag"), _("Such as #heatpump")),),
            covers=_("Public posts with this hashtag that the search of Bluesky finds, back to where Koor left off."),
        ),
        SourceKind(
            "search",
            _("Words that people use"),
            (Asked("words", _("Words"), _("Such as heat pump noise")),),
            covers=_(
                "Public posts with these words that the search of Bluesky finds, back to where Koor left off. Who does "
                "not want to be found by strangers is not found."
            ),
        ),
        _stream(
            "firehose",
            _("All public posts that a query meets, from a server or relay"),
            _("A relay carries the whole network, a server its own people. It takes a good line."),
            "wss://bsky.network",
        ),
        _stream(
            "jetstream",
            _("All public posts that a query meets, from Jetstream"),
            _("The same posts as from a relay, with a tenth of the traffic."),
            "wss://jetstream2.us-east.bsky.network",
        ),
    ),
    publishes=True,
    replies=True,
    deletes=True,
    checks=True,
    acts=(Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK, Act.REPORT),
    undoes=(Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK),
    api_version="com.atproto (lexicons of November 2026)",
    checked_on=date(2026, 11, 23),
    source="docs.bsky.app, atproto.com",
    tried_against=TriedAgainst.REAL_SERVER,
    notes=_(
        "Nobody sees an edit there, so Koor makes none: take away and post again. A block is public. An answer is "
        "hidden only under what this account began, and private messages are not read. Jetstream is read by its "
        "documents; nobody has seen it working yet."
    ),
)
