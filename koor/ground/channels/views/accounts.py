"""Pages of the channels room: accounts and how they are, connecting one, the catalogue of platforms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.channels import access, actions, logic, queries
from koor.ground.channels.choices import AccountState
from koor.ground.channels.contract import Health
from koor.ground.channels.forms import ASKED, AccountForm, MemberForm, SecretsForm
from koor.ground.channels.models import Account
from koor.ground.channels.views import connecting
from koor.ground.channels.views.parts import found_platform, may_make, show, usual_purpose
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import lent, plainly
from koor.kernel.access import Refused, require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def accounts(request: SignedIn) -> HttpResponse:
    """Is every channel healthy?"""
    rows = page(queries.accounts_visible_to(request.user), request)
    return show(request, "accounts", page=rows, standing=queries.standing(request.user))


@require_GET
def account(request: SignedIn, pk: int) -> HttpResponse:
    """One account: what it is for, who looks after it, who may use it, how it is, what it can hold."""
    return _account_page(request, queries.account(request.user, pk))


def _account_page(request: SignedIn, found: Account, form: MemberForm | None = None, status: int = 200) -> HttpResponse:
    made_with = queries.connectors().get(found.connector)
    may_change = access.may_change(request.user, found)
    return show(
        request,
        "account",
        status,
        account=found,
        platform=made_with,
        limits=queries.limits_of(found),
        abilities=queries.abilities(made_with.manifest) if made_with else [],
        members=list(found.members.all()),
        ends_soon=queries.ends_soon(found),
        unreachable=made_with is not None and made_with.manifest.fetches and not lent.is_reachable(),
        may_change=may_change,
        may_stop=access.may_stop(request.user, found),
        form=(form or MemberForm(people=_others(request.user, found))) if may_change else None,
    )


def _others(person: Person, account: Account) -> Any:
    return people.colleagues(person).exclude(pk=account.owner_id)


@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """Which platform is it on?"""
    found = [c for c in queries.platforms() if c.manifest.takes_accounts and may_make(request.user, c)]
    by_hand = [(c, one) for c in found for one in c.manifest.covers]
    return show(
        request, "choose", groups=_grouped(found), by_hand=by_hand, hands=[c for c in found if c.manifest.by_hand],
        unknown=queries.not_registered(request.user, found),
    )  # fmt: skip


def _grouped(found: list[queries.Connector]) -> list[tuple[str, list[queries.Connector]]]:
    """What can be connected, by what one comes for; without what a person posts by hand."""
    rest = [c for c in found if not c.manifest.by_hand]
    groups = [
        (_("Koor posts there"), [c for c in rest if c.manifest.network and c.manifest.posts]),
        (_("People reach you there"), [c for c in rest if not c.manifest.posts]),
        (_("Of the house itself"), [c for c in rest if not c.manifest.network and c.manifest.posts]),
    ]
    return [(name, group) for name, group in groups if group]


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: SignedIn, key: str) -> HttpResponse:
    """Fill in what the platform asks, and connect the account."""
    made_with = found_platform(key)
    require(made_with.manifest.takes_accounts and may_make(request.user, made_with))
    if made_with.manifest.oauth is not None and not made_with.manifest.secret_keys:
        return connecting.connect_page(request, made_with)
    personal = _personal(request, made_with)
    first = {"purpose": usual_purpose(made_with.manifest, personal)}
    first |= {f"{ASKED}{asked.key}": people.house().name for asked in made_with.manifest.asks if asked.of_house}
    first |= {f"{ASKED}{asked}": request.GET.get(asked, "") for asked in request.GET}
    form = AccountForm(request.POST or None, asks=made_with.manifest.asks, initial=first)
    if request.method == "POST" and form.is_valid() and (made := _made(request, key, form, personal)):
        return redirect("channels:account", made.pk)
    both = made_with.manifest.personal and made_with.manifest.company and access.may_manage(request.user)
    return show(request, "add", form=form, platform=made_with, personal=personal, both=both)


def _made(request: SignedIn, key: str, form: AccountForm, personal: bool) -> Account | None:
    """The account as it was filled in; None when it was refused, here or by the platform: then the form says why."""
    try:
        health = actions.try_account(
            by=request.user, connector=key, owner=request.user, personal=personal, settings=form.answers()
        )
        if _refused_there(form, health):
            return None
        made = actions.add_account(
            by=request.user,
            connector=key,
            name=form.cleaned_data["name"],
            owner=request.user,
            purpose=form.cleaned_data["purpose"],
            personal=personal,
            audience=form.cleaned_data["audience"].split(","),
            settings=form.answers(),
            once=request.POST.get("once", ""),
        )
    except Refused as refused:
        form.refuse(str(refused), refused.field)
        return None
    _say_connected(request, made, health)
    return made


def _refused_there(form: AccountForm, health: Health) -> bool:
    """Whether the platform itself refused what was filled in; then the form says so."""
    refused = not health.works and not logic.passes(health)
    if refused:
        form.add_error(None, plainly.told(health.sentence, health.values))
    return refused


def _say_connected(request: SignedIn, made: Account, health: Health) -> None:
    if health.works:
        messages.success(request, _("%(name)s is connected.") % {"name": made.name})
        return
    why = plainly.told(health.sentence, health.values)
    words = {"name": made.name, "why": why if why.endswith((".", "!", "?")) else f"{why}."}
    messages.warning(request, _("%(name)s is kept, but: %(why)s Koor looks again within the hour.") % words)


def _personal(request: SignedIn, made_with: queries.Connector) -> bool:
    """Whose account it becomes: as chosen, else the colleague's own unless they look after those of the house."""
    manifest = made_with.manifest
    if not (manifest.personal and manifest.company and access.may_manage(request.user)):
        return manifest.personal and not access.may_manage(request.user)
    return request.POST.get("whose", "house") == "mine"


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change name, purpose, owner and settings."""
    found = queries.account(request.user, pk)
    require(access.may_change(request.user, found))
    made_with = queries.connectors().get(found.connector)
    asks = tuple(asked for asked in made_with.manifest.asks if not asked.secret) if made_with else ()
    first = {"name": found.name, "purpose": found.purpose, "owner": found.owner_id}
    first["audience"] = ", ".join(found.audience)
    first |= {f"{ASKED}{key}": value for key, value in found.settings.items()}
    owners = None if found.personal else people.colleagues(request.user)
    form = AccountForm(request.POST or None, initial=first, asks=asks, owners=owners)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_account(
                by=request.user,
                account=found,
                name=form.cleaned_data["name"],
                purpose=form.cleaned_data["purpose"],
                owner=form.cleaned_data.get("owner"),
                audience=form.cleaned_data["audience"].split(","),
                settings=form.answers() if made_with else None,
            )
        except Refused as refused:
            form.refuse(str(refused), refused.field)
        else:
            return redirect("channels:account", pk)
    return show(request, "edit", form=form, account=found)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def secrets(request: SignedIn, pk: int) -> HttpResponse:
    """Fill in new credentials. The old ones are never shown."""
    found = queries.account(request.user, pk)
    require(access.may_change(request.user, found))
    manifest = found_platform(found.connector).manifest
    form = SecretsForm(request.POST or None, manifest=manifest)
    if request.method == "POST" and form.is_valid() and _renewed(request, found, form):
        return redirect("channels:account", pk)
    return show(request, "secrets", form=form, account=found)


def _renewed(request: SignedIn, account: Account, form: SecretsForm) -> bool:
    """Whether the new credentials are kept; what is refused, here or by the platform, stands on the form."""
    given: dict[str, Any] = {"by": request.user, "account": account, "secrets": form.answers()}
    try:
        health = actions.try_secrets(**given)
        if _refused_there(form, health):
            return False
        _say_connected(request, actions.change_secrets(**given), health)
    except Refused as refused:
        form.refuse(str(refused), refused.field)
        return False
    return True


@require_POST
def member(request: SignedIn, pk: int) -> HttpResponse:
    """Let a colleague use an account, or not any more."""
    found = queries.account(request.user, pk)
    form = MemberForm(request.POST, people=_others(request.user, found))
    if form.is_valid():
        person, may = form.cleaned_data["person"], form.cleaned_data["may"]
        with refused_at(form):
            actions.set_member(by=request.user, account=found, person=person, may=may)
            said = _("%(name)s may use it.") if may else _("%(name)s may no longer use it.")
            messages.success(request, said % {"name": person.name})
            return redirect("channels:account", pk)
    return _account_page(request, found, form, status=422)


def _verb(action: Callable[..., Account], sentence: Callable[[Account], str]) -> Callable[..., HttpResponse]:
    """A button that does one thing with an account and comes back to its page."""

    @require_POST
    def view(request: SignedIn, pk: int) -> HttpResponse:
        found = queries.account(request.user, pk)
        try:
            messages.success(request, sentence(action(by=request.user, account=found)))
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("channels:account", pk)

    return view


pause = _verb(actions.pause_account, lambda a: _("%(name)s is paused. What is planned waits.") % {"name": a.name})
resume = _verb(actions.resume_account, lambda a: _("%(name)s is in use again.") % {"name": a.name})
connect = _verb(actions.connect_again, lambda a: _("%(name)s is in use again.") % {"name": a.name})
look = _verb(actions.look_soon, lambda a: _("Koor asks the platform now. Look again in a moment."))


@require_http_methods(["GET", "POST"])
def disconnect(request: SignedIn, pk: int) -> HttpResponse:
    """Forget the credentials, after asking."""
    found = queries.account(request.user, pk)
    require(access.may_stop(request.user, found))
    if found.state == AccountState.DISCONNECTED:
        return redirect("channels:account", pk)  # pressed twice
    if request.method == "POST":
        actions.disconnect_account(by=request.user, account=found)
        messages.success(request, _("%(name)s is disconnected. What was said with it is kept.") % {"name": found.name})
        return redirect("channels:account", pk)
    return show(request, "disconnect", account=found)


@require_GET
def platforms(request: SignedIn) -> HttpResponse:
    """The catalogue: who is there, why, what works, what the interface allows."""
    found = queries.platforms()
    return show(request, "platforms", platforms=found, known=sum(1 + len(c.manifest.covers) for c in found))


@require_GET
def platform(request: SignedIn, key: str) -> HttpResponse:
    """One platform, with what it was tried against and when."""
    found = found_platform(key)
    mine = list(queries.accounts_visible_to(request.user).filter(connector=key)[:50])
    return show(
        request,
        "platform",
        platform=found,
        manifest=found.manifest,
        may_register=found.manifest.oauth is not None and access.may_register(request.user),
        abilities=queries.abilities(found.manifest),
        limits=found.manifest.limits,
        covers=[(one, found.limits_for({"platform": one.key})) for one in found.manifest.covers],
        accounts=mine,
        may_add=found.manifest.takes_accounts and may_make(request.user, found),
    )


@require_GET
def covered(request: SignedIn, key: str, part: str) -> HttpResponse:
    """A platform that is reached by hand: who is there, and what its interface would allow."""
    found, one = queries.covered(key, part)
    rows = queries.accounts_visible_to(request.user).filter(connector=key, settings__platform=part)[:50]
    return show(
        request,
        "covered",
        platform=found,
        manifest=found.manifest,
        one=one,
        limits=found.limits_for({"platform": part}),
        accounts=list(rows),
        may_add=may_make(request.user, found),
    )
