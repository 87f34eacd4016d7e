"""What one can narrow the library down to, with how many there are of each among the newest finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koor.flow.hub.choices import ItemKind
from koor.flow.hub.queries.finding import Finds
from koor.flow.hub.queries.library import Asked
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import together

SHOWN = 8  # values of one facet


@dataclass(frozen=True)
class Choice:
    """One value of a facet. `value` stands in the address; empty: taken away again."""

    value: str
    label: str
    number: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Facets:
    """`total`: how many finds were counted; `more`: there are more than these."""

    groups: Sequence[Facet]
    total: int
    more: bool

    @property
    def chosen(self) -> list[tuple[str, Choice]]:
        return [(facet.name, choice) for facet in self.groups for choice in facet.choices if choice.chosen]


def facets(finds: Finds) -> Facets:
    """One query beside that of the finds, however large the library is."""
    found, asked = finds.newest[: finds.counted], finds.asked
    numbers: dict[str, Counter[Any]] = {
        "kind": Counter(one.kind for one in found),
        "project": Counter(one.project for one in found if one.project),
        "maker": Counter(one.maker for one in found if one.maker),
        "tag": Counter(tag for one in found for tag in one.tags),
        "evergreen": Counter("1" for one in found if one.evergreen),
        "used": Counter("no" if one.unused else "yes" for one in found),
    }
    labels = _labels(numbers, asked)
    titles = _titles()
    groups = [Facet(name, titles[name], _choices(numbers[name], labels[name], asked.get(name))) for name in titles]
    return Facets([one for one in groups if one.choices], len(found), len(finds.newest) > finds.counted)


def _titles() -> dict[str, str]:
    return {
        "kind": _("Kind"),
        "project": _("Project"),
        "maker": pgettext("maker", "From"),
        "tag": _("Tags"),
        "used": _("In posts"),
        "evergreen": _("Keeps"),
    }


def _labels(numbers: Mapping[str, Counter[Any]], asked: Asked) -> dict[str, Mapping[Any, str]]:
    """How each value is called. What was chosen has a name too, also where nothing is found."""
    projects = {*_top(numbers["project"]), *filter(None, [asked.get("project")])}
    makers = {*_top(numbers["maker"]), *filter(None, [asked.get("maker")])}
    tags = {*numbers["tag"], *filter(None, [asked.get("tag")])}
    named, people = together.lists(
        Project.objects.filter(pk__in=projects).values_list("pk", "name"),
        Person.objects.filter(pk__in=makers).values_list("pk", "name"),
    )
    return {
        "kind": {kind.value: str(kind.label) for kind in ItemKind},
        "project": dict(named),
        "maker": dict(people),
        "tag": {tag: tag for tag in tags},
        "used": {"yes": _("used"), "no": _("not used yet")},
        "evergreen": {"1": _("evergreen")},
    }


def _top(counter: Counter[Any]) -> list[Any]:
    return [value for value, _number in counter.most_common(SHOWN)]


def _choices(counter: Counter[Any], labels: Mapping[Any, str], chosen: Any) -> list[Choice]:
    """The most frequent first; what was chosen stands among them always."""
    now = "1" if chosen is True else chosen or None
    values = _top(counter)
    if now is not None and now not in values and now in labels:
        values.append(now)
    return [Choice(str(one), labels[one], counter[one], one == now) for one in values if one in labels]
