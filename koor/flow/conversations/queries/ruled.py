"""Rules as people read them: in plain sentences, with what is wrong with each and what it did lately."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koor.flow.conversations import access
from koor.flow.conversations.choices import Hours, RuleState
from koor.flow.conversations.logic import rules as logic
from koor.flow.conversations.logic import topics
from koor.flow.conversations.logic.rules import Ask
from koor.flow.conversations.models import Conversation, Refusal, Rule
from koor.flow.conversations.queries import past, ruling
from koor.flow.conversations.queries.channels import channel_name, latest_said
from koor.flow.conversations.queries.reasons import LANGUAGE_NAMES, in_a_row
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.governance.choices import Purpose
from koor.ground.people.choices import Role, SkillKind
from koor.ground.people.models import Discipline, Person, Skill, Team
from koor.kernel import numbers as typed
from koor.kernel import together
from koor.kernel.access import NotFound

MOST_PROJECTS = 300
_CLAUSES: dict[str, Any] = {
    "platform": gettext_lazy("on %(what)s"),
    "account": gettext_lazy("to %(what)s"),
    "purpose": gettext_lazy("on an account for %(what)s"),
    "words": gettext_lazy("it holds %(what)s"),
    "label": gettext_lazy("it is an %(what)s"),
    "language": gettext_lazy("it is in %(what)s"),
    "hours": gettext_lazy("it comes %(what)s"),
    "project": gettext_lazy("they belong to %(what)s"),
    "buying": gettext_lazy("it is about %(what)s"),
}
_ASKED: dict[str, Any] = {
    "person": "%(what)s",
    "team": gettext_lazy("the team %(what)s"),
    "discipline": gettext_lazy("somebody of %(what)s"),
    "skill": gettext_lazy("who knows about %(what)s"),
    "role": gettext_lazy("whose role is %(what)s"),
}
LABEL_NAMES: dict[str, Any] = {"aha": gettext_lazy("aha"), "ohoh": gettext_lazy("oh-oh")}


@dataclass
class Names:
    """Whatever a rule may name, by number, and what the editor offers. One query."""

    accounts: dict[int, str] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    disciplines: dict[int, str] = field(default_factory=dict)
    skills: dict[int, str] = field(default_factory=dict)
    projects: dict[int, str] = field(default_factory=dict)
    platforms: list[str] = field(default_factory=list)

    def of(self, kind: str, which: Any) -> str:
        """The name of somebody or a group whom a rule asks; empty when it is gone."""
        if kind == "person":
            found = self.people.get(which)
            return found.name if found is not None and found.is_active else ""
        if kind == "role":
            return str(Role(which).label).lower() if which in Role.values else ""
        return {"team": self.teams, "discipline": self.disciplines, "skill": self.skills}.get(kind, {}).get(which, "")


def names(person: Person, rules: Iterable[Mapping[str, Any]] = ()) -> Names:
    """Of everything there is to choose; `rules`: conditions whose projects are told too."""
    if not access.may_rule(person):
        raise NotFound
    return names_of(rules)


def names_of(rules: Iterable[Mapping[str, Any]]) -> Names:
    told = {when["project"] for when in rules if "project" in when}
    used = Conversation.objects.order_by("-pk")[: past.LOOK_BACK]
    recent = Project.objects.order_by("-pk").values_list("pk", "name")
    accounts, people, teams, disciplines, skills, projects, more, channels = together.lists(
        Account.objects.order_by("name").values_list("pk", "name", "connector"),
        Person.objects.only("name", "job", "is_active").order_by("name", "pk"),
        Team.objects.order_by("name").values_list("pk", "name"),
        Discipline.objects.order_by("name").values_list("pk", "name"),
        Skill.objects.filter(kind=SkillKind.SUBJECT).order_by("name").values_list("pk", "name"),
        recent[:MOST_PROJECTS],
        recent.filter(pk__in=told) if told else None,
        used.values_list("channel", flat=True),
    )
    heard = {key for _pk, _name, key in accounts} | set(filter(None, channels))
    return Names(
        accounts={pk: name for pk, name, _key in accounts},
        people={one.pk: one for one in people},
        teams=dict(teams),
        disciplines=dict(disciplines),
        skills=dict(skills),
        projects=dict([*projects, *more]),
        platforms=sorted(heard, key=lambda key: channel_name(key).lower()),
    )


def sentence(when: Mapping[str, Any], ask: Iterable[Sequence[Any]], known: Names) -> SafeString:
    """The rule in one sentence, what was chosen in bold."""
    where = [_clause(name, when[name], known) for name in ("where", "purpose") if name in when]
    also = [_clause(name, when[name], known) for name in logic.CONDITIONS[2:] if name in when]
    start = format_html("{}{}", _("When somebody writes"), _joined(where, " ", first=" "))
    whom = [
        _bold(_ASKED.get(kind, "%(what)s"), known.of(kind, which) or _("somebody who is gone")) for kind, which in ask
    ]
    asked = format_html_join(format_html(" {} ", _("or")), "{}", ((one,) for one in whom))
    then = format_html(_("then ask %(who)s.").replace("%(who)s", "{who}"), who=asked)
    glue = format_html(" {} ", _("and"))
    return format_html("{}{}, {}", start, _joined(also, glue, first=glue), then)


def plain(words: SafeString) -> str:
    """A sentence without its bold, for the command line."""
    return unescape(strip_tags(words))


def _joined(pieces: Sequence[SafeString], glue: str, *, first: str) -> SafeString:
    if not pieces:
        return SafeString("")
    return format_html("{}{}", first, format_html_join(glue, "{}", ((one,) for one in pieces)))


def _bold(words: Any, what: str) -> SafeString:
    return format_html(str(words).replace("%(what)s", "{what}"), what=format_html("<b>{}</b>", what))


def _clause(name: str, value: Any, known: Names) -> SafeString:
    if name == "where":
        kind, _colon, which = str(value).partition(":")
        if kind == "platform":
            return _bold(_CLAUSES["platform"], channel_name(which))
        return _bold(_CLAUSES["account"], known.accounts.get(int(which), "") or _("an account that is gone"))
    told: dict[str, Mapping[Any, Any]] = {
        "purpose": dict(Purpose.choices),
        "label": LABEL_NAMES,
        "language": LANGUAGE_NAMES,
        "hours": dict(Hours.choices),
        "project": known.projects,
        "buying": {True: _("buying")},
    }
    words = str(told.get(name, {}).get(value, value if name == "words" else _("something that is gone")))
    return _bold(_CLAUSES[name], words.lower() if name == "purpose" else words)


@dataclass
class Shown:
    """One rule in the list."""

    rule: Rule
    sentence: SafeString
    share: past.Share
    wrong: list[str] = field(default_factory=list)  # what must be mended
    mind: list[str] = field(default_factory=list)  # what is worth knowing
    number: int = 0

    @property
    def css(self) -> str:
        return "ohoh" if self.wrong else "wait" if self.mind else ""


@dataclass
class Rules:
    """All rules, as the page shows them."""

    looked: int = 0
    holding: list[Shown] = field(default_factory=list)
    paused: list[Shown] = field(default_factory=list)
    proposed: list[Shown] = field(default_factory=list)

    @property
    def decides(self) -> int:
        return sum(one.share.decides for one in self.holding)

    @property
    def at_odds(self) -> int:
        return sum(bool(one.wrong) for one in self.holding)


def rules(person: Person) -> Rules:
    """Every rule with its sentence, what it did in the latest conversations and where it is at odds with others."""
    rows = list(Rule.objects.select_related("by"))
    known = names(person, (row.when for row in rows))
    read = {row.pk: ruling.read(row) for row in rows}
    holding = [read[row.pk] for row in rows if row.state == RuleState.ACTIVE]
    looked, shares = past.shares(person, holding)
    found = Rules(looked=looked)
    groups = {RuleState.ACTIVE: found.holding, RuleState.PAUSED: found.paused, RuleState.PROPOSED: found.proposed}
    for row in rows:
        shown = Shown(row, sentence(row.when, row.ask, known), shares.get(row.pk, past.Share()))
        shown.wrong = broken(read[row.pk], known)
        groups[RuleState(row.state)].append(shown)
    for number, shown in enumerate(found.holding, 1):
        shown.number = number
    _compare(found, holding)
    return found


def _compare(found: Rules, holding: list[logic.Rule]) -> None:
    """Say at each rule where it is at odds with one above it."""
    shown = {one.rule.pk: one for one in found.holding}
    for odds in logic.at_odds(holding):
        shown[odds.later].wrong.append(odds_in_words(odds, shown[odds.first].number))
    for one in found.holding:
        if not one.wrong:
            one.mind += [_clash(shown[above].number, number) for above, number in one.share.clashes.items()]


def odds_in_words(odds: logic.Odds, first: int) -> str:
    words = (
        _("Never reached: rule %(number)s takes all of it already, and asks the same.")
        if odds.same
        else _("Contradicts rule %(number)s, which takes all of it and asks somebody else. The upper one decides.")
    )
    return words % {"number": first}


def _clash(above: int, times: int) -> str:
    words = ngettext(
        "Met together with rule %(above)s %(times)s time, which asks somebody else and comes first.",
        "Met together with rule %(above)s %(times)s times, which asks somebody else and comes first.",
        times,
    )
    return words % {"above": above, "times": times}


def broken(rule: logic.Rule, known: Names) -> list[str]:
    """What of a rule can't work: an expression that can't be read, somebody or something that is gone."""
    found = []
    if rule.unreadable:
        found.append(_("The words can't be read any more, so it never holds. Write them anew."))
    kind, _colon, which = str(rule.when.get("where", "")).partition(":")
    if kind == "account" and int(which) not in known.accounts:
        found.append(_("The account is gone, so it never holds."))
    if "project" in rule.when and rule.when["project"] not in known.projects:
        found.append(_("The project is gone, so it never holds."))
    found += [_gone(ask, known) for ask in rule.ask if not known.of(*ask)]
    return found


def _gone(ask: Ask, known: Names) -> str:
    left = known.people.get(ask[1]) if ask[0] == "person" and isinstance(ask[1], int) else None
    if left is not None:
        return _("%(name)s does not work here any more. Choose somebody else.") % {"name": left.name}
    return _("It asks a group that is gone. Choose another.")


def rule(person: Person, id: int) -> Rule:
    found = Rule.objects.filter(pk=id).first()
    if found is None or not access.may_rule(person):
        raise NotFound
    return found


@dataclass(frozen=True)
class ChangeTold:
    """A conversation that would have gone elsewhere, in words."""

    pk: int
    who: str
    said: str
    was: str
    now: str


def changes_told(person: Person, run: past.DryRun) -> list[ChangeTold]:
    """Some of what would change: to whom it went, and to whom it would."""
    return [
        ChangeTold(one.past.pk, one.past.who or _("Somebody"), one.past.said, _end(one.was, run), _end(one.now, run))
        for one in run.changes[: past.SHOWN]
    ]


def _end(outcome: past.Outcome, run: past.DryRun) -> str:
    first = [run.names[pk].first_name for pk in outcome.people if pk in run.names]
    if len(first) > 3:
        first = [*first[:2], _("%(count)s others") % {"count": len(first) - 2}]
    if first:
        return in_a_row(first)
    if outcome.ground == "further":
        return _("further down the order")
    return _("the curator chooses") if outcome.ground == "unsure" else _("several colleagues")


def odds(person: Person, tried: logic.Rule, known: Names) -> list[str]:
    """Where a rule that is being written is at odds with those that hold, and what of it can't work."""
    holding = ruling.in_force()
    numbers = {one.pk: number for number, one in enumerate(holding, 1)}
    ordered = [tried if one.pk == tried.pk else one for one in holding]
    if tried not in ordered:
        ordered.append(tried)
        numbers[tried.pk] = len(ordered)
    found = broken(tried, known)
    for one in logic.at_odds(ordered):
        if one.later == tried.pk:
            found.append(odds_in_words(one, numbers[one.first]))
        elif one.first == tried.pk:
            words = _("It takes all that rule %(number)s would meet, so that one is never reached.")
            found.append(words % {"number": numbers[one.later]})
    return found


def like(person: Person, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a new rule begins with: where a conversation came in, what it is about, and whom it should have gone to."""
    first: dict[str, Any] = {}
    number, to = typed.row(asked.get("like", "")), typed.row(asked.get("to", ""))
    if number:
        found = Conversation.objects.filter(access.visible_to(person), pk=number).first()
        said = latest_said(found) if found else None
        if found is not None and said is not None:
            first["words"] = topics.telling(said.text)
            first["where"] = f"platform:{said.channel}" if said.channel else ""
    if to:
        first["ask_1"] = f"person:{to}"
    return first


def passed_on(person: Person, conversation: int) -> Refusal:
    """What this colleague said "not for me" to."""
    rows = Refusal.objects.select_related("conversation__contact", "belongs_to")
    found = rows.filter(conversation=conversation, person=person).first()
    if found is None:
        raise NotFound
    return found


def words_of(passed: Refusal) -> str:
    """The words by which such a question could be known again; empty when it says too little."""
    said = latest_said(passed.conversation)
    return topics.telling(said.text) if said else ""
