"""What the house says while it burns: a statement that another signs, posts that wait, and what colleagues say."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations import logic as words
from koor.flow.conversations.actions import fires_log as log
from koor.flow.conversations.actions.fires import ONLY
from koor.flow.conversations.choices import SayKind
from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.logic import holding
from koor.flow.conversations.models import Fire, HoldingText, Statement
from koor.flow.conversations.queries import signing
from koor.flow.publishing import actions as publishing
from koor.ground.channels import logic as counting
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require


@transaction.atomic
def write_statement(
    *,
    by: Person,
    fire: Fire,
    text: str,
    accounts: Sequence[Account],
    title: str = "",
    short: str = "",
    kind: str = SayKind.HOLDING,
    seen: int | None = None,
) -> Statement:
    """Write what the house says, and where it goes. Other words take the place of what was not signed yet; what was
    signed stays. `seen`: the number of what waited for a name when they wrote, 0 where nothing did: what a colleague
    wrote meanwhile is read first."""
    require(access.may_open_fire(by) or access.may_sign(by), _(ONLY))
    said = words.clean(text)
    if not said:
        raise Refused(_("Write something first."), code="empty", field="text")
    if missing := holding.gaps(said):
        sentence = _("Still to fill in: %(gaps)s.") % {"gaps": ", ".join(missing)}
        raise Refused(sentence, code="gaps", field="text")
    fire = log.held(fire.pk)
    chosen = {account.pk: account for account in accounts}
    _check_places(fire, list(chosen.values()))
    brief, heading = words.clean(short)[:500], " ".join(title.split())[:160]
    texts_of(list(chosen.values()), said, brief, heading)
    before = fire.statements.filter(signed_at=None, replaced_at=None).first()
    fresh = {"title": heading, "text": said[:5000], "short": brief, "accounts": sorted(chosen), "kind": kind}
    if before is not None:
        if all(getattr(before, name) == value for name, value in fresh.items()):
            return before
        _seen_by(by, before, seen)
        before.replaced_at = clock.now()
        before.save(update_fields=["replaced_at"])
    made = Statement.objects.create(fire=fire, by=by, at=clock.now(), **fresh)
    log.line(fire, by=by, verb="statement", text=said)
    jobs.later(_ask_to_sign(), fire=fire.pk, statement=made.pk)
    return made


def _seen_by(by: Person, before: Statement, seen: int | None) -> None:
    if seen is None or seen == before.pk or before.by_id == by.pk:
        return
    who = before.by.first_name if before.by else _("A colleague")
    sentence = _(
        "%(who)s wrote other words meanwhile: they stand above. Yours are still here; send them again after all."
    )
    raise Refused(sentence % {"who": who}, code="collision", field="text")


def _ask_to_sign() -> object:
    from koor.flow.conversations.tasks import ask_to_sign

    return ask_to_sign


def _check_places(fire: Fire, accounts: Sequence[Account]) -> None:
    """An exercise stays on the practice stage, whatever is chosen."""
    if fire.practice and any(account.purpose != Purpose.PRACTICE for account in accounts):
        raise Refused(_("This is an exercise: it stays on the practice stage."), code="practice", field="accounts")


def texts_of(accounts: Sequence[Account], text: str, short: str, title: str) -> dict[int, str]:
    """What goes where: the whole, or the short one where the whole does not fit. Refused where neither does."""
    chosen = {}
    for account in accounts:
        problem = _problem(account, text, title)
        if problem and short:
            problem = _problem(account, short, title)
            chosen[account.pk] = short
        if problem:
            sentence = f"{account.name}: {problem}"
            if not short:
                sentence = _("%(problem)s Write a short one as well.") % {"problem": sentence}
            raise Refused(sentence, code="limits", field="short")
    return chosen


def _problem(account: Account, text: str, title: str) -> str:
    draft = Draft(text=text, title=title, language=house().language)
    found = counting.problem(draft, channels.limits_of(account), channels.length_of(account, draft))
    return _(found.problem) % dict(found.values) if found else ""


@transaction.atomic
def sign_statement(*, by: Person, statement: Statement, alone: str = "") -> Statement:
    """Sign it, and let it go on the places that were chosen. Another than who wrote it; only who is alone signs their
    own words, and says so. Once."""
    require(access.may_sign(by), _("Whoever signs may do so by their role and goes on their own."))
    fire = log.held(statement.fire_id)
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if statement.signed_at is not None:
        return statement
    if statement.replaced_at is not None:
        raise Refused(_("There are other words by now. Read those."), code="replaced")
    own = statement.by_id == by.pk
    statement.alone = _why_alone(statement, by, alone) if own else ""
    statement.signed_by, statement.signed_at = by, clock.now()
    log.line(fire, by=by, verb="signed_alone" if own else "signed", text=statement.alone or statement.text)
    places = [channels.account(by, pk) for pk in statement.accounts]
    if places:
        _check_places(fire, places)
        texts = texts_of(places, statement.text, statement.short, statement.title)
        key = f"conversations.statement:{statement.pk}"
        statement.post = publishing.speak(
            by=by, text=statement.text, accounts=places, texts=texts, title=statement.title or fire.title, once=key
        )
        log.line(fire, by=by, verb="let_go", text=", ".join(place.name for place in places))
    statement.save(update_fields=["alone", "signed_by", "signed_at", "post"])
    return statement


def _why_alone(statement: Statement, by: Person, alone: str) -> str:
    """Nobody else who may sign is there today; or nobody answers, after some minutes, with a reason."""
    others = signing.others_to_sign(by)
    if not others:
        return _("nobody else who may sign was there")
    names = signing.one_of(others)
    if clock.now() < statement.at + timedelta(minutes=logic.ALONE_AFTER):
        sentence = _(
            "You wrote it, so somebody else signs: %(names)s. When nobody answers for %(minutes)s minutes you can."
        )
        raise Refused(sentence % {"names": names, "minutes": logic.ALONE_AFTER}, code="own")
    reason = " ".join(words.clean(alone).split())[:200]
    if not reason:
        raise Refused(_("Say why nobody else can sign now."), code="why", field="alone")
    return reason


# ── What was planned ─────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def pause_posts(*, by: Person, fire: Fire, accounts: Sequence[Account]) -> Fire:
    """Hold what was to go on these accounts; none says that all of it may go on."""
    require(access.may_open_fire(by), _(ONLY))
    fire = _burning(fire)
    _check_places(fire, accounts)
    fire.paused_as = fire.paused_as or _reason(fire)
    made = publishing.pause_accounts(accounts, by=by, reason=fire.paused_as)
    if made or fire.posts_at is None:
        names = ", ".join(pause.account.name for pause in made)
        log.line(fire, by=by, verb="paused" if made else "went_on", text=names)
    fire.posts_at = fire.posts_at or clock.now()
    fire.save(update_fields=["posts_at", "paused_as"])
    return fire


def _burning(fire: Fire) -> Fire:
    """Held by the caller. From a page that was left open one does nothing that only a fire asks for."""
    found = log.held(fire.pk)
    if not found.burns:
        raise Refused(_("It burns no longer."), code="out")
    return found


def _reason(fire: Fire) -> str:
    """What everybody reads beside a post that is held: not the words of somebody outside, with which a fire may begin,
    and of this fire alone."""
    if fire.conversation_id is not None or fire.mention_id is not None:
        return _("Something burns (%(number)s)") % {"number": fire.pk}
    return f"{fire.title[:160]} ({fire.pk})"


# ── What colleagues say ──────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def tell_colleagues(*, by: Person, fire: Fire, say: str, point: str = "") -> Fire:
    """Tell everybody in the house what to say and where to point. The same words again tell nobody twice."""
    require(access.may_open_fire(by), _(ONLY))
    text = words.clean(say)[:1000]
    if not text:
        raise Refused(_("Write something first."), code="empty", field="say")
    fire = _burning(fire)
    where = " ".join(point.split())[:300]
    if fire.told and (fire.say, fire.point) == (text, where):
        return fire
    fire.say, fire.point = text, where
    return _told(fire, by=by)


@transaction.atomic
def thank(*, by: Person, fire: Fire, thanks: str) -> Fire:
    """It is out: everybody hears it, with thanks."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    text = words.clean(thanks)[:1000]
    if not text:
        raise Refused(_("Write something first."), code="empty", field="thanks")
    if fire.burns:
        raise Refused(_("It still burns."), code="burns")
    if fire.thanks == text:
        return fire
    fire.thanks = fire.say = text
    fire.save(update_fields=["thanks"])
    return _told(fire, by=by, verb="thanked")


def _told(fire: Fire, *, by: Colleague, verb: str = "told") -> Fire:
    from koor.flow.conversations.tasks import tell_everybody

    fire.told, fire.told_at = fire.told + 1, clock.now()
    fire.save(update_fields=["say", "point", "told", "told_at"])
    log.line(fire, by=by, verb=verb, text=fire.say)
    jobs.later(tell_everybody, fire=fire.pk, number=fire.told)
    return fire


@transaction.atomic
def keep_holding_text(*, by: Person, key: str, language: str, name: str, text: str) -> HoldingText:
    """Change a text that statements begin with, or add one of our own."""
    require(access.may_open_fire(by), _(ONLY))
    said, called = words.clean(text)[:5000], " ".join(name.split())[:80]
    if not said or not called:
        raise Refused(_("Write something first."), code="empty", field="text" if called else "name")
    fresh = {"name": called, "text": said, "by": by, "at": clock.now(), "removed_at": None}
    row, _new = HoldingText.objects.update_or_create(key=key[:40], language=language[:5], defaults=fresh)
    audit.record(by=by, verb="conversations.keep_holding_text", target=row, key=row.key)
    return row


@transaction.atomic
def remove_holding_text(*, by: Person, text: HoldingText) -> None:
    """One of our own goes; of one that came along our words do. It can be put back."""
    require(access.may_open_fire(by), _(ONLY))
    if text.removed_at is None:
        text.removed_at = clock.now()
        text.save(update_fields=["removed_at"])
        audit.record(by=by, verb="conversations.remove_holding_text", target=text, key=text.key)


@transaction.atomic
def put_holding_text_back(*, by: Person, text: HoldingText) -> None:
    """It was wanted after all."""
    require(access.may_open_fire(by), _(ONLY))
    if text.removed_at is not None:
        text.removed_at = None
        text.save(update_fields=["removed_at"])
        audit.record(by=by, verb="conversations.put_holding_text_back", target=text, key=text.key)
