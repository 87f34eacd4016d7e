"""What the calendar shows on Today."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koor.flow.calendar import access, queries
from koor.flow.calendar.choices import ChangeKind
from koor.flow.calendar.models import AgreementChange, Campaign, Slot, SlotAsk, SlotGiven
from koor.flow.hub.models import Occasion, OccasionPass
from koor.flow.hub.queries import occasions
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person, Rota, Team
from koor.ground.people.queries import house
from koor.kernel import audit, clock, together, written
from koor.kernel.panels import Todo, panel, todos

Filled = tuple[str, dict[str, Any]] | None
MOST_GIVEN = 20  # so many are many
SOON = 6  # days ahead that a promise is on Today


def _next_promise(person: Person) -> written.Asked:
    today = clock.today(house().zone)
    return queries.first_promise(person.pk, today, today + timedelta(days=SOON))


@todos(_next_promise)
def promise_this_week(person: Person, promised: list[Slot]) -> Iterable[Todo]:
    """The colleague's own next promise, in private."""
    for slot in promised:
        yield Todo(
            rank=40,
            title=_("Show something of your work"),
            text=_("Your promise for %(day)s: %(what)s.") % {"day": date_format(slot.day, "l"), "what": slot},
            button=_("Take a photo"),
            url=reverse("hub:capture"),
            minutes=1,
            icon="camera",
        )


def _due_of(
    person: Person, soon: list[Campaign], rows: list[Occasion], passed: list[OccasionPass]
) -> Iterable[occasions.Due]:
    """Events and trade fairs as a reason to show something, but for what the curator or this colleague put away."""
    own, away = {row.key: row for row in rows}, {one.key for one in passed}
    for one in soon:
        key = occasion_key(one.pk)
        if key not in away and occasions.concerns(person, own.get(key)):
            days = {"first": date_format(one.first_day, "j F"), "last": date_format(one.last_day, "j F")}
            when = _("On %(first)s.") if one.first_day == one.last_day else _("From %(first)s until %(last)s.")
            yield occasions.Due(key, one.about or _("What do you show there?"), f"{one.name}. {when % days}")


def occasion_key(campaign: int) -> str:
    return f"from-campaign-{campaign}"


@todos(
    lambda person: queries.to_show_for()[:3],
    lambda person: occasions.asked(person)[0],
    lambda person: occasions.asked(person)[1],
)
def event_or_fair(
    person: Person, soon: list[Campaign], rows: list[Occasion], passed: list[OccasionPass]
) -> Iterable[Todo]:
    for due in list(_due_of(person, soon, rows, passed))[:1]:
        yield Todo(
            rank=64,
            title=due.sentence,
            text=due.why,
            button=_("Show something"),
            url=reverse("hub:capture") + f"?occasion={due.key}",
            icon="calendar",
        )


@panel("hub.capture", order=20)
def occasion_of_the_photo(request: SignedIn, **_about: Any) -> Filled:
    """The event with which somebody came, above the photo."""
    key = request.GET.get("occasion", "")
    if not key.startswith("from-campaign-"):
        return None
    person = request.user
    soon, rows, passed = together.lists(queries.to_show_for()[:3], *occasions.asked(person)[:2])
    due = next((one for one in _due_of(person, soon, rows, passed) if one.key == key), None)
    return ("hub/panel_occasion.html", {"due": due}) if due else None


@panel("hub.occasions", order=20)
def events_and_fairs(request: SignedIn, **_about: Any) -> Filled:
    """What comes, for whoever arranges occasions: each on or off."""
    shown = _arranged(request)
    return ("calendar/panel_occasions.html", {"shown": shown}) if shown else None


@panel("hub.occasions.now", order=20)
def how_many_events_are_on(request: SignedIn, **_about: Any) -> Filled:
    """Beside the number of other occasions that are on colleagues' Today: that of events and trade fairs."""
    soon = people.today() + timedelta(days=queries.SHOWN_AHEAD)
    now = sum(on and one.first_day <= soon for one, _key, on in _arranged(request))
    return ("calendar/panel_occasions_now.html", {"now": now}) if now else None


def _arranged(request: SignedIn) -> list[tuple[Campaign, str, bool]]:
    """Events and fairs of the coming year, each with its key and whether it is on; asked once for a page."""
    if not hasattr(request, "arranged_events"):
        coming, rows = together.lists(queries.to_show_for(ahead=366)[:20], occasions.asked(request.user)[0])
        off = {row.key for row in rows if not row.on}
        keys = [occasion_key(one.pk) for one in coming]
        request.arranged_events = [(one, key, key not in off) for one, key in zip(coming, keys, strict=True)]  # type: ignore[attr-defined]
    found: list[tuple[Campaign, str, bool]] = request.arranged_events  # type: ignore[attr-defined]
    return found


@todos(written.of_person(lambda person: queries.asked_of(person)[:1]))
def agreement_to_answer(person: Person, asked: list[AgreementChange]) -> Iterable[Todo]:
    for change in asked:
        agreement = change.agreement
        changed = change.kind == ChangeKind.CHANGED
        yield Todo(
            rank=45,
            title=_("A change of what you promised?") if changed else _("Would you like to promise this?"),
            text=f"{agreement.what}, {agreement.get_rhythm_display()}",
            button=_("Look at it"),
            url=reverse("calendar:agreement", args=[agreement.pk]),
            face=change.by,
        )


def _to_answer(person: Person) -> Any:
    return queries.from_suppliers(person)[:1] if access.may_answer_suppliers(person) else None


@todos(_to_answer)
def promise_to_answer(person: Person, asked: list[AgreementChange]) -> Iterable[Todo]:
    """A colleague's own promise, or the change that they would like: it waits for who plans."""
    for change in asked:
        new, agreement = change.kind != ChangeKind.CHANGED, change.agreement
        name = change.by.first_name if change.by else "–"
        title = _("%(name)s would like to promise something") if new else _("%(name)s would like to change a promise")
        yield Todo(
            rank=44,
            title=title % {"name": name},
            text=f"{agreement.what}, {agreement.get_rhythm_display()}",
            button=_("Look at it"),
            url=reverse("calendar:agreement", args=[agreement.pk]),
            face=change.by,
            waiting_since=change.at,
        )


@todos(lambda person: queries.first_asked_slot(person.pk, people.today()))
def asked_to_fill(person: Person, asked: list[SlotAsk]) -> Iterable[Todo]:
    """Somebody asked them for a day that is still open; in private."""
    for ask in asked:
        yield Todo(
            rank=42,
            title=_("Do you have something for %(day)s?") % {"day": date_format(ask.slot.day, "l j F")},
            text=_("%(name)s asks. Whatever you have is welcome; leaving it is fine too.")
            % {"name": ask.by.first_name if ask.by else "–"},
            button=_("Look at it"),
            url=reverse("calendar:slot", args=[ask.slot_id]),
            face=ask.by,
        )


@todos(lambda person: queries.given_to(person)[:MOST_GIVEN])
def places_given(person: Person, given: list[SlotGiven]) -> Iterable[Todo]:
    """Places that became theirs by another's hand, in one card."""
    for one in given[:1]:
        said = {"day": date_format(one.slot.day, "l j F"), "what": one.slot}
        more = ngettext("And %(n)s more.", "And %(n)s more.", len(given) - 1) % {"n": len(given) - 1}
        more = _("And many more.") if len(given) == MOST_GIVEN else more
        text = _("%(day)s: %(what)s.") % said
        yield Todo(
            rank=41,
            title=_("A place in the calendar is yours now"),
            text=f"{text} {more}" if given[1:] else text,
            button=_("Look at it"),
            url=reverse("calendar:given"),
            face=one.by,
        )


@panel("people.me", order=25)
def my_promises(request: SignedIn, colleague: Person, **_more: Any) -> Filled:
    rows = queries.of_supplier(colleague)
    return ("calendar/panel_group.html", {"agreements": rows, "own": True}) if rows else None


@panel("people.team", order=10)
def promises_of_team(request: SignedIn, team: Team, **_more: Any) -> Filled:
    rows = queries.of_group(team)
    return ("calendar/panel_group.html", {"agreements": rows}) if rows else None


@panel("people.rota", order=10)
def promises_of_rota(request: SignedIn, rota: Rota, **_more: Any) -> Filled:
    rows = queries.of_group(rota)
    return ("calendar/panel_group.html", {"agreements": rows}) if rows else None


@panel("channels.account", order=10)
def rhythm_of_account(request: SignedIn, account: Account, **_more: Any) -> Filled:
    beats = [(beat, WEEKDAYS[beat.weekday]) for beat in queries.posting_times(request.user, account)]
    may_plan = access.may_plan(request.user)
    made_with = channels.connectors().get(account.connector)
    posts = made_with is None or made_with.manifest.posts  # where nothing is posted there is no rhythm
    if not beats and not (posts and may_plan):
        return None
    return "calendar/panel_account.html", {"beats": beats, "account": account, "may_plan": may_plan}


audit.sentences(
    {
        "calendar.propose_agreement": gettext_lazy("%(by)s proposed an agreement: %(target)s"),
        "calendar.agree": gettext_lazy("%(by)s agreed to: %(target)s"),
        "calendar.propose_change": gettext_lazy("%(by)s proposed to change the agreement: %(target)s"),
        "calendar.agree_change": gettext_lazy("%(by)s agreed to change the agreement: %(target)s"),
        "calendar.decline_change": gettext_lazy("The agreement stays as it was: %(target)s"),
        "calendar.add_posting_time": gettext_lazy("%(by)s gave %(target)s a rhythm: %(when)s"),
        "calendar.remove_posting_time": gettext_lazy("%(by)s took from the rhythm of %(target)s: %(when)s"),
        "calendar.change_campaign": gettext_lazy("%(by)s changed “%(target)s”"),
        "calendar.remove_campaign": gettext_lazy("%(by)s took “%(target)s” away"),
        "calendar.end_agreement": gettext_lazy("%(by)s ended the agreement: %(target)s"),
        "calendar.plan_slot": gettext_lazy("%(by)s planned “%(target)s” for %(day)s"),
        "calendar.move_slot": gettext_lazy("%(by)s moved “%(target)s” from %(before)s to %(after)s"),
        "calendar.edit_slot": gettext_lazy("%(by)s changed “%(target)s” in the calendar"),
        "calendar.take_slot": gettext_lazy("%(by)s takes “%(target)s” in the calendar"),
        "calendar.hand_over": gettext_lazy(
            "%(places)s places in the calendar of %(target)s went on to others, or are open"
        ),
        "calendar.see_given": gettext_lazy("%(by)s knows of %(places)s places that were given to them"),
        "calendar.let_go_of_item": gettext_lazy("%(item)s was removed, so its place is open: %(target)s"),
        "calendar.drop_slot": gettext_lazy("%(by)s took “%(target)s” out of the calendar"),
        "calendar.restore_slot": gettext_lazy("%(by)s put “%(target)s” back into the calendar"),
        "calendar.plan_campaign": gettext_lazy("%(by)s planned the campaign “%(target)s”"),
        "calendar.lay_out": gettext_lazy("%(by)s put “%(item)s” in the calendar for %(day)s"),
        "calendar.ask_colleague": gettext_lazy("%(by)s asked %(name)s for something on %(day)s"),
        "calendar.choose_region": gettext_lazy("%(by)s chose whose school holidays count"),
        "calendar.add_holidays": gettext_lazy("%(by)s brought in the holidays “%(target)s”"),
        "calendar.remove_holidays": gettext_lazy("%(by)s took the holidays “%(target)s” away"),
        "calendar.erase_holidays": gettext_lazy("%(by)s removed holidays for good: %(target)s"),
        "calendar.restore_holidays": gettext_lazy("%(by)s brought back holidays: %(target)s"),
        "calendar.open_feed": gettext_lazy("%(by)s opened a private calendar address"),
        "calendar.close_feed": gettext_lazy("%(by)s shut a private calendar address"),
        "calendar.take_in_plan": gettext_lazy("%(by)s planned with the list %(target)s: %(added)s places"),
        "calendar.roll_all": gettext_lazy("%(by)s put the days of the agreements into the calendar"),
    }
)
