"""How the deeds of the front door read."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from koor.kernel import audit
from koor.kernel.models import AuditEntry

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
