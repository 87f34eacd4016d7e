"""What is good to do after a project: for who did the work, with the best reason that the house has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item, Medium, Voice
from koor.flow.hub.queries.library import attach_pictures
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import everybody
from koor.flow.relations.choices import Reason, RevisitState
from koor.flow.relations.logic import NO_NEED, after
from koor.flow.relations.models import Revisit, Rhythm
from koor.flow.relations.queries.letters import draft
from koor.flow.relations.queries.line import last_at
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound

ARTICLES = 60  # latest that are looked at for something of use
Team = Project.people.through


@dataclass(frozen=True)
class Shown:
    """Something to show to somebody: `about` names it, `address` opens it for anybody; without one it is ours."""

    about: str
    title: str
    address: str = ""
    item: Item | None = None


@dataclass(frozen=True)
class Proposal:
    """Be in touch with this customer, for this reason; `text` is a first draft in their language."""

    project: Project
    contact: Contact
    moment: after.After
    reason: Reason
    shown: Shown | None
    text: str


def after_projects(person: Person) -> QuerySet[Project]:
    """Projects after which it is this colleague's moment to be in touch: they did the work, and know the customer
    best of those who did. Nobody is asked who was in touch lately, or who needs no reminder."""
    if not person.is_active or person.autonomy == Autonomy.PRACTISE:
        return Project.objects.none()
    return _after(person.pk, _lately(), people.today())


def asked_after(person: Person, first: bool = False) -> written.Asked | None:
    """The same as a question, the first of them for Today."""
    if not person.is_active or person.autonomy == Autonomy.PRACTISE:
        return None
    return _written_after(person.pk, _lately(), people.today(), first)


def _lately() -> datetime:
    return clock.now() - timedelta(days=after.JUST_SPOKEN)


def _after(pk: Any, lately: Any, today: Any) -> QuerySet[Project]:
    rows = Project.objects.filter(state=ProjectState.DONE, people=pk, contact__merged_into__isnull=True)
    rows = rows.filter(_open_moments(today)).annotate(last_spoken=last_at("contact"), whose=_whose())
    rows = rows.filter(Q(last_spoken=None) | Q(last_spoken__lt=lately), whose=pk)
    unwanted = Rhythm.objects.filter(person=pk, contact=OuterRef("contact"))
    rows = rows.exclude(Exists(unwanted.filter(Q(every_days=NO_NEED) | Q(later_until__gt=today))))
    return rows.select_related("contact__organisation", "organisation").order_by("-last_day", "pk")


@written.once("pk", "lately", "today")
def _written_after(pk: Any, lately: Any, today: Any, first: bool) -> QuerySet[Project]:
    rows = _after(pk, lately, today)
    return rows[:1] if first else rows


def _before(today: Any, days: int) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(Cast(today, DateField()) - Value(days), DateField())


def _open_moments(today: Any) -> Q:
    """A moment after it is open, and nobody did something with it yet."""
    settled = Revisit.objects.filter(project=OuterRef("pk"))
    found = Q(pk__in=[])
    for moment in after.MOMENTS:
        first, last = _before(today, moment.days + after.STAYS), _before(today, moment.days)
        found |= Q(last_day__gt=first, last_day__lte=last) & Q(~Exists(settled.filter(moment=moment.key)))
    return found & Q(contact__isnull=False) & Q(~Exists(settled.filter(moment=after.NEVER)))


def _whose() -> Coalesce:
    """Of those who did the work: the customer's own person, else who knows them, else the first by name."""
    did = Team.objects.filter(project=OuterRef("pk"), person__is_active=True)
    did = did.exclude(person__autonomy=Autonomy.PRACTISE)
    knows = Acquaintance.objects.filter(contact=OuterRef("contact"), person__in=_did_work())
    knows = knows.order_by("-direct_line", F("since").asc(nulls_last=True), "pk")
    return Coalesce(
        Subquery(knows.values("person")[:1]), Subquery(did.order_by("person__name", "person").values("person")[:1])
    )


def _did_work() -> QuerySet[Any, Any]:
    did = Team.objects.filter(project=OuterRef(OuterRef("pk")), person__is_active=True)
    return did.exclude(person__autonomy=Autonomy.PRACTISE).values("person")


def proposal(person: Person, project: int) -> Proposal:
    """The one about this project; NotFound when it is not, or no longer, this colleague's moment."""
    found = proposals(person, list(after_projects(person).filter(pk=project)))
    if not found:
        raise NotFound
    return found[0]


def proposals(person: Person, projects: Sequence[Project]) -> list[Proposal]:
    """Each with the best reason that there is. A few queries, whatever there is."""
    if not projects:
        return []
    reasons = _Reasons(person, projects)
    return [reasons.proposal(project) for project in projects]


class _Reasons:
    """What the house has to show to these customers, asked at once."""

    def __init__(self, person: Person, projects: Sequence[Project]) -> None:
        self.person, self.today = person, people.today()
        contacts = [project.contact_id for project in projects]
        up = _up().filter(post__item__project__in=projects)
        latest = _up().exclude(slug="")[:ARTICLES]
        pictured = Exists(Medium.objects.filter(item=OuterRef("pk")))
        pictures = hub.publishable_items(person).filter(pictured, project__in=projects).defer("words")
        shown, wished, ups, read, own = together.lists(
            Revisit.objects.filter(contact__in=contacts).exclude(about="").values_list("contact_id", "about"),
            Voice.objects.filter(contact__in=contacts).values_list("contact_id", "wish__sentence", "wish__items"),
            up,
            latest,
            pictures.prefetch_related(None).order_by("-made_at", "-pk")[:ARTICLES],
        )
        self.before: dict[int | None, set[str]] = defaultdict(set)
        for contact, about in shown:
            self.before[contact].add(about)
        self.wished = [(contact, said, item) for contact, said, item in wished if item is not None]
        self.answers = self._answers()
        self.up, self.latest, self.own = ups, read, own
        attach_pictures([*own, *(one.post.item for one in (*ups, *read, *self.answers) if one.post.item)])

    def _answers(self) -> list[Target]:
        items = {item for _contact, _said, item in self.wished}
        return list(_up().filter(post__item__in=items)[:ARTICLES]) if items else []

    def proposal(self, project: Project) -> Proposal:
        moment = after.due(project.last_day, self.today) if project.last_day else None
        assert moment is not None
        assert project.contact is not None
        reason, shown, wish = self._best(project)
        text = draft(self.person, project, moment, reason, address=shown.address if shown else "", wish=wish)
        return Proposal(project, project.contact, moment, reason, shown, text)

    def _best(self, project: Project) -> tuple[Reason, Shown | None, str]:
        known = self.before[project.contact_id]
        for contact, said, item in self.wished:
            answer = next((one for one in self.answers if one.post.item_id == item), None)
            if contact == project.contact_id and answer and _named(answer) not in known:
                return Reason.WISH, _public(answer), said
        of_them = [one for one in self.up if one.post.item and one.post.item.project_id == project.pk]
        photo = next((one for one in of_them if _named(one) not in known), None)
        if photo:
            return Reason.PHOTO, _public(photo), ""
        own = next((one for one in self.own if one.project_id == project.pk and f"item:{one.pk}" not in known), None)
        if own:
            return Reason.PHOTO, Shown(f"item:{own.pk}", str(own), item=own), ""
        useful = self._useful(project, known)
        return (Reason.USEFUL, _public(useful), "") if useful else (Reason.ASK, None, "")

    def _useful(self, project: Project, known: set[str]) -> Target | None:
        work = after.telling(f"{project.name} {project.about}")
        fresh = [one for one in self.latest if _named(one) not in known and not _about(one, project)]
        return after.of_use(work, ((one, after.telling(f"{one.post.title} {one.text}")) for one in fresh))


def _up() -> QuerySet[Target]:
    """What anybody outside can open, newest first."""
    rows = everybody.open_rows().filter(state=State.PUBLISHED, removed_at=None, post__practice=False)
    rows = rows.exclude(slug="", url="").select_related("post__item")
    return rows.order_by("-published_at", "-pk")


def _named(target: Target) -> str:
    return f"post:{target.post_id}"


def _about(target: Target, project: Project) -> bool:
    return target.post.item is not None and target.post.item.project_id == project.pk


def _public(target: Target) -> Shown:
    path = reverse("publishing:article", args=[target.slug]) if target.slug else ""
    address = f"{settings.KOOR_URL}{path}" if path else target.url
    return Shown(_named(target), str(target.post), address, target.post.item)


# --- what was done ---


def revisits(person: Person, project: Project) -> list[Revisit]:
    """When somebody was in touch after this project."""
    rows = Revisit.objects.filter(project=project, state=RevisitState.DONE).select_related("person")
    return list(rows.order_by("-at")) if person.is_active else []


def revisit(person: Person, id: int) -> Revisit:
    """What this colleague did with a moment, to take it back."""
    found = Revisit.objects.select_related("project", "contact").filter(pk=id, person=person).first()
    if found is None:
        raise NotFound
    return found
