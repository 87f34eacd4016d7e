"""Every platform on the first day, without anyone's approval. Limits a platform: README.md, with source and date."""

from datetime import date

from koor.ground.channels.contract import (
    WHOLE,
    Asked,
    Covered,
    Custom,
    Delivery,
    Limits,
    Manifest,
    Shape,
    TriedAgainst,
    Where,
)
from koor.ground.channels.contract import message_id as _

LOOKED = date(2026, 11, 22)

COVERS = (
    Covered(
        "linkedin",
        "LinkedIn",
        _("The network of people at work: customers, colleagues, applicants and the trade, in their own names."),
        _("People come to stay in sight of those they have worked with, and to see who does what."),
        _("Your own words about your own work, with a photo. People are seen; companies much less."),
        _(
            "Programs may post for a person with their consent, but can't read back whether it worked. Pages of "
            "companies can be read. Approval takes time."
        ),
        Custom("count-words.com, leadscribe.co, vyrable.ai", LOOKED, shown=140, tags=3),
        ("linkedin.com", "lnkd.in"),
    ),
    Covered(
        "whatsapp",
        "WhatsApp",
        _("Messages between people who know each other, and channels that many follow. Nearly everyone has it."),
        _("It is where customers already are, and an answer comes the same day."),
        _("A short word and a photo to people who asked for it; a status for those who have your number."),
        _("Companies may answer through a paid interface within a day after somebody wrote. A status can't be posted."),
        Custom("wordcounterfree.com", LOOKED, tags_in=Where.NONE),
        ("whatsapp.com", "wa.me"),
    ),
    Covered(
        "whatsapp_status",
        _("WhatsApp status"),
        _("A picture with a few words, for a day, for everybody who has your number in their phone."),
        _("People look at what those they know are doing, between two messages."),
        _("The work of today, upright, with one sentence on it. It is gone tomorrow, so it may be plain."),
        _("A status can't be posted by a program."),
        Custom("whatolls.sbs, wordcounterfree.com", LOOKED, tags_in=Where.NONE, hours=24),
        ("whatsapp.com", "wa.me"),
    ),
    Covered(
        "facebook",
        "Facebook",
        _("Neighbours, clubs and local groups; people over thirty more than the young."),
        _("People follow what happens in their village and in the groups that they are in."),
        _("Work in the neighbourhood, recognisable places, questions that people like to answer."),
        _("Programs may post on pages of organisations, never on a person's own profile or in groups."),
        Custom("goldlioncreative.com, vyrable.ai", LOOKED, tags=2),
        ("facebook.com", "fb.com", "fb.me", "fb.watch"),
    ),
    Covered(
        "instagram",
        "Instagram",
        _("Pictures and short films; people between fifteen and forty, and whoever makes something beautiful."),
        _("People come to look, and to find craftsmen whose work they like."),
        _("Before and after, a detail that is finely made, a film of half a minute."),
        _("Programs may post for professional accounts, with pictures that stand at a public address."),
        Custom("charcounter.online, publish.dokuntag.com", LOOKED, shown=125, tags=5, most_tags=5, links=False),
        ("instagram.com", "instagr.am"),
    ),
    Covered(
        "x",
        "X",
        _("Short messages about the news of the hour; journalists, politicians and people with a complaint."),
        _("It goes fast, and an answer is seen by everybody."),
        _("Answer quickly and kindly; tell what is going on when something is broken."),
        _(
            "Programs pay for each post, more when it has a link, and may answer only those who named the account. "
            "Nothing may be liked by a program."
        ),
        Custom("goldlioncreative.com, vyrable.ai", LOOKED, tags=2),
        ("x.com", "twitter.com", "t.co"),
    ),
    Covered(
        "tiktok",
        "TikTok",
        _("Short films, chosen by a machine and not by whom you know; mostly people under thirty."),
        _("People come to be entertained and learn something on the way."),
        _("Show in thirty seconds how something works; apprentices do this best."),
        _("A program that was not audited may only post films that nobody else can see."),
        Custom("netinfluencer.com, unicodeinvisible.com", LOOKED, tags=3, most_tags=5, links=False),
        ("tiktok.com",),
    ),
)
PLATFORMS = (*((one.key, one.name) for one in COVERS), ("other", _("Another one")))
SHAPES = (
    (WHOLE, _("The whole picture")),
    (Shape.LANDSCAPE, _("Landscape, 1.91:1")),
    (Shape.SQUARE, _("Square")),
    (Shape.PORTRAIT, _("Portrait, 4:5")),
    (Shape.STORY, _("Story, 9:16")),
)
TAGS = (
    (Where.END, _("Below the text")),
    (Where.COMMENT, _("In the first comment")),
    (Where.NONE, _("Leave them out")),
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
    # Of another one we know nothing
    everyone={"platform": ("", *(one.key for one in COVERS if not one.key.startswith("whatsapp")))},
    options=(
        Asked("shape", _("Shape of the picture"), required=False, choices=SHAPES),
        Asked("tags", _("Hashtags at the end"), required=False, choices=TAGS),
    ),
    by_hand=True,
    covers=COVERS,
    network=False,
    api_version="",
    checked_on=LOOKED,
    source="linkedin.com, whatsapp.com, facebook.com, x.com, tiktok.com; lettercounter.org, socialswiss.tech",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_("Koor can't see what happens there: you tell it that the post is up."),
)
