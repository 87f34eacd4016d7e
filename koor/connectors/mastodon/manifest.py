"""What Mastodon is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import THREAD, Act, Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

VISIBILITIES = (
    ("public", _("Everyone")),
    ("unlisted", _("Everyone, quietly")),
    ("private", _("Followers only")),
    ("direct", _("Only the people named in it")),
)

MANIFEST = Manifest(
    key="mastodon",
    name="Mastodon",
    what=_(
        "A network of thousands of servers that talk to each other, without advertising and without an owner. "
        "Developers, journalists, public bodies and people who left other platforms are there."
    ),
    why_people=_("People choose it because nobody sells their attention, and because a question gets a real answer."),
    works_well=_("Show how something is made, answer questions, use two or three hashtags, describe your pictures."),
    delivery=Delivery.KEY,
    limits=Limits(
        characters=500,
        link_characters=23,
        media=4,
        media_bytes=16_000_000,
        film_bytes=99_000_000,
        media_kinds=(
            "image/jpeg",
            "image/png",
            "image/gif",
            "image/webp",
            "video/mp4",
            "video/webm",
            "video/quicktime",
        ),
        alt_characters=1500,
    ),
    asks=(
        Asked("server", _("Address of the server"), _("Such as https://mastodon.social")),
        Asked(
            "access_token",
            _("Access token"),
            _("On the server: Preferences, Development, New application, with read and write."),
            secret=True,
        ),
        Asked(
            "visibility",
            _("Who sees a post, unless you choose otherwise"),
            required=False,
            choices=VISIBILITIES[:3],
            default="public",
        ),
    ),
    options=(
        Asked("visibility", _("Who sees it"), required=False, choices=VISIBILITIES),
        Asked("content_warning", _("Content warning"), _("Shown first; the text opens on a tap."), required=False),
        Asked("poll", _("Poll"), _("One answer on each line, two to four."), required=False, lines=True),
        Asked("poll_hours", _("Hours that the poll stays open"), required=False, default="24"),
        THREAD,
    ),
    everyone={"visibility": ("", "public", "unlisted")},
    sources=(
        SourceKind(
            "notifications",
            _("Mentions, answers and other signs of life"),
            covers=_(
                "Everything that is addressed to this account, direct messages too. What people say about us without "
                "naming the account is not heard here."
            ),
            streamed=True,
        ),
        SourceKind(
            "hashtag",
            _("A hashtag"),
            (Asked("tag", _("Hashtag"), _("Such as #heatpump")),),
            covers=_(
                "Public posts with this hashtag that this server knows: of people on it, of those whom somebody on it "
                "follows, and what was boosted to it. What other servers keep to themselves is not heard."
            ),
            streamed=True,
        ),
        SourceKind(
            "public",
            _("All public posts that a query meets"),
            (
                Asked(
                    "whose",
                    _("Of whom"),
                    required=False,
                    choices=(("", _("Everybody whom this server knows")), ("local", _("People on this server"))),
                ),
            ),
            covers=_(
                "Every public post passes by; what one of your queries meets is kept, the rest is not. Posts that this "
                "server does not know are not heard."
            ),
            streamed=True,
            chosen=True,
        ),
    ),
    publishes=True,
    replies=True,
    edits=True,
    deletes=True,
    checks=True,
    acts=(Act.LIKE, Act.MUTE, Act.BLOCK, Act.REPORT),
    undoes=(Act.LIKE, Act.MUTE, Act.BLOCK),
    api_version="4.x (v1, v2)",
    checked_on=date(2026, 11, 23),
    source="docs.joinmastodon.org",
    tried_against=TriedAgainst.TEST_SERVER,
    notes=_(
        "Text and pictures can be edited afterwards by Koor as far as the words go. "
        "Polls can be asked; their results are not read back yet."
    ),
)
