"""What Instagram is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.connectors.meta import VERSION
from koor.ground.channels.contract import (
    BELOW_OURS,
    Act,
    Delivery,
    Limits,
    Manifest,
    OAuth,
    Shape,
    SourceKind,
    TriedAgainst,
)
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="instagram",
    name="Instagram",
    what=_("Pictures and short films. Many people between 15 and 45 look there each day; firms show who they are."),
    why_people=_("People come to look and to be cheered up, and follow what has a face."),
    works_well=_("One good photo of people at work, a few honest words, and an answer to who reacts."),
    delivery=Delivery.STAGED,
    limits=Limits(
        characters=2200,
        media=10,
        media_bytes=8_000_000,
        film_bytes=300_000_000,
        media_kinds=("image/jpeg", "video/mp4"),
        alt_characters=1000,
        shapes=(Shape.PORTRAIT, Shape.SQUARE, Shape.LANDSCAPE),
        needs_media=True,
    ),
    oauth=OAuth(
        authorise="https://www.instagram.com/oauth/authorize",
        token="https://api.instagram.com/oauth/access_token",  # noqa: S106 an address
        scopes=(
            "instagram_business_basic",
            "instagram_business_content_publish",
            "instagram_business_manage_comments",
        ),
        separator=",",
        pkce=False,
        refreshes=False,
        register="https://developers.facebook.com/apps/",
        steps=(
            _("Make an app of the kind Business and add Instagram, API setup with Instagram login."),
            _("Fill in the address to come back to under Business login settings."),
            _("The Instagram app ID and secret stand there too; they are not those of the app itself."),
            _("To hear at once: Webhooks, comments, with the address on the account's own page."),
            _("For accounts of others than the app's own people Meta wants to review the app first."),
        ),
    ),
    sources=(SourceKind("comments", _("What people say under our posts"), covers=BELOW_OURS),),
    publishes=True,
    replies=True,
    checks=True,
    fetches=True,
    pushed=True,
    acts=(Act.HIDE, Act.DELETE),
    undoes=(Act.HIDE,),
    api_version=VERSION,
    checked_on=date(2026, 11, 23),
    source="developers.facebook.com/docs/instagram-platform",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_(
        "For professional accounts. Instagram fetches pictures itself, so the house needs a public https address. What "
        "is up can't be changed or taken away by a program. Built by the published description; nobody has seen it "
        "working with Meta yet."
    ),
)
