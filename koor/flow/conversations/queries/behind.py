"""What routing has to know of the people behind several conversations, asked once for all of them: who is their direct
line, who knows them, who answered them, who said "not for me", what is made for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import CalledIn, Conversation, Message, OwnLimit, Refusal
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.kernel import clock, together

EARLIER_ANSWERS = 5  # colleagues who answered this person before
REMEMBERED = timedelta(days=365)  # a refusal about a person

Pairs = Iterable[tuple[int, int]]


@dataclass
class Behind:
    """Colleagues by contact or by conversation, by their numbers."""

    direct: dict[int, int] = field(default_factory=dict)  # by contact
    known: dict[int, list[int]] = field(default_factory=dict)
    before: dict[int, list[int]] = field(default_factory=dict)  # who answered them, latest first
    declined: dict[int, set[int]] = field(default_factory=dict)
    made_for: dict[int, set[int]] = field(default_factory=dict)  # projects
    passed: dict[int, set[int]] = field(default_factory=dict)  # by conversation
    called_in: set[int] = field(default_factory=set)  # conversations in which somebody was asked beside
    limits: dict[int, int] = field(default_factory=dict)  # how many people want at once, of whoever said so
    waiting: dict[int, int] = field(default_factory=dict)  # how many wait for each of those

    def full(self, people: Collection[int]) -> frozenset[int]:
        """Who of these has as many people waiting as they want at once."""
        has = self.waiting.get
        return frozenset(one for one, most in self.limits.items() if one in people and has(one, 0) >= most)

    def moved(self, before: int | None, now: int | None) -> None:
        """Who waited for one colleague waits for another, or for nobody."""
        if before != now:
            for person, step in ((before, -1), (now, 1)):
                if person is not None and person in self.limits:
                    self.waiting[person] = self.waiting.get(person, 0) + step


def waits_for(one: Conversation) -> int | None:
    """The colleague for whom somebody waits in it."""
    return one.assignee_id if one.state == ConversationState.OPEN and one.waiting_since is not None else None


def behind(conversations: Collection[Conversation], also: Iterable[Contact] = ()) -> Behind:
    """One statement for all, and one more where colleagues set a limit of their own. `also`: people with whom there is
    no conversation yet."""
    stored = [one.pk for one in conversations if one.pk is not None]
    people = {one.pk: one for one in [*(one.contact for one in conversations), *also] if one is not None}
    ties, answers, refused, work, passed, called, limits = together.lists(
        _ties(people) if people else None,
        _answers(people) if people else None,
        _refused(people) if people else None,
        _work(people.values()) if people else None,
        Refusal.objects.filter(conversation__in=stored).values_list("conversation", "person") if stored else None,
        CalledIn.objects.filter(conversation__in=stored, over_at=None).values_list("conversation") if stored else None,
        OwnLimit.objects.values_list("person", "most"),
    )
    found = Behind(limits=dict(limits), called_in={row[0] for row in called}, passed=_sets(passed))
    for contact, person, direct in ties:
        found.known.setdefault(contact, []).append(person)
        if direct:
            found.direct.setdefault(contact, person)
    for contact, person, _last in answers:
        latest = found.before.setdefault(contact, [])
        if len(latest) < EARLIER_ANSWERS:
            latest.append(person)
    found.declined, found.made_for = _sets(refused), _made_for(people.values(), work)
    found.waiting = _waiting(found.limits) if found.limits else {}
    return found


def _ties(people: Collection[int]) -> QuerySet[Acquaintance, tuple[int, int, bool]]:
    rows = Acquaintance.objects.filter(contact__in=people, person__is_active=True)
    return rows.order_by("-direct_line", "person__name").values_list("contact", "person", "direct_line")


def _answers(people: Collection[int]) -> QuerySet[Message, tuple[int, int, int]]:
    rows = Message.objects.filter(contact__in=people, direction=Direction.OUT, failed=False, person__isnull=False)
    latest = rows.order_by().values("contact", "person").annotate(last=Max("pk")).order_by("-last")
    return latest.values_list("contact", "person", "last")  # type: ignore[return-value]


def _refused(people: Collection[int]) -> QuerySet[Refusal, tuple[int, int]]:
    rows = Refusal.objects.filter(conversation__contact__in=people, at__gte=clock.now() - REMEMBERED)
    return rows.values_list("conversation__contact", "person")


def _work(people: Iterable[Contact]) -> QuerySet[Project, tuple[int, int | None, int | None]]:
    """For these people, or for their organisations."""
    there = list(people)
    houses = {one.organisation_id for one in there if one.organisation_id}
    rows = Project.objects.filter(Q(contact__in=there) | Q(organisation__in=houses)).order_by()
    return rows.values_list("pk", "contact", "organisation")


def _made_for(people: Iterable[Contact], work: Iterable[tuple[int, int | None, int | None]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    by_house: dict[int, set[int]] = {}
    for project, contact, house in work:
        if contact:
            found.setdefault(contact, set()).add(project)
        if house:
            by_house.setdefault(house, set()).add(project)
    for one in people:
        if one.organisation_id in by_house:
            found.setdefault(one.pk, set()).update(by_house[one.organisation_id])
    return found


def _waiting(limits: Collection[int]) -> dict[int, int]:
    rows = Conversation.objects.filter(state=ConversationState.OPEN, waiting_since__isnull=False, assignee__in=limits)
    return dict(rows.order_by().values("assignee").annotate(number=Count("pk")).values_list("assignee", F("number")))


def _sets(pairs: Pairs) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found
