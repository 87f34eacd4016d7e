"""What e-mail is and what it asks. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

SECURE = (("tls", _("TLS from the start")), ("starttls", _("STARTTLS")))

MANIFEST = Manifest(
    key="mail",
    name="E-mail",
    what=_(
        "An address of the organisation, such as hallo@: who writes there is answered from the inbox by a colleague."
    ),
    why_people=_("Everybody has it, it needs no account anywhere, and a long story or a photo fits in."),
    works_well=_("Answer with your own name, soon, in a few sentences. One question a letter."),
    delivery=Delivery.READABLE,
    limits=Limits(
        media=10,
        media_bytes=10_000_000,
        media_kinds=("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mp4"),
    ),
    asks=(
        Asked("address", _("E-mail address"), _("Such as hello@example.org; answers come from it.")),
        Asked(
            "sender",
            _("Name of the house in answers"),
            _("Stands behind the name of the colleague who answers."),
            of_house=True,
        ),
        Asked("imap_host", _("Server for incoming mail (IMAP)"), _("Such as imap.example.org")),
        Asked(
            "imap_port", _("Port for incoming mail"), _("993 with TLS, 143 with STARTTLS"), default="993", seldom=True
        ),
        Asked("imap_secure", _("Encryption of incoming mail"), choices=SECURE, default="tls", seldom=True),
        Asked("folder", _("Folder that is read"), required=False, default="INBOX", seldom=True),
        Asked("smtp_host", _("Server for outgoing mail (SMTP)"), _("Such as smtp.example.org")),
        Asked(
            "smtp_port", _("Port for outgoing mail"), _("465 with TLS, 587 with STARTTLS"), default="465", seldom=True
        ),
        Asked("smtp_secure", _("Encryption of outgoing mail"), choices=SECURE, default="tls", seldom=True),
        Asked("user", _("User name"), _("Mostly the address itself.")),
        Asked("password", _("Password"), _("With two steps at your provider: a password for one app."), secret=True),
        Asked("footer", _("Lines below every answer"), _("Such as the telephone number."), required=False),
    ),
    options=(
        Asked("to", _("Where the answer goes")),
        Asked("subject", _("Subject"), required=False),
        Asked("references", _("Letters before it"), required=False),
    ),
    sources=(
        SourceKind(
            "inbox",
            _("Letters to this address"),
            covers=_("Letters that come into this mailbox. What is moved away before Koor comes by is not heard."),
        ),
    ),
    personal=False,
    publishes=True,
    replies=True,
    checks=True,
    http=False,
    answers_only=True,
    closed=True,
    known_by="email",
    api_version="IMAP4rev1, SMTP",
    checked_on=date(2026, 11, 22),
    source="RFC 5321, 5322, 3501, 3834, 3462",
    tried_against=TriedAgainst.REAL_SERVER,
    notes=_("What lies in the mailbox already is not read: only what comes from now on."),
)
