"""What X is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import (
    THREAD,
    Delivery,
    Limits,
    Manifest,
    OAuth,
    Shape,
    SourceKind,
    TriedAgainst,
)
from koor.ground.channels.contract import message_id as _

VERSION = "2"

MANIFEST = Manifest(
    key="x",
    name="X",
    what=_("Short messages about the news of the hour; journalists, politicians and people with a complaint."),
    why_people=_("It goes fast, and an answer is seen by everybody."),
    works_well=_("Answer quickly and kindly; tell what is going on when something is broken."),
    delivery=Delivery.BLIND,
    delivery_by=(("reads", "yes", Delivery.READABLE),),
    limits=Limits(
        characters=280,
        link_characters=23,
        weighted=True,
        media=4,
        media_bytes=5_000_000,
        film_bytes=512_000_000,
        media_kinds=("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4"),
        alt_characters=1000,
        shapes=(Shape.LANDSCAPE, Shape.SQUARE),
    ),
    options=(THREAD,),
    sources=(
        SourceKind(
            "mentions",
            _("Who mentions or answers this account"),
            covers=_(
                "Posts that name this account or answer it. Each costs money, and without our name nothing is heard."
            ),
        ),
    ),
    oauth=OAuth(
        authorise="https://x.com/i/oauth2/authorize",
        token="https://api.x.com/2/oauth2/token",  # noqa: S106 an address
        scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
        basic=True,
        register="https://console.x.com",
        steps=(
            _("Make an app there and put credits on it: X is paid by use."),
            _("Under User authentication: Read and write, a confidential client, and the address of this house."),
            _("Copy the OAuth 2.0 Client ID and Client Secret."),
        ),
    ),
    publishes=True,
    replies=True,
    edits=True,
    deletes=True,
    checks=True,
    pieces=True,
    api_version=VERSION,
    checked_on=date(2026, 11, 23),
    source="docs.x.com",
    tried_against=TriedAgainst.SPECIFICATION,
    notes=_(
        "X is paid by use: a post $0.015, with a link $0.20, a picture's description $0.005, a mention that is read "
        "$0.001, taking away $0.01. A program may answer only who mentioned the account, and nothing may be liked. "
        "Nobody has seen this working with X yet."
    ),
)
