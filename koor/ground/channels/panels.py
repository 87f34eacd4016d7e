"""Pieces of the channels room on other pages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.ground.channels import access, queries
from koor.ground.channels.models import Account, Application
from koor.ground.people.models import Person
from koor.kernel import audit, panels, search, sql, written
from koor.kernel.plainly import told


@panels.panel("people.me", order=20)
def my_accounts(request: HttpRequest, colleague: Person) -> tuple[str, dict[str, Any]]:
    return "channels/panel_me.html", {"accounts": list(queries.own_accounts(colleague).prefetch_related(None)[:50])}


@panels.todos(lambda person: queries.troubled_accounts_of(person)[:2])
def accounts_that_need_me(person: Person, troubled: list[Account]) -> Iterable[panels.Todo]:
    for account in troubled:
        yield panels.Todo(
            rank=25,
            title=_("%(account)s does not work") % {"account": account.name},
            text=told(account.health_note, account.health_values),
            button=_("Connect it again") if account.grant_id else _("Look at it"),
            url=reverse("channels:again" if account.grant_id else "channels:account", args=[account.pk]),
        )


@panels.todos(lambda person: queries.accounts_to_agree_for(person)[:2])
def accounts_to_agree_for(person: Person, ending: list[Account]) -> Iterable[panels.Todo]:
    """Before it stops working, so that nothing that is planned fails."""
    for account in ending:
        assert account.grant is not None
        assert account.grant.ends_at is not None
        day = date_format(timezone.localtime(account.grant.ends_at), "j F")
        yield panels.Todo(
            rank=35,
            title=_("%(account)s works until %(day)s") % {"account": account.name, "day": day},
            text=_("The platform asks now and then whether you still agree. It takes a minute."),
            button=_("Connect it again"),
            url=reverse("channels:again", args=[account.pk]),
        )


@panels.todos(lambda person: left[:2] if (left := queries.left_behind(person)) is not None else None)
def accounts_left_behind(person: Person, left: list[Account]) -> Iterable[panels.Todo]:
    for account in left:
        yield panels.Todo(
            rank=45,
            title=_("Nobody looks after %(account)s") % {"account": account.name},
            text=_("%(name)s left. Choose another owner, who hears it when it does not work.")
            % {"name": account.owner.name},
            button=_("Choose an owner"),
            url=reverse("channels:edit", args=[account.pk]),
        )


@panels.todos(queries.without_stage)
def stage_to_make(person: Person, practising: list[Person]) -> Iterable[panels.Todo]:
    if practising:
        yield panels.Todo(
            rank=46,
            title=_("Make a stage for practice"),
            text=_("Somebody practises, and there is no account on paper yet where they can try."),
            button=_("Make the stage"),
            url=reverse("channels:add", args=["paper"]),
        )


@panels.panel("people.leaving", order=10)
def what_they_look_after(request: HttpRequest, colleague: Person) -> tuple[str, dict[str, Any]] | None:
    rows = list(queries.of_the_house(colleague)[:20])
    return ("channels/panel_leaving.html", {"accounts": rows, "colleague": colleague}) if rows else None


@panels.todos(lambda person: queries.refused_applications(person))
def registrations_that_need_me(person: Person, refused: list[Application]) -> Iterable[panels.Todo]:
    for one in refused:
        made_with = queries.connectors().get(one.connector)
        yield panels.Todo(
            rank=26,
            title=_("%(platform)s no longer accepts Koor")
            % {"platform": _(made_with.manifest.name) if made_with else one.connector},
            text=_("The secret of the application may have changed. Until it is filled in, accounts can't be renewed."),
            button=_("Look at it"),
            url=reverse("channels:application", args=[one.connector]),
            waiting_since=one.refused_at,
        )


@panels.count("channels:accounts")
def accounts_in_trouble(person: Person) -> written.Asked | None:
    return queries.how_many_troubled() if access.may_oversee(person) else None


def accounts_by_name(person: Person, words: str) -> QuerySet[Account] | None:
    query = search.tsquery(words)
    if not query:
        return None
    named = sql.saying(Account.objects.all(), query, "name", "handle").values("pk")
    return queries.accounts_visible_to(person).filter(pk__in=named).prefetch_related(None)


@search.searches(gettext_lazy("Channels"), accounts_by_name)
def account(person: Person, row: Account) -> search.Hit:
    return search.Hit(row.name, reverse("channels:account", args=[row.pk]), row.handle)


audit.sentences(
    {
        "channels.add_account": gettext_lazy("%(by)s connected the account %(target)s"),
        "channels.edit_account": gettext_lazy("%(by)s changed the account %(target)s"),
        "channels.change_secrets": gettext_lazy("%(by)s renewed the credentials of %(target)s"),
        "channels.pause_account": gettext_lazy("%(by)s paused the account %(target)s"),
        "channels.resume_account": gettext_lazy("%(by)s let the account %(target)s go on"),
        "channels.disconnect_account": gettext_lazy("%(by)s disconnected the account %(target)s"),
        "channels.agree_again": gettext_lazy("%(by)s agreed again, so that %(target)s goes on"),
        "channels.register_application": gettext_lazy("%(by)s registered Koor at the platform %(target)s"),
        "channels.forget_application": gettext_lazy("%(by)s forgot how Koor is registered at %(target)s"),
        "channels.connect_again": gettext_lazy("%(by)s connected the account %(target)s again"),
        "channels.set_member": gettext_lazy("%(by)s changed who may use the account %(target)s"),
        "channels.note_trouble": gettext_lazy("%(by)s noticed trouble with the account %(target)s"),
    }
)
