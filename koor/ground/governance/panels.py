"""How the deeds of governance read."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.ground.governance.choices import Purpose
from koor.ground.governance.permissions import declared
from koor.ground.people.choices import Role
from koor.kernel import audit
from koor.kernel.models import AuditEntry


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


audit.sentences(
    {
        "governance.set_permission": _set_permission,
        "governance.set_responsibility": _set_responsibility,
        "governance.export_audit": _("%(by)s took the audit trail away as a file"),
    }
)
