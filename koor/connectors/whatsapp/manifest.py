"""What WhatsApp is and what its Cloud API allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

VERSION = "v26.0"

MANIFEST = Manifest(
    key="whatsapp",
    name="WhatsApp",
    what=_(
        "Nearly everybody in the Netherlands has it on the phone. Customers write to the number of the organisation."
    ),
    why_people=_("It is where people talk already: a photo of the boiler and one sentence, without a form."),
    works_well=_("Answer soon and short. After a day of silence only a message that Meta approved beforehand may go."),
    delivery=Delivery.BLIND,
    limits=Limits(
        characters=4096,
        media=1,
        media_bytes=5_000_000,
        film_bytes=16_000_000,
        media_kinds=("image/jpeg", "image/png", "video/mp4", "audio/mp4"),
    ),
    asks=(
        Asked("number_id", _("Number of the phone number at Meta"), _("In the app's page: Phone number ID.")),
        Asked("access_token", _("Access token"), _("Of a system user that does not expire."), secret=True),
        Asked("app_secret", _("App secret"), _("In the app's settings; deliveries are signed with it."), secret=True),
        Asked("verify_token", _("Verify token"), _("A word of your own; fill in the same one at Meta."), secret=True),
        Asked("api", _("Address of the interface"), required=False, default=f"https://graph.facebook.com/{VERSION}"),
        Asked("template", _("Approved message to go on with"), _("Its name at Meta."), required=False),
        Asked(
            "template_language", _("Language of that message"), _("Such as nl or en_US"), required=False, default="nl"
        ),
        Asked("template_text", _("Its words, with {{1}} for the first name"), required=False),
    ),
    options=(
        Asked("to", _("Where the answer goes")),
        Asked("template", _("Approved message"), required=False),
        Asked("template_language", _("Language of that message"), required=False),
        Asked("template_values", _("What is filled in"), required=False),
    ),
    sources=(
        SourceKind(
            "messages",
            _("Messages to this number"),
            pushed=True,
            covers=_("What is sent to us here, and nothing else."),
        ),
    ),
    personal=False,
    publishes=True,
    replies=True,
    checks=True,
    pushed=True,
    answer_hours=24,
    answers_only=True,
    closed=True,
    known_by="phone",
    api_version=VERSION,
    checked_on=date(2026, 11, 23),
    source="developers.facebook.com/documentation/business-messaging/whatsapp",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_("Built by the published description; nobody has seen it working with Meta yet."),
)
