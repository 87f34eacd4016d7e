"""First drafts of what a colleague writes to somebody outside: in that person's language, to be made one's own."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from koor.flow.relations.choices import Reason
from koor.flow.relations.logic.after import After
from koor.flow.relations.models import Ambassador
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person


def language_of(contact: Contact) -> str:
    """Theirs when Koor speaks it, else the house's."""
    return contact.language if contact.language in {"nl", "en"} else people.house().language


def draft(person: Person, project: Project, moment: After, reason: str, *, address: str = "", wish: str = "") -> str:
    """A few lines after a project, with what is of use to them and to whom they know."""
    assert project.contact is not None
    with override(language_of(project.contact)):
        lines = [
            _("Hello %(name)s,") % {"name": project.contact.first_name},
            f"{_since(project, moment)} {_reason(reason, address, wish)}",
            address,
            _("Regards,") + f"\n{person.name}\n{people.house().name}",
        ]
    return "\n\n".join(line for line in lines if line)


def _since(project: Project, moment: After) -> str:
    named = {"project": project.name, "n": moment.years}
    if moment.key == "weeks":
        return _("A few weeks ago we finished “%(project)s”.") % named
    if moment.key == "season":
        return _("Half a year ago we finished “%(project)s”.") % named
    if moment.years == 1:
        return _("A year ago we finished “%(project)s”.") % named
    return _("%(n)s years ago we finished “%(project)s”.") % named


def _reason(reason: str, address: str, wish: str) -> str:
    if reason == Reason.WISH:
        said = _("You asked about it then: “%(wish)s” Here is the answer, also for others who wonder.")
        return said % {"wish": wish}
    if reason == Reason.PHOTO and address:
        return _("Here you see what it became. Show it to whom you like.")
    if reason == Reason.PHOTO:
        return _("I have a picture of it for you. Show it to whom you like.")
    if reason == Reason.USEFUL:
        return _("This may be of use to you, or to somebody you know.")
    return _("How is it doing? If something is not as it should be, I would like to hear it from you.")


def promise() -> str:
    """What an ambassador agrees to, in the language that is spoken now."""
    return _(
        "You share only what you like, in your own words and on your own accounts. We keep that you said yes, and what "
        "you tell us that you shared. You can stop on this page at any time, and need give no reason."
    )


def invitation(person: Person, ambassador: Ambassador, address: str) -> tuple[str, str]:
    """The subject and the lines that go with the address of somebody's page."""
    name, house = ambassador.contact.first_name, people.house().name
    with override(language_of(ambassador.contact)):
        lines = [
            _("Hello %(name)s,") % {"name": name},
            _("Would you like to show our work to whom you know now and then? On this page you read more, and answer:"),
            address,
            _("Regards,") + f"\n{person.name}\n{house}",
        ]
        return _("Would you show our work to whom you know?"), "\n\n".join(lines)
