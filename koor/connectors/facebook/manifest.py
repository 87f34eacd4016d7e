"""What Facebook is and what its interface allows a page. Facts with their source and date stand in README.md."""

from datetime import date

from koor.connectors.meta import FACEBOOK, VERSION
from koor.ground.channels.contract import (
    BELOW_OURS,
    NAMING_US,
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
    key="facebook",
    name="Facebook",
    what=_("Where many families, clubs and villages in the Netherlands still talk. Organisations have a page there."),
    why_people=_("People are there for their family, their club and their village, and find a firm of nearby again."),
    works_well=_("Show people and places that the neighbourhood knows. Answer under the post, soon and kindly."),
    delivery=Delivery.READABLE,
    limits=Limits(
        characters=63206,
        media=10,
        media_bytes=4_000_000,
        film_bytes=500_000_000,
        media_kinds=("image/jpeg", "image/png", "video/mp4"),
        shapes=(Shape.LANDSCAPE, Shape.SQUARE, Shape.PORTRAIT),
    ),
    oauth=OAuth(
        authorise=f"https://www.facebook.com/{VERSION}/dialog/oauth",
        token=f"{FACEBOOK}/oauth/access_token",
        scopes=(
            "pages_show_list",
            "pages_manage_posts",
            "pages_manage_engagement",
            "pages_read_engagement",
            "pages_read_user_content",
        ),
        separator=",",
        pkce=False,
        refreshes=False,
        register="https://developers.facebook.com/apps/",
        steps=(
            _("Make an app of the kind Business and add Facebook Login for Business."),
            _("Fill in the address to come back to under Facebook Login, Settings, Valid OAuth redirect URIs."),
            _("The number and the secret stand under App settings, Basic."),
            _("To hear at once: Webhooks, Page, feed and mention, with the address on the account's own page."),
            _("For pages of others than the app's own people Meta wants to review the app first."),
        ),
    ),
    sources=(
        SourceKind("comments", _("What people say under our posts"), covers=BELOW_OURS),
        SourceKind("mentions", _("Posts that name our page"), covers=NAMING_US),
    ),
    personal=False,
    publishes=True,
    replies=True,
    edits=True,
    deletes=True,
    checks=True,
    pushed=True,
    pieces=True,
    acts=(Act.LIKE, Act.HIDE, Act.DELETE),
    undoes=(Act.LIKE, Act.HIDE),
    api_version=VERSION,
    checked_on=date(2026, 11, 23),
    source="developers.facebook.com/docs/pages-api",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_(
        "Pages only: Facebook lets no program post on the profile of a person; for that, post by hand. Built by the "
        "published description; nobody has seen it working with Meta yet."
    ),
)
