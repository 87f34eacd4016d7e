"""Every platform on the first day, without anyone's approval. Limits a platform: README.md, with source and date."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

PLATFORMS = (
    ("linkedin", "LinkedIn"),
    ("whatsapp", "WhatsApp"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("x", "X"),
    ("tiktok", "TikTok"),
    ("other", _("Another one")),
)

MANIFEST = Manifest(
    key="by_hand",
    name=_("By hand"),
    what=_(
        "LinkedIn, WhatsApp, Facebook, Instagram, X, TikTok or any other app: you post it yourself, from your phone."
    ),
    why_people=_("Your own account stays your own. Nobody hands over a password, and no platform has to approve."),
    works_well=_("Koor puts text and picture ready; you share them, tap done and paste the link."),
    delivery=Delivery.BLIND,
    limits=Limits(media=10),
    asks=(
        Asked("platform", _("Where you post it"), choices=PLATFORMS, default="linkedin"),
        Asked("profile", _("Address of the profile"), _("Such as https://www.linkedin.com/in/els"), required=False),
    ),
    by_hand=True,
    network=False,
    api_version="",
    checked_on=date(2026, 11, 21),
    source="README.md",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_("Koor can't see what happens there: you tell it that the post is up."),
)
