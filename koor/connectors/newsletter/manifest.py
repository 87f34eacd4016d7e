"""What a newsletter is and what it asks. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

SECURE = (("tls", _("TLS from the start")), ("starttls", _("STARTTLS")))

MANIFEST = Manifest(
    key="newsletter",
    name=_("Newsletter"),
    what=_("Letters to people who asked for them, from your own address. No platform stands between you and them."),
    why_people=_("They chose it themselves, read it when it suits them, and stop it with one tap."),
    works_well=_("One story, a good picture, now and then. Who writes back gets an answer."),
    delivery=Delivery.CLIENT_ID,
    limits=Limits(
        characters=20_000,
        media=6,
        media_bytes=3_000_000,
        media_kinds=("image/jpeg", "image/png", "image/gif"),
        alt_characters=1500,
    ),
    asks=(
        Asked("address", _("E-mail address that it comes from"), _("Such as news@example.org")),
        Asked("sender", _("Name that it comes from"), _("Such as Reurslag"), of_house=True),
        Asked("smtp_host", _("Server for outgoing mail (SMTP)"), _("Such as smtp.example.org")),
        Asked("smtp_port", _("Port for outgoing mail"), _("465 with TLS, 587 with STARTTLS"), default="465"),
        Asked("smtp_secure", _("Encryption of outgoing mail"), choices=SECURE, default="tls"),
        Asked("user", _("User name"), _("Mostly the address itself.")),
        Asked("password", _("Password"), _("With two steps at your provider: a password for one app."), secret=True),
        Asked(
            "footer",
            _("Lines below every letter"),
            _("Who you are and where: name, address, telephone number."),
            lines=True,
        ),
        Asked("pace", _("Letters a minute, at most"), _("As your mail server allows."), required=False, default="60"),
    ),
    options=(Asked("title", _("Subject"), required=False),),
    personal=False,
    publishes=True,
    titled=True,
    checks=True,
    readers=True,
    http=False,
    api_version="SMTP",
    checked_on=date(2026, 11, 22),
    source="RFC 5321, 5322, 2369, 8058, 3464",
    tried_against=TriedAgainst.REAL_SERVER,
    notes=_(
        "Who opens it or taps a link is not measured. What went out can't be taken back. Signing the letters (DKIM) is "
        "for your mail server."
    ),
)
