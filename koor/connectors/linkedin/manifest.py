"""What LinkedIn is and what its interface allows. Facts with their source and date stand in README.md."""

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

VERSION = "202609"  # of the interface, as year and month; LinkedIn answers to it for a year
PERSON, PAGE = "person", "page"  # of the setting `kind`
COMMUNITY = (
    "r_basicprofile",
    "w_member_social",
    "w_member_social_feed",
    "r_organization_social",
    "r_organization_social_feed",
    "w_organization_social",
    "w_organization_social_feed",
    "rw_organization_admin",
)
DOCUMENTS = ("application/pdf",)
MOST_IN_A_COMMENT = 1250

MANIFEST = Manifest(
    key="linkedin",
    name="LinkedIn",
    what=_("The network of people at work: customers, colleagues, applicants and the trade, in their own names."),
    why_people=_("People come to stay in sight of those they have worked with, and to see who does what."),
    works_well=_("Your own words about your own work, with a photo. People are seen; companies much less."),
    delivery=Delivery.BLIND,
    delivery_by=(("kind", PAGE, Delivery.READABLE),),
    limits=Limits(
        characters=3000,
        media=20,
        media_bytes=10_000_000,
        film_bytes=500_000_000,
        document_bytes=100_000_000,
        media_kinds=("image/jpeg", "image/png", "image/gif", "video/mp4", *DOCUMENTS),
        alt_characters=4086,
        shapes=(Shape.LANDSCAPE, Shape.SQUARE, Shape.PORTRAIT),
    ),
    options=(
        Asked(
            "visibility",
            _("Who sees it"),
            _("Of a person only; what a page says is for everyone."),
            required=False,
            choices=(("PUBLIC", _("Everyone")), ("CONNECTIONS", _("Connections only"))),
        ),
    ),
    everyone={"visibility": ("", "PUBLIC")},
    sources=(SourceKind("comments", _("Comments under what the page said"), only=("kind", PAGE), covers=BELOW_OURS),),
    oauth=OAuth(
        authorise="https://www.linkedin.com/oauth/v2/authorization",
        token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 an address
        scopes=("openid", "profile", "w_member_social"),
        scopes_by=(("product", "community", COMMUNITY),),
        asks=(
            Asked(
                "product",
                _("What LinkedIn granted to it"),
                choices=(
                    ("share", _("Persons: Share on LinkedIn")),
                    ("community", _("Pages: Community Management API")),
                ),
                default="share",
            ),
        ),
        pkce=False,
        refreshes=False,
        register="https://www.linkedin.com/developers/apps",
        steps=(
            _("Make an app there, connect it with the page of your organisation, and let a page admin verify it."),
            _("Under Products ask for “Share on LinkedIn” and “Sign In with LinkedIn using OpenID Connect”."),
            _("For pages ask for “Community Management API” instead, in an app of its own. LinkedIn looks at that."),
            _("Under Auth: copy the Client ID and the Client Secret, and add the address of this house."),
        ),
    ),
    publishes=True,
    replies=True,
    edits=True,
    deletes=True,
    checks=True,
    pieces=True,
    api_version=VERSION,
    retired_on=date(2027, 9, 15),
    checked_on=date(2026, 11, 23),
    source="learn.microsoft.com/linkedin",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_(
        "Built by the published description; nobody has seen it working with LinkedIn yet. Of a person LinkedIn shows "
        "a program nothing: when an answer gets lost, you are asked to look. Pages can be read back."
    ),
)
