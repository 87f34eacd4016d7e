"""What the people room shows elsewhere: how its deeds read, and colleagues in the search."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.ground.people import queries
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel import audit, search
from koor.kernel.models import AuditEntry


def _roles(codes: Sequence[str]) -> str:
    return ", ".join(str(Role(code).label) for code in codes if code in Role.values) or gettext("no role")


def _changed_roles(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name, "now": _roles(entry.detail.get("now", []))}
    return gettext("%(by)s changed the roles of %(target)s to: %(now)s") % said


def _changed_autonomy(entry: AuditEntry) -> str:
    now = entry.detail.get("now", "")
    label = str(Autonomy(now).label) if now in Autonomy.values else now
    said = {"by": entry.actor_name, "target": entry.target_name, "now": label, "why": entry.detail.get("why", "")}
    if entry.detail.get("earned"):
        return gettext("%(target)s took the step “%(now)s”, earned with lessons and work") % said
    if said["why"]:
        return gettext("%(by)s gave %(target)s the step “%(now)s”: %(why)s") % said
    return gettext("%(by)s gave %(target)s the step “%(now)s”") % said


def _let_go(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name, "to": entry.detail.get("hand_over_to", "")}
    if said["to"]:
        return gettext("%(by)s let %(target)s go, %(to)s takes over") % said
    return gettext("%(by)s let %(target)s go") % said


def _absence(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name}
    said |= {key: _day(entry.detail.get(key, "")) for key in ("first_day", "last_day")}
    if entry.target_id == entry.actor_id:
        return gettext("%(by)s is away from %(first_day)s to %(last_day)s") % said
    return gettext("%(by)s told that %(target)s is away from %(first_day)s to %(last_day)s") % said


def _day(iso: str) -> str:
    try:
        return date_format(date.fromisoformat(iso), "j F Y")
    except ValueError:
        return iso


def _provider(entry: AuditEntry) -> str:
    said = {"by": entry.actor_name, "target": entry.target_name}
    if not entry.detail.get("on"):
        return gettext("%(by)s closed the way in by the provider %(target)s") % said
    if "secret" in entry.detail.get("changed", []):
        return gettext("%(by)s lets colleagues sign in with %(target)s, and gave a new secret") % said
    return gettext("%(by)s lets colleagues sign in with %(target)s") % said


REASONS = {
    "left": _("no longer a colleague"),
    "unverified": _("the address is not verified"),
    "stranger": _("no colleague has this address"),
    "other_link": _("somebody else at the provider is this colleague"),
    "off": _("this way in is closed"),
}


def _refused(entry: AuditEntry) -> str:
    why = REASONS.get(entry.detail.get("why", ""), entry.detail.get("why", ""))
    said = {"email": entry.detail.get("email") or "?", "why": why}
    return gettext("The organisation's own provider sent %(email)s, who was not let in: %(why)s") % said


audit.sentences(
    {
        "people.make_house": _("%(by)s wrote down the organisation %(target)s"),
        "people.set_logo": _("%(by)s changed the logo of the organisation"),
        "people.change_house": _("%(by)s changed what is known of the organisation"),
        "people.add_discipline": _("%(by)s added the discipline %(target)s"),
        "people.rename_discipline": _("%(by)s renamed the discipline %(was)s to %(target)s"),
        "people.remove_discipline": _("%(by)s took the discipline %(target)s away"),
        "people.add_person": _("%(by)s wrote down %(target)s as a colleague"),
        "people.change_email": _("%(by)s gave %(target)s another e-mail address: %(now)s"),
        "people.change_roles": _changed_roles,
        "people.change_autonomy": _changed_autonomy,
        "people.change_buddy": _("%(by)s gave %(target)s another buddy: %(buddy)s"),
        "people.move_to_discipline": _("%(by)s moved %(target)s to %(discipline)s"),
        "people.let_go": _let_go,
        "people.let_back": _("%(by)s let %(target)s in again"),
        "people.edit_profile": _("%(by)s changed the page of %(target)s"),
        "people.set_picture": _("%(by)s changed the picture of %(target)s"),
        "people.set_picture self": _("%(by)s changed their own picture"),
        "people.declare_skill": _("%(by)s told that %(target)s can do %(skill)s"),
        "people.withdraw_skill": _("%(by)s took %(skill)s away from what %(target)s can do"),
        "people.edit_profile self": _("%(by)s changed their own page"),
        "people.declare_skill self": _("%(by)s can do this: %(skill)s"),
        "people.withdraw_skill self": _("%(by)s took away that they can do this: %(skill)s"),
        "people.declare_absence": _absence,
        "people.change_absence": _absence,
        "people.end_absence": _("%(by)s told that %(target)s is back"),
        "people.end_absence self": _("%(by)s is back"),
        "people.invite": _("%(by)s invited %(name)s"),
        "people.withdraw_invitation": _("%(by)s withdrew the invitation of %(name)s"),
        "people.accept_invitation": _("%(by)s came in with an invitation"),
        "people.import_colleagues": _("%(by)s brought in the list %(target)s: %(added)s new colleagues"),
        "people.make_team": _("%(by)s made the team %(target)s"),
        "people.change_team": _("%(by)s changed the team %(target)s"),
        "people.make_rota": _("%(by)s made the rota %(target)s"),
        "people.change_rota": _("%(by)s changed the rota %(target)s"),
        "people.join": _("%(by)s added %(name)s to %(target)s"),
        "people.leave": _("%(by)s took %(name)s out of %(target)s"),
        "people.turn_earlier": _("%(by)s moved the turn of %(name)s in %(target)s"),
        "people.end_group": _("%(by)s ended %(target)s"),
        "people.make_token": _("%(by)s made the key “%(name)s” for programs"),
        "people.revoke_token": _("%(by)s revoked the key “%(name)s”"),
        "people.hear_alerts": _("%(by)s wants messages on a device: %(device)s"),
        "people.mute_device": _("%(by)s wants no messages any more on a device: %(device)s"),
        "people.set_quiet": _("%(by)s changed their hours of rest"),
        "people.set_provider": _provider,
        "people.remove_provider": _("%(by)s no longer believes the provider %(target)s"),
        "people.forget_links": _("%(by)s forgot who is who at the provider %(target)s"),
        "people.come_in_by_provider": _("%(by)s came in by the organisation's own provider"),
        "people.refuse_by_provider": _refused,
    },
    pages={"people.person": lambda id: reverse("people:colleague", args=[id])},
)


@search.searches(_("Colleagues"), lambda person, words: queries.colleagues(person, words=words))
def colleague(person: Person, found: Person) -> search.Hit:
    return search.Hit(
        title=found.name,
        url=reverse("people:colleague", args=[found.pk]),
        text=found.job or str(found.discipline or ""),
        face=found,
    )
