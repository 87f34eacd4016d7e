"""How the deeds of governance read."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.ground.governance.choices import Purpose
from koor.ground.governance.permissions import declared
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import Role
from koor.kernel import audit
from koor.kernel.models import AuditEntry
from koor.kernel.panels import panel


def _set_permission(entry: AuditEntry) -> str:
    labels = {permission.key: str(permission.label) for permission in declared()}
    role, key = entry.detail.get("role", ""), entry.detail.get("permission", "")
    said = {
        "by": entry.actor_name,
        "role": str(Role(role).label) if role in Role.values else role,
        "permission": labels.get(key, key),
    }
    if entry.detail.get("allowed"):
        return gettext("%(by)s allowed the role %(role)s: %(permission)s") % said
    return gettext("%(by)s no longer allows the role %(role)s: %(permission)s") % said


def _set_responsibility(entry: AuditEntry) -> str:
    purpose = entry.detail.get("purpose", "")
    said = {
        "by": entry.actor_name,
        "purpose": str(Purpose(purpose).label) if purpose in Purpose.values else purpose,
        "who": entry.detail.get("who", ""),
    }
    if said["who"]:
        return gettext("%(by)s agreed that %(who)s is responsible for %(purpose)s") % said
    return gettext("%(by)s agreed that nobody is responsible for %(purpose)s yet") % said


@panel("people.me", order=95)
def my_data(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]]:
    """The way to all that is kept on oneself."""
    return "governance/panel_me.html", {}


audit.sentences(
    {
        "governance.set_permission": _set_permission,
        "governance.set_responsibility": _set_responsibility,
        "governance.set_term": _("%(by)s changed how long something is kept: %(kind)s, %(days)s days"),
        "governance.end_terms": _("%(by)s let go what was older than its term: %(rows)s rows"),
        "governance.ask_erasure": _("%(by)s asked to erase somebody"),
        "governance.erase_personal": _("%(by)s erased somebody: %(rows)s rows"),
        "governance.hold_personal": _("%(by)s told that what is kept on %(target)s must stay: %(reason)s"),
        "governance.release_personal": _("%(by)s told that what is kept on %(target)s may go"),
        "governance.let_back": _("%(by)s let an address of somebody who was erased come back"),
        "governance.look_at_personal": _("%(by)s looked at all that is kept on %(target)s"),
        "governance.look_at_personal self": _("%(by)s looked at all that is kept on themselves"),
        "governance.export_personal": _("%(by)s made ready what is kept on %(target)s, to take along"),
        "governance.export_personal self": _("%(by)s made ready what is kept on themselves, to take along"),
        "governance.take_personal_along": _("%(by)s took along what is kept on %(target)s"),
        "governance.take_personal_along self": _("%(by)s took along what is kept on themselves"),
        "governance.export_audit": _("%(by)s took the audit trail away as a file"),
    }
)
