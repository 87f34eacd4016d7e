from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a colleague does in the choir. Roles, not ranks; several at once."""

    FACE = "face", _("Known face")
    HELPER = "helper", _("Helper")
    CAPTAIN = "captain", _("Captain")
    CURATOR = "curator", _("Curator")
    PR = "pr", _("PR on duty")
    ADMINISTRATOR = "administrator", _("Administrator")
    PRIVACY = "privacy", _("Data protection")


# What it is to be one, in a few words; who invites a colleague may read none of this elsewhere.
DOES = {
    Role.FACE: _("keeps relations warm, in their own name"),
    Role.HELPER: _("answers what people ask"),
    Role.CAPTAIN: _("is visible: what lies ahead, and the human answer"),
    Role.CURATOR: _("conducts: library, calendar, conversations"),
    Role.PR: _("is called when something burns"),
    Role.ADMINISTRATOR: _("looks after the house and who comes in"),
    Role.PRIVACY: _("shows and erases what is kept of people"),
}


class Autonomy(TextChoices):
    """How far a colleague goes alone; grows with lessons and good work."""

    PRACTISE = "practise", _("Practise")
    BUDDY = "buddy", _("With a buddy")
    OWN = "own", _("On your own")


class SkillKind(TextChoices):
    SUBJECT = "subject", _("Knows about")
    CRAFT = "craft", _("Is good at")
    LANGUAGE = "language", _("Speaks")
    PLATFORM = "platform", _("At home on")


class ImportKind(TextChoices):
    COLLEAGUES = "colleagues", _("Colleagues")
    CONTACTS = "contacts", _("People outside")
    CALENDAR = "calendar", _("Places in the calendar")
