"""The map of the house: five places of the front stage, seven verbs backstage and the administrator's rooms, each with
the url name of its page. Pure description; `templatetags/shell.py` draws it for one person."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

CONDUCT = frozenset({"curator", "pr"})
CURATE = frozenset({"curator"})
MANAGE = frozenset({"administrator"})
PRIVACY = frozenset({"administrator", "privacy"})


@dataclass(frozen=True)
class Place:
    """One page in the navigation."""

    url_name: str
    title: Words
    icon: str = ""
    roles: frozenset[str] = frozenset()  # empty: whoever comes this far
    urgent: bool = False  # its number is worth knowing on every page
    also: tuple[str, ...] = ()  # url names that count as being here; "room:" stands for all of a room
    url: str = ""
    here: bool = False
    count: int = 0


@dataclass(frozen=True)
class Verb:
    """One of the seven, with the pages that answer its question."""

    key: str
    title: Words
    question: Words
    places: tuple[Place, ...]
    here: bool = False

    @property
    def url(self) -> str:
        return self.places[0].url

    @property
    def count(self) -> int:
        return sum(place.count for place in self.places)


FRONT: tuple[Place, ...] = (
    Place("shell:today", pgettext_lazy("navigation", "Today"), "today"),
    Place(
        "hub:capture",
        pgettext_lazy("navigation", "Show"),
        "camera",
        also=("hub:captured", "hub:mine", "hub:with_me", "hub:withdraw", "hub:restore", "hub:ask_to_sign"),
    ),
    Place("conversations:talk", pgettext_lazy("navigation", "Talk"), "talk", urgent=True),
    Place("contacts:people", pgettext_lazy("navigation", "People"), "people", also=("contacts:", "relations:")),
    Place("people:me", pgettext_lazy("navigation", "Me"), "person", also=("people:me_", "conversations:own_limit")),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "listen",
        pgettext_lazy("navigation", "Listen"),
        _("What is being said, and does any of it burn?"),
        (
            Place("listening:stream", pgettext_lazy("navigation", "Mentions"), roles=CONDUCT, also=("listening:",)),
            Place(
                "conversations:inbox",
                pgettext_lazy("navigation", "Inbox"),
                roles=CONDUCT,
                also=("conversations:",),
                urgent=True,
            ),
            Place(
                "conversations:rules",
                pgettext_lazy("navigation", "Who answers"),
                roles=CONDUCT,
                also=("conversations:rule", "conversations:add_rule", "conversations:remove_rule"),
            ),
            Place(
                "conversations:fires",
                pgettext_lazy("navigation", "Fires"),
                "ohoh",
                roles=CONDUCT | {"captain"},
                also=("conversations:fire",),
                urgent=True,
            ),
            Place("listening:topics", pgettext_lazy("navigation", "Topics"), roles=CONDUCT),
            Place("listening:queries", pgettext_lazy("navigation", "Saved queries"), roles=CONDUCT),
            Place("listening:sources", pgettext_lazy("navigation", "Sources"), roles=CONDUCT),
        ),
    ),
    Verb(
        "teach",
        pgettext_lazy("navigation", "Teach"),
        _("Who can do what, and who asked for help?"),
        (
            Place("story:page", pgettext_lazy("navigation", "Our story"), roles=CONDUCT, also=("story:",)),
            Place("story:carried", pgettext_lazy("navigation", "How far it is carried"), roles=CURATE),
            Place("academy:lessons", pgettext_lazy("navigation", "Lessons"), roles=CONDUCT, also=("academy:",)),
            Place("people:skills", pgettext_lazy("navigation", "Who can do what"), roles=CONDUCT),
        ),
    ),
    Verb(
        "inspire",
        pgettext_lazy("navigation", "Inspire"),
        _("What do people outside want to see, and who inside has it?"),
        (
            Place(
                "hub:wishes",
                pgettext_lazy("navigation", "Wishes"),
                roles=CONDUCT,
                also=("hub:wish", "hub:same_wish"),
            ),
            Place("listening:wanted", pgettext_lazy("navigation", "What they ask"), roles=CONDUCT),
            Place(
                "hub:prompts",
                pgettext_lazy("navigation", "Questions to colleagues"),
                roles=CONDUCT,
                also=("hub:prompt", "hub:add_prompt"),
            ),
            Place("hub:ideas", pgettext_lazy("navigation", "Ideas"), roles=CONDUCT, also=("hub:idea", "hub:move_idea")),
            Place(
                "hub:occasions",
                pgettext_lazy("navigation", "Occasions"),
                roles=CURATE,
                also=("hub:occasion", "hub:add_occasion", "hub:write_occasion"),
            ),
            Place(
                "hub:examples",
                pgettext_lazy("navigation", "Good examples"),
                roles=CONDUCT,
                also=("hub:examples", "hub:choose_example"),
            ),
        ),
    ),
    Verb(
        "facilitate",
        pgettext_lazy("navigation", "Facilitate"),
        _("Is everything ready for others to play?"),
        (
            Place("calendar:month", pgettext_lazy("navigation", "Calendar"), roles=CONDUCT, also=("calendar:",)),
            Place(
                "calendar:ahead",
                pgettext_lazy("navigation", "Looking ahead"),
                roles=CONDUCT,
                also=("calendar:ahead", "calendar:christmas"),
            ),
            Place("hub:library", pgettext_lazy("navigation", "Library"), roles=CONDUCT, also=("hub:",)),
            Place(
                "calendar:agreements",
                pgettext_lazy("navigation", "Agreements"),
                roles=CONDUCT,
                also=("calendar:agree", "calendar:propose", "calendar:change_agreement", "calendar:decline"),
            ),
            Place("people:away", pgettext_lazy("navigation", "Who is away"), roles=CONDUCT),
            Place(
                "channels:accounts",
                pgettext_lazy("navigation", "Channels"),
                roles=CONDUCT | MANAGE,
                also=("channels:",),
            ),
            Place(
                "publishing:archive",
                pgettext_lazy("navigation", "Said before"),
                roles=CURATE,
                also=("publishing:archive", "publishing:one_archive", "publishing:drop_archive"),
            ),
            Place(
                "channels:platforms",
                pgettext_lazy("navigation", "Platforms"),
                roles=CONDUCT | MANAGE,
                also=("channels:platform", "channels:covered"),
            ),
        ),
    ),
    Verb(
        "mobilise",
        pgettext_lazy("navigation", "Mobilise"),
        _("Who would like to take part, and in what?"),
        (
            Place("publishing:posts", pgettext_lazy("navigation", "Posts"), roles=CONDUCT, also=("publishing:",)),
            Place(
                "publishing:links",
                pgettext_lazy("navigation", "Links and hashtags"),
                roles=CURATE,
                also=("publishing:links", "publishing:manner"),
            ),
            Place("publishing:offers", pgettext_lazy("navigation", "Make it yours"), roles=CURATE),
            Place(
                "people:colleagues",
                pgettext_lazy("navigation", "Colleagues"),
                roles=CONDUCT,
                also=("people:colleague", "people:tell_absence", "people:team", "people:rota"),
            ),
            Place(
                "contacts:contacts", pgettext_lazy("navigation", "People outside"), roles=CONDUCT, also=("contacts:",)
            ),
            Place(
                "relations:ambassadors",
                pgettext_lazy("navigation", "Ambassadors"),
                roles=CONDUCT,
                also=("relations:ambassador",),
            ),
            Place(
                "relations:leads",
                pgettext_lazy("navigation", "Leads"),
                roles=CONDUCT,
                also=("relations:lead", "relations:new_lead"),
            ),
            Place(
                "people:invitations",
                pgettext_lazy("navigation", "New colleagues"),
                roles=CURATE | MANAGE,
                also=("people:invit",),
            ),
        ),
    ),
    Verb(
        "analyse",
        pgettext_lazy("navigation", "Analyse"),
        _("What did it do?"),
        (
            Place("insight:month", pgettext_lazy("navigation", "What it did"), roles=CONDUCT, also=("insight:",)),
            Place(
                "relations:voice",
                pgettext_lazy("navigation", "The voice of the customer"),
                roles=CONDUCT,
                also=("relations:voice",),
            ),
        ),
    ),
    Verb(
        "interpret",
        pgettext_lazy("navigation", "Interpret"),
        _("What does it mean?"),
        (
            Place(
                "insight:picture",
                pgettext_lazy("navigation", "The bigger picture"),
                roles=CONDUCT,
                also=("insight:picture",),
            ),
            Place(
                "governance:responsibility",
                pgettext_lazy("navigation", "Who is responsible"),
                roles=CONDUCT,
                also=("governance:agree",),
            ),
        ),
    ),
)

MANAGEMENT = Verb(
    "manage",
    pgettext_lazy("navigation", "Manage"),
    _("Is the house in order?"),
    (
        Place(
            "people:manage",
            pgettext_lazy("navigation", "Accounts of colleagues"),
            roles=CURATE | MANAGE,
            also=(
                "people:manage",
                "people:bring_in",
                "people:list",
                "people:let_",
                "people:discipline",
                "people:change_email",
            ),
        ),
        Place("governance:access", pgettext_lazy("navigation", "Who may do what"), roles=CURATE | MANAGE),
        Place("governance:audit", pgettext_lazy("navigation", "What happened"), roles=CURATE | MANAGE),
        Place(
            "governance:personal",
            pgettext_lazy("navigation", "Personal data"),
            roles=PRIVACY,
            also=("governance:personal",),
        ),
        Place("people:provider", pgettext_lazy("navigation", "Signing in"), roles=MANAGE, also=("people:provider",)),
        Place("shell:mail", pgettext_lazy("navigation", "Mail"), roles=MANAGE),
        Place(
            "relations:receiver",
            pgettext_lazy("navigation", "Leads to sales"),
            roles=MANAGE,
            also=("relations:receiver",),
        ),
        Place("hub:mailbox", pgettext_lazy("navigation", "Photos by mail"), roles=MANAGE),
        Place("shell:settings", pgettext_lazy("navigation", "Our organisation"), roles=MANAGE),
    ),
)


def counted(*, roles: Collection[str], here: str) -> list[str]:
    """The places whose number is worth knowing on this page: what is urgent, and all beside the place that is shown."""
    found: list[str] = []
    for places in (FRONT, *(verb.places for verb in (*VERBS, MANAGEMENT))):
        seen = [place for place in places if not place.roles or place.roles & set(roles)]
        at_home = any(place.url_name == here for place in seen)
        found += [place.url_name for place in seen if at_home or place.urgent]
    return found


def drawn_places(
    places: tuple[Place, ...],
    *,
    roles: Collection[str],
    here: str,
    address: Callable[[str], str],
    count: Callable[[str], int],
) -> tuple[Place, ...]:
    """The places for somebody with these roles, with address and count; one without an address is left out.

    `here` is the url name of the place that is shown: `place_of` tells it for any page."""
    seen = [place for place in places if not place.roles or place.roles & set(roles)]
    return tuple(
        replace(place, url=url, count=count(place.url_name), here=place.url_name == here)
        for place in seen
        if (url := address(place.url_name))
    )


def drawn_verbs(
    *, roles: Collection[str], here: str, address: Callable[[str], str], count: Callable[[str], int]
) -> list[Verb]:
    """The verbs for somebody with these roles; a verb without a page for them is left out."""
    verbs = []
    for verb in (*VERBS, MANAGEMENT):
        places = drawn_places(verb.places, roles=roles, here=here, address=address, count=count)
        if places:
            verbs.append(replace(verb, places=places, here=any(place.here for place in places)))
    return verbs


def place_of(url_name: str, *, backstage: bool = False) -> str:
    """Which place holds a page: the page itself, or the place whose longest `also` begins its name.

    A page of both stages belongs to the stage on which its reader works."""
    front = [(not backstage, place) for place in FRONT]
    behind = [(backstage, place) for verb in (*VERBS, MANAGEMENT) for place in verb.places]
    if any(place.url_name == url_name for _own, place in (*front, *behind)):
        return url_name
    matches = [
        (len(also), own, place.url_name)
        for own, place in (*front, *behind)
        for also in place.also
        if url_name.startswith(also)
    ]
    return max(matches)[2] if matches else ""


def on_front_stage(place: str) -> bool:
    """Whether this is one of the five."""
    return any(one.url_name == place for one in FRONT)
