"""Load the demo organisation into an empty house; all of it or nothing."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from koor.ground.people.models import House, Person
from koor.kernel import clock, secrets
from koor.kernel.access import Refused
from koor.shell.demo import burning, ground, inspiring, relating, showing, talking
from koor.shell.demo.moments import Moments

Say = Callable[[str], None]
SHOWN = ("Bram", "Marloes", "Hanna", "Anneke", "Femke", "Erik", "Jelle")  # with whom a newcomer signs in first


def is_empty() -> bool:
    """Nobody lives here yet."""
    return not House.objects.exists() and not Person.objects.exists()


def load(say: Say = lambda _line: None) -> bool:
    """Load the demo when the house is empty. True when it was loaded now; a second time changes nothing.

    Raises Refused in a house that is somebody's own."""
    if not is_empty():
        if House.objects.filter(demo=True).exists():
            return False
        raise Refused(_("This house is somebody's own. The demo goes into an empty one only."), code="not_empty")
    with override("nl"), transaction.atomic():
        _fill(Moments(clock.now()), say)
    _mark().unlink(missing_ok=True)
    return True


def _mark() -> Path:
    return Path(settings.KOOR_HOME) / "no-demo"


def is_unwanted() -> bool:
    """Somebody took the demo away, or asked for a link to move in: it does not come by itself any more."""
    return _mark().exists()


def never_by_itself() -> None:
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def _fill(when: Moments, say: Say) -> None:
    ground.make_house(when)
    found = ground.bring_in(when, password())
    say("sixty colleagues")
    ground.tell_story(when, found)
    ground.teach(when, found)
    met = ground.meet(when, found)
    projects = ground.set_to_work(when, found, met)
    say("story, lessons, customers and projects")
    accounts = talking.open_accounts(when, found)
    shelf = showing.show_work(when, found, projects)
    showing.ask(when, found)
    say("pictures and questions")
    showing.agree(when, found, accounts["newsroom"])
    talking.post(when, found, accounts, shelf)
    say("four weeks of posts, the coming ones planned")
    talking.talk(when, found, met, accounts)
    say("what people said, and who answered")
    relating.relate(when, found, met)
    burning.exercise(when, found)
    say("leads, ambassadors and an exercise")
    inspiring.inspire(when, found, met, shelf)
    say("wishes, ideas and good examples")


def password_file() -> Path:
    return Path(settings.KOOR_HOME) / "demo-password"


def password() -> str:
    """One password for all demo people, made for this house alone and kept beside its key."""
    file = password_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.new_token("koor-demo")[:24] + "\n")
    return file.read_text().strip()


def sign_in_lines() -> list[str]:
    """How to sign in as each of the demo people, for a terminal."""
    if not House.objects.filter(demo=True).exists() or not password_file().exists():
        return []
    people = Person.objects.filter(is_active=True).order_by("name")
    first = [person for name in SHOWN for person in people if person.first_name == name]
    lines = [f"{person.email:<32}{person.job or ', '.join(person.roles)}" for person in first]
    rest = len(people) - len(first)
    return [
        *lines,
        f"… and {rest} more: firstname@reurslag.example (koor person list)",
        f"password for all: {password()}",
    ]
