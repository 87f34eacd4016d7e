"""Why a conversation is with somebody, in one sentence built from its parts; in the language of whoever reads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations.choices import Hours
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries.channels import channel_name
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel.templatetags.koor import when

LANGUAGE_NAMES: dict[str, Any] = {
    "nl": gettext_lazy("Dutch"),
    "en": gettext_lazy("English"),
    "de": gettext_lazy("German"),
}
_LABELS: dict[str, Any] = {"aha": gettext_lazy("aha"), "ohoh": gettext_lazy("oh-oh")}
# What made it theirs: said to the one whom it is about, and said about them
_THEIRS: dict[str, tuple[Any, Any]] = {
    "thread": (
        gettext_lazy("With you, because this conversation was with you already."),
        gettext_lazy("With %(name)s, because this conversation was there already."),
    ),
    "own_account": (
        gettext_lazy("With you, because %(contact)s wrote to your own account."),
        gettext_lazy("With %(name)s, because %(contact)s wrote to their own account."),
    ),
    "direct_line": (
        gettext_lazy("With you, because you are the direct line of %(contact)s."),
        gettext_lazy("With %(name)s, the direct line of %(contact)s."),
    ),
    "asked": (
        gettext_lazy("With you, because %(contact)s asks for you."),
        gettext_lazy("With %(name)s, because %(contact)s asks for %(name)s."),
    ),
    "knows": (
        gettext_lazy("With you, because you know %(contact)s."),
        gettext_lazy("With %(name)s, who knows %(contact)s."),
    ),
    "before": (
        gettext_lazy("With you, because you answered %(contact)s before."),
        gettext_lazy("With %(name)s, who answered %(contact)s before."),
    ),
    "fire": (
        gettext_lazy("With you, because this is an oh-oh and you are on duty for PR."),
        gettext_lazy("With %(name)s, because this is an oh-oh and %(name)s is on duty for PR."),
    ),
    "author": (
        gettext_lazy("With you, because it is about your post."),
        gettext_lazy("With %(name)s, because it is about a post of %(name)s."),
    ),
    "rule": (gettext_lazy("With you, by a rule of ours."), gettext_lazy("With %(name)s, by a rule of ours.")),
    "buying": (
        gettext_lazy("With you, because this is about buying and sales is yours."),
        gettext_lazy("With %(name)s, because this is about buying."),
    ),
    "learnt": (
        gettext_lazy("With you, because questions like this go to %(learnt)s."),
        gettext_lazy("With %(name)s, because questions like this go to %(learnt)s."),
    ),
    "skill": (
        gettext_lazy("With you, because you know about this: %(skill)s."),
        gettext_lazy("With %(name)s, who knows about this: %(skill)s."),
    ),
    "purpose": (
        gettext_lazy("With you, because you are responsible for: %(purpose)s."),
        gettext_lazy("With %(name)s, who is responsible for: %(purpose)s."),
    ),
}
# What made it the absent colleague's
_ABSENT: dict[str, Any] = {
    "thread": gettext_lazy("The conversation was with %(absent)s."),
    "own_account": gettext_lazy("%(contact)s wrote to the account of %(absent)s."),
    "direct_line": gettext_lazy("%(absent)s is the direct line of %(contact)s."),
    "asked": gettext_lazy("%(contact)s asks for %(absent)s."),
    "knows": gettext_lazy("%(absent)s knows %(contact)s."),
    "before": gettext_lazy("%(absent)s answered %(contact)s before."),
    "fire": gettext_lazy("%(absent)s is on duty for PR."),
    "author": gettext_lazy("It is about a post of %(absent)s."),
    "rule": gettext_lazy("A rule of ours asks %(absent)s."),
    "buying": gettext_lazy("It is about buying, and sales is with %(absent)s."),
    "learnt": gettext_lazy("Questions like this go to %(learnt)s, where %(absent)s is."),
    "skill": gettext_lazy("%(absent)s knows about this: %(skill)s."),
    "purpose": gettext_lazy("%(absent)s is responsible for: %(purpose)s."),
}
_OFFERED: dict[str, Any] = {
    "knows": gettext_lazy("%(names)s know %(contact)s."),
    "fire": gettext_lazy("It is an oh-oh, and %(names)s are on duty for PR."),
    "rule": gettext_lazy("A rule of ours asks %(names)s."),
    "buying": gettext_lazy("It is about buying, which is with %(names)s."),
    "learnt": gettext_lazy("Questions like this go to %(learnt)s: %(names)s."),
    "skill": gettext_lazy("%(names)s know about this: %(skill)s."),
    "purpose": gettext_lazy("%(names)s are responsible for: %(purpose)s."),
}
# In a list, beside the name of whom it is with
_SHORT: dict[str, Any] = {
    "thread": gettext_lazy("goes on"),
    "own_account": gettext_lazy("own account"),
    "direct_line": gettext_lazy("direct line"),
    "asked": gettext_lazy("asked for by name"),
    "knows": gettext_lazy("knows each other"),
    "before": gettext_lazy("answered before"),
    "fire": gettext_lazy("oh-oh"),
    "rule": gettext_lazy("by a rule"),
    "buying": gettext_lazy("about buying"),
    "learnt": gettext_lazy("learnt"),
    "author": gettext_lazy("about a post"),
}
# The conditions of a rule that were met, after "It"
_MET: dict[str, Any] = {
    "platform": gettext_lazy("was written on %(what)s"),
    "account": gettext_lazy("was written to this account"),
    "purpose": gettext_lazy("is on an account for %(what)s"),
    "words": gettext_lazy("meets “%(what)s”"),
    "label": gettext_lazy("is an %(what)s"),
    "language": gettext_lazy("is in %(what)s"),
    "hours": gettext_lazy("came %(what)s"),
    "project": gettext_lazy("is of somebody of this project"),
    "buying": gettext_lazy("is about buying"),
}
_PEOPLE = frozenset(
    [
        "thread",
        "own_account",
        "direct_line",
        "asked",
        "knows",
        "before",
        "fire",
        "author",
        "person",
        "stand_in",
        "away",
        "full",
        "left",
        "passed",
    ]
)


@dataclass(frozen=True)
class Why:
    """A reason in words: the sentence itself, and what there is to add."""

    lead: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.lead} {self.rest}".strip()


def people_in(conversations: Collection[Conversation]) -> dict[int, Person]:
    """Whoever is named in the reasons of these conversations; one query."""
    numbers = {int(value) for c in conversations for key, value in c.reasons if _names_somebody(key, value)}
    numbers |= {person for c in conversations if c.assignee_id is None for person in c.offered}
    return Person.objects.only("name").in_bulk(numbers) if numbers else {}


def _names_somebody(key: str, value: Any) -> bool:
    return key in _PEOPLE and isinstance(value, int) and value > 0


def why(conversation: Conversation, viewer: Person | None, named: Mapping[int, Person]) -> Why:
    """The reason, as this viewer reads it."""
    said = _Said(conversation, viewer, named)
    notes = said.notes()
    if conversation.assignee is None:
        lead, *rest = said.unassigned()
    elif conversation.ground == "stand_in":
        lead, *rest = said.stand_in()
    elif conversation.ground == "person":
        lead, *rest = said.by_a_colleague()
    else:
        lead, *rest = said.theirs()
    return Why(lead, " ".join(part for part in (*rest, *notes) if part))


def short(conversation: Conversation, viewer: Person | None, named: Mapping[int, Person]) -> str:
    """The reason in a few words, for a list."""
    said = _Said(conversation, viewer, named)
    parts = said.parts
    if conversation.assignee is None:
        names = said.names_of_offered()
        return _("for %(names)s") % {"names": names} if names else _("the curator chooses")
    if conversation.ground == "stand_in":
        absent = said.name_of(parts.get("stand_in"))
        words = _("you stand in for %(name)s") if said.yours else _("stands in for %(name)s")
        words %= {"name": absent}
    elif conversation.ground == "person":
        words = said.who_gave_it_short()
    elif conversation.ground == "purpose":
        words = said.purpose()
    elif conversation.ground == "skill":
        words = str(parts.get("skill", ""))
    else:
        words = str(_SHORT.get(conversation.ground, ""))
    if said.yours:
        return words
    return ", ".join(part for part in (conversation.assignee.first_name, words) if part)


def in_a_row(words: Sequence[str]) -> str:
    """One, two and three."""
    if len(words) < 2:
        return words[0] if words else ""
    return _("%(names)s and %(last)s") % {"names": ", ".join(words[:-1]), "last": words[-1]}


class _Said:
    """The parts of one reason, with the names that belong to them."""

    def __init__(self, conversation: Conversation, viewer: Person | None, named: Mapping[int, Person]) -> None:
        self.conversation, self.viewer, self.named = conversation, viewer, named
        self.parts: dict[str, Any] = {}
        for key, value in conversation.reasons:
            if key != "away":
                self.parts.setdefault(key, value)
        self.yours = viewer is not None and conversation.assignee_id == viewer.pk

    def name_of(self, number: Any) -> str:
        person = self.named.get(number) if isinstance(number, int) else None
        return person.first_name if person else _("a colleague")

    def purpose(self) -> str:
        found = self.parts.get("purpose") or self.conversation.purpose
        return str(dict(Purpose.choices).get(found, found)).lower()

    def words(self) -> dict[str, str]:
        contact, assignee = self.conversation.contact, self.conversation.assignee
        return {
            "contact": contact.first_name if contact else _("this person"),
            "name": assignee.first_name if assignee else "",
            "absent": self.name_of(self.parts.get("stand_in")),
            "purpose": self.purpose(),
            "skill": str(self.parts.get("skill", "")),
            "learnt": str(self.parts.get("learnt", "")),
        }

    def by_rule(self) -> str:
        """What of a rule was met, in a sentence; empty when no rule decided."""
        if "rule" not in self.parts:
            return ""
        told = [self.met(name, value) for name, value in self.parts.items()]
        met = [str(_MET[name]) % {"what": what} for name, what in told if name]
        return _("It %(met)s.") % {"met": in_a_row(met)} if met else ""

    def met(self, name: str, value: Any) -> tuple[str, str]:
        """A condition as it is told, and what it is about."""
        if name == "where":
            kind, _colon, which = str(value).partition(":")
            return (kind, channel_name(which)) if kind in _MET else ("", "")
        if name not in _MET:
            return "", ""
        if name == "purpose":
            return name, self.purpose()
        names = {"label": _LABELS, "language": LANGUAGE_NAMES, "hours": dict(Hours.choices)}.get(name, {})
        return name, str(names.get(value, value))

    def theirs(self) -> list[str]:
        if "left" in self.parts:
            words = self.words() | {"left": self.name_of(self.parts["left"])}
            if self.yours:
                return [_("With you, because %(left)s does not work here any more.") % words]
            return [_("With %(name)s, because %(left)s does not work here any more.") % words]
        you, other = _THEIRS.get(self.conversation.ground, _THEIRS["thread"])
        return [str(you if self.yours else other) % self.words(), self.by_rule()]

    def stand_in(self) -> list[str]:
        words = self.words()
        lead = (
            _("With you, because you stand in for %(absent)s.")
            if self.yours
            else _("With %(name)s, who stands in for %(absent)s.")
        )
        ground = next((key for key in self.parts if key in _ABSENT), "thread")
        return [lead % words, str(_ABSENT[ground]) % words, self.by_rule(), self.away() % words]

    def away(self) -> str:
        until = self.parts.get("until")
        if self.parts.get("full") == self.parts.get("stand_in"):
            return _("%(absent)s has many people waiting now.")
        if not until:
            return _("%(absent)s is away.")
        day = when(date.fromisoformat(str(until)), "day").replace("%", "%%")
        return _("%(absent)s is away until %(day)s.").replace("%(day)s", day)

    def by_a_colleague(self) -> list[str]:
        sentence = self.conversation.sentence
        giver = self.parts.get("person")
        words = self.words() | {"giver": self.name_of(giver)}
        if giver == self.conversation.assignee_id:
            lead = _("With you: you took it.") if self.yours else _("With %(name)s, who took it.")
        elif self.viewer is not None and giver == self.viewer.pk:
            lead = _("With %(name)s, because you asked.")
        else:
            lead = (
                _("With you, because %(giver)s asks you.")
                if self.yours
                else _("With %(name)s, because %(giver)s asked.")
            )
        said = _("%(giver)s says: “%(sentence)s”") % (words | {"sentence": sentence}) if sentence else ""
        return [lead % words, said]

    def who_gave_it_short(self) -> str:
        giver = self.parts.get("person")
        if giver == self.conversation.assignee_id:
            return _("took it")
        if self.viewer is not None and giver == self.viewer.pk:
            return _("from you")
        return _("from %(name)s") % {"name": self.name_of(giver)}

    def names_of_offered(self) -> str:
        offered = [self.named[number].first_name for number in self.conversation.offered if number in self.named]
        if len(offered) > 3:
            offered = [*offered[:2], _("%(count)s others") % {"count": len(offered) - 2}]
        return in_a_row(offered)

    def unassigned(self) -> list[str]:
        names = self.names_of_offered()
        if not names or self.conversation.ground not in _OFFERED:
            return [_("Not sure whose this is."), _("The curator decides.")]
        words = self.words() | {"names": names}
        return [
            _("With nobody yet: whoever takes it first."),
            str(_OFFERED[self.conversation.ground]) % words,
            self.by_rule(),
        ]

    def notes(self) -> list[str]:
        told = {
            "away": _("%(name)s is away, and nobody stands in."),
            "full": _("%(name)s has enough in hand now."),
            "passed": _("%(name)s passed it on."),
        }
        absent = ("full", self.parts.get("stand_in"))  # told with who stands in
        said = [
            (told[key], value) for key, value in self.conversation.reasons if key in told and (key, value) != absent
        ]
        return [words % {"name": self.name_of(number)} for words, number in said]
