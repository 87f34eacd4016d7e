"""Sources: where Koor listens, through an account of the organisation or in the open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.logic.clean import clean_line, clean_url
from koor.flow.listening.models import WELL, Source
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import SourceKind as Asked
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require

LONGEST_NAME = 120  # characters
LONGEST_SETTING = 1_000
FEED = "feed"  # the connector that listens in the open


@transaction.atomic
def add_source(
    *, by: Colleague, name: str, kind: str, settings: Mapping[str, str], account: Account | None = None
) -> Source:
    """Start listening. `kind` is the key of one of the kinds that the connector of the account offers; without an
    account it is a feed. The first fetch follows at once."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    asked = asked_by(account, kind)
    name, chosen = _free_name(name), _settings(asked, settings)
    _not_there_yet(asked, account, chosen)
    made = Source.objects.create(
        name=name,
        kind=SourceKind.ACCOUNT if account else SourceKind.FEED,
        account=account,
        settings=chosen,
        next_at=None if asked.pushed else clock.now(),
        made_at=clock.now(),
    )
    audit.record(by=by, verb="listening.add_source", target=made, kind=kind)
    if not asked.pushed:
        _fetch_soon(made)
    return made


@transaction.atomic
def listen_to_account(*, by: Colleague, account_id: int) -> list[Source]:
    """Listen to whatever a new account offers without asking anything, such as its mentions: who answers a post of
    ours must be heard without anybody thinking of it first. Twice adds nothing."""
    account = Account.objects.filter(pk=account_id).first()
    made = channels.connectors().get(account.connector) if account else None
    if account is None or made is None:
        return []
    there = Source.objects.filter(account=account, removed_at=None)
    known = {source.settings.get("kind") for source in there}
    offered = (kind for kind in made.manifest.sources if kind.needs_account and kind.there_for(account.settings))
    wanted = [kind for kind in offered if not kind.asks and not kind.chosen and kind.key not in known]
    return [add_source(by=by, name=_some_name(account), kind=kind.key, settings={}, account=account) for kind in wanted]


def _some_name(account: Account) -> str:
    """The account's name, with a number where a source is called like that already."""
    names = (account.name if n == 1 else f"{account.name[:110]} {n}" for n in count(1))
    return next(name for name in names if queries.source_named(name) is None)


def asked_by(account: Account | None, kind: str) -> Asked:
    """What a kind of source asks. Refused when the account's platform does not offer it."""
    manifest = channels.connector(account.connector if account else FEED).manifest
    for offered in manifest.sources:
        there = account is None or offered.there_for(account.settings)
        if offered.key == kind and offered.needs_account == (account is not None) and there:
            return offered
    raise Refused(_("This account can't be listened to in that way."), code="unknown_kind", field="kind")


def _settings(asked: Asked, given: Mapping[str, str]) -> dict[str, str]:
    """The settings that the kind asks, nothing else. Refused when a necessary one is missing."""
    kept = {"kind": asked.key}
    for one in asked.asks:
        value = clean_line(str(given.get(one.key, "") or one.default), LONGEST_SETTING)
        if one.required and not value:
            raise Refused(_("“%(label)s” is missing.") % {"label": _(one.label)}, code="missing", field=one.key)
        if one.key == "url" and value and not clean_url(value):
            raise Refused(_("This is no address of a page: it should begin with https://."), code="url", field="url")
        if value:
            kept[one.key] = value
    return kept


def _not_there_yet(asked: Asked, account: Account | None, settings: Mapping[str, str], *, but: int = 0) -> None:
    """Refused where a source listens there already: all that is said would stand here twice."""
    known = Source.objects.filter(account=account, settings=settings, removed_at=None)
    known = known.exclude(kind=SourceKind.FILE).exclude(pk=but)
    if (there := known.first()) is not None:
        sentence = _("This is listened to already, as “%(name)s”.")
        if not there.active:
            sentence = _("This stands here already, paused, as “%(name)s”: let that one listen again.")
        raise Refused(
            sentence % {"name": there.name}, code="there_already", field=asked.asks[0].key if asked.asks else "name"
        )


def _free_name(name: str, *, but: int | None = None) -> str:
    name = clean_line(name, LONGEST_NAME)
    if not name:
        raise Refused(_("Give the source a name."), code="no_name", field="name")
    taken = queries.source_named(name)
    if taken is not None and taken.pk != but:
        sentence = _("There is a source called “%(name)s” already.") % {"name": taken.name}
        raise Refused(sentence, code="name_taken", field="name")
    return name


@transaction.atomic
def edit_source(*, by: Colleague, source: Source, name: str, settings: Mapping[str, str] | None = None) -> Source:
    """Change the name, and where it listens. Somewhere else means: from the beginning, without a cursor."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    source = Source.objects.select_for_update(of=("self",)).select_related("account").get(pk=source.pk)
    name = _free_name(name, but=source.pk)
    if source.kind != SourceKind.FILE and settings is not None:
        asked = asked_by(source.account, source.settings.get("kind", ""))
        chosen = _settings(asked, settings)
        if chosen != source.settings:
            _not_there_yet(asked, source.account, chosen, but=source.pk)
            source.settings, source.cursor = chosen, ""
            works(source)
            source.next_at, source.last_success_at = None if asked.pushed else clock.now(), None
            source.line_at, source.line_lag, source.line_problem = None, None, ""
            if not asked.pushed:
                _fetch_soon(source)
    source.name = name
    source.save()
    audit.record(by=by, verb="listening.edit_source", target=source)
    return source


@transaction.atomic
def pause_source(*, by: Colleague, source: Source) -> Source:
    """Stop fetching. What was heard stays."""
    return _set_active(by, source, False)


@transaction.atomic
def resume_source(*, by: Colleague, source: Source) -> Source:
    """Fetch again, on from where it stopped."""
    return _set_active(by, source, True)


def _set_active(by: Colleague, source: Source, active: bool) -> Source:
    require(access.may_connect(by), _("Sources are connected by the curator."))
    source = Source.objects.select_for_update().get(pk=source.pk)
    if source.removed_at is None and source.active != active:
        if active:
            listen_again(source)
        else:
            source.active = False
            source.save()
        audit.record(by=by, verb="listening.resume_source" if active else "listening.pause_source", target=source)
    return source


def listen_again(source: Source) -> Source:
    """It goes on now; for whoever asked who may, with the row locked."""
    check_offered(source)
    source.active = True
    if source.kind != SourceKind.FILE and not is_pushed(source):
        source.next_at = clock.now()
        works(source)
        _fetch_soon(source)
    source.save()
    return source


def works(source: Source) -> None:
    """Nothing is wrong with it, as far as is known."""
    for name, value in WELL.items():
        setattr(source, name, value)


def check_still_free(source: Source) -> None:
    """Refused where its name was given away, or another source listens there by now."""
    _free_name(source.name, but=source.pk)
    if source.kind != SourceKind.FILE:
        asked = asked_by(source.account, source.settings.get("kind", ""))
        _not_there_yet(asked, source.account, source.settings, but=source.pk)


def check_offered(source: Source) -> None:
    """Refused when its account no longer offers this way of listening."""
    if source.account is not None:
        asked_by(source.account, source.settings.get("kind", ""))


def is_pushed(source: Source) -> bool:
    """Whether the platform sends it by itself; not what its account no longer offers."""
    try:
        return bool(source.account) and asked_by(source.account, source.settings.get("kind", "")).pushed
    except Refused:
        return False


def _fetch_soon(source: Source) -> None:
    from koor.flow.listening import tasks

    jobs.later(tasks.fetch_source, at=clock.now() + timedelta(seconds=1), source=source.pk)
