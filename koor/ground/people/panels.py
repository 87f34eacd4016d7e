"""What the people room shows elsewhere: how its deeds read, and colleagues in the search."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from koor.ground.people import queries
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel import audit, search
from koor.kernel.models import AuditEntry


def _roles(codes: Sequence[str]) -> str:
    return ", ".join(str(Role(code).label) for code in codes if code in Role.values) or _("no role")


def _changed_roles(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name, "now": _roles(entry.detail.get("now", []))}
    return _("%(by)s changed the roles of %(target)s to: %(now)s") % said


def _changed_autonomy(entry: AuditEntry) -> str:
    now = entry.detail.get("now", "")
    label = str(Autonomy(now).label) if now in Autonomy.values else now
    said = {"by": entry.actor_name, "target": entry.target_name, "now": label, "why": entry.detail.get("why", "")}
    if said["why"]:
        return _("%(by)s gave %(target)s the step “%(now)s”: %(why)s") % said
    return _("%(by)s gave %(target)s the step “%(now)s”") % said


def _let_go(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name, "to": entry.detail.get("hand_over_to", "")}
    if said["to"]:
        return _("%(by)s let %(target)s go, %(to)s takes over") % said
    return _("%(by)s let %(target)s go") % said


audit.sentences(
    {
        "people.make_house": __("%(by)s wrote down the organisation %(target)s"),
        "people.change_house": __("%(by)s changed what is known of the organisation"),
        "people.add_discipline": __("%(by)s added the discipline %(target)s"),
        "people.rename_discipline": __("%(by)s renamed the discipline %(was)s to %(target)s"),
        "people.remove_discipline": __("%(by)s took the discipline %(target)s away"),
        "people.add_person": __("%(by)s wrote down %(target)s as a colleague"),
        "people.change_roles": _changed_roles,
        "people.change_autonomy": _changed_autonomy,
        "people.change_buddy": __("%(by)s gave %(target)s another buddy: %(buddy)s"),
        "people.move_to_discipline": __("%(by)s moved %(target)s to %(discipline)s"),
        "people.let_go": _let_go,
        "people.let_back": __("%(by)s let %(target)s in again"),
        "people.edit_profile": __("%(by)s changed the page of %(target)s"),
        "people.declare_skill": __("%(by)s told that %(target)s can do %(skill)s"),
        "people.withdraw_skill": __("%(by)s took %(skill)s away from what %(target)s can do"),
        "people.declare_absence": __("%(by)s told that %(target)s is away from %(first_day)s to %(last_day)s"),
        "people.change_absence": __("%(by)s changed that %(target)s is away: from %(first_day)s to %(last_day)s"),
        "people.end_absence": __("%(by)s told that %(target)s is back"),
        "people.invite": __("%(by)s invited %(name)s"),
        "people.withdraw_invitation": __("%(by)s withdrew the invitation of %(name)s"),
        "people.accept_invitation": __("%(by)s came in with an invitation"),
        "people.import_colleagues": __("%(by)s brought in the list %(target)s: %(added)s new colleagues"),
        "people.make_token": __("%(by)s made the key “%(name)s” for programs"),
        "people.revoke_token": __("%(by)s revoked the key “%(name)s”"),
    },
    pages={"people.person": lambda id: reverse("people:colleague", args=[id])},
)


@search.searches("people", __("Colleagues"))
def colleagues(person: Person, words: str, limit: int) -> Iterable[search.Hit]:
    for found in queries.colleagues(person, words=words)[:limit]:
        yield search.Hit(
            title=found.name,
            url=reverse("people:colleague", args=[found.pk]),
            text=found.job or str(found.discipline or ""),
            face=found,
        )
