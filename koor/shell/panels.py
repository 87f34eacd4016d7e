"""How the deeds of the front door read, and what a young house still lacks."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.ground.people.models import Person
from koor.kernel import audit
from koor.kernel.models import AuditEntry
from koor.kernel.panels import Todo, todos
from koor.shell.beginning import STEPS, asked, looks_after_a_young_house


@todos(*(lambda person, step=step: asked(person, step) for step in STEPS))
def arrange_the_house(person: Person, *numbers: list[int]) -> Iterable[Todo]:
    """The first steps, for who looks after a new house, until they are done or it is a week old."""
    done = sum(sum(number) >= step.enough for step, number in zip(STEPS, numbers, strict=True))
    if looks_after_a_young_house(person) and done < len(STEPS):
        said = {"done": done, "all": len(STEPS)}
        yield Todo(
            rank=62,
            title=gettext("Arrange the house further"),
            text=gettext("Done: %(done)s of %(all)s. None of it has to be today.") % said,
            button=gettext("To the steps"),
            url=reverse("shell:welcome_done"),
            minutes=5,
            icon="home",
        )


KINDS = {
    "totp": _("a code from an app"),
    "webauthn": _("a passkey or security key"),
    "recovery_codes": _("codes for when the phone is lost"),
}


def _of_kind(sentence: Any) -> Callable[[AuditEntry], str]:
    """Which lock it is, in the reader's language."""

    def said(entry: AuditEntry) -> str:
        return str(sentence) % {"by": entry.actor_name, "kind": KINDS.get(entry.detail.get("kind", ""), "?")}

    return said


audit.sentences(
    {
        "shell.send_again": _("%(by)s had a letter sent again"),
        "shell.throw_away": _("%(by)s threw a letter away, which could not go"),
        "shell.change_password": _("%(by)s chose another password"),
        "shell.set_password": _("%(by)s chose a password"),
        "shell.reset_password": _("%(by)s chose a new password, by a letter"),
        "shell.add_second_step": _of_kind(_("%(by)s put a lock on their account: %(kind)s")),
        "shell.remove_second_step": _of_kind(_("%(by)s took a lock off their account: %(kind)s")),
        "shell.renew_second_step": _of_kind(_("%(by)s renewed a lock on their account: %(kind)s")),
    }
)
