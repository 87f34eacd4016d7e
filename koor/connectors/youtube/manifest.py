"""What YouTube is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import (
    BELOW_OURS,
    Asked,
    Delivery,
    Limits,
    Manifest,
    OAuth,
    Shape,
    SourceKind,
    TriedAgainst,
)
from koor.ground.channels.contract import message_id as _

VERSION = "v3"
FILMS = ("video/mp4", "video/quicktime", "video/webm")
PICTURES = ("image/jpeg", "image/png")
YES_NO = (("no", _("No")), ("yes", _("Yes")))

MANIFEST = Manifest(
    key="youtube",
    name="YouTube",
    what=_("Films of every length, found for years by who searches how something is done. Nearly everybody is there."),
    why_people=_("People look up how a thing works, and stay with who explains it well."),
    works_well=_("Show how it is done, calmly, with a title that says what one learns. Answer the comments."),
    delivery=Delivery.STAGED,
    limits=Limits(
        characters=5000,
        media=2,
        needs_media=True,
        media_bytes=50_000_000,
        film_bytes=256_000_000_000,
        media_kinds=(*FILMS, *PICTURES),
        shapes=(Shape.LANDSCAPE, Shape.STORY),
    ),
    options=(
        Asked(
            "privacy",
            _("Who sees it"),
            _("To try it, choose nobody but us."),
            required=False,
            choices=(("public", _("Everyone")), ("unlisted", _("Who has the link")), ("private", _("Nobody but us"))),
        ),
        Asked("tags", _("Tags"), _("With commas between them."), required=False),
        Asked("kids", _("Is it made for children?"), _("YouTube has to know by law."), required=False, choices=YES_NO),
        Asked("notify", _("Tell subscribers"), required=False, choices=(("yes", _("Yes")), ("no", _("No")))),
        Asked(
            "captions",
            _("Captions"),
            _("As SRT, for a short film; at most 1,900 characters."),
            required=False,
            lines=True,
        ),
    ),
    everyone={"privacy": ("", "public")},
    sources=(SourceKind("comments", _("Comments under the films of this channel"), covers=BELOW_OURS),),
    oauth=OAuth(
        authorise="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 an address
        scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
        extra={"access_type": "offline", "prompt": "consent"},
        register="https://console.cloud.google.com/apis/credentials",
        steps=(
            _("Make a project at Google Cloud, and switch on the YouTube Data API v3."),
            _("Make an OAuth client of the kind Web application, and add the address of this house."),
            _("To try it, plan a film that nobody but you sees: YouTube no longer keeps films private by itself."),
        ),
    ),
    publishes=True,
    replies=True,
    edits=True,
    titled=True,
    edits_title=True,
    deletes=True,
    checks=True,
    pieces=True,
    api_version=VERSION,
    checked_on=date(2026, 11, 23),
    source="developers.google.com/youtube/v3",
    tried_against=TriedAgainst.SPECIFICATION,
    notes=_(
        "A film is brought as private and shown in one step, so that it is never there twice. Then everybody sees it, "
        "also when YouTube did not audit the project: to try it, choose nobody but us. Nobody has seen this working "
        "with YouTube yet."
    ),
)
