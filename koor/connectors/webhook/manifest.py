"""What a signed webhook is: how messages come from a system that has no connector of its own."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="webhook",
    name=_("Webhook"),
    what=_("Messages from a system of your own: a shop, a forum, an app, or a program between Koor and another place."),
    why_people=_("They write where they are already, and need not know that you answer from Koor."),
    works_well=_("Whoever looks after that system sends each message here, signed. Answers are given there, by hand."),
    delivery=Delivery.BLIND,
    limits=Limits(),
    asks=(
        Asked("site", _("Short name of the system"), _("Such as shop: people are known by it, as els@shop.")),
        Asked(
            "signing_secret",
            _("Signing secret"),
            _("A long word of your own, or one that begins with whsec_; the other system signs with the same one."),
            secret=True,
        ),
    ),
    sources=(
        SourceKind(
            "messages",
            _("Messages that are sent here"),
            pushed=True,
            covers=_("What is sent to us here, and nothing else."),
        ),
    ),
    personal=False,
    pushed=True,
    network=False,
    checked_on=date(2026, 11, 22),
    source="standardwebhooks.com",
    tried_against=TriedAgainst.SPECIFICATION,
    notes=_("Every delivery is signed and at most five minutes old; without a secret the door stays shut."),
)
