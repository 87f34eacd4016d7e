"""Work that is offered to make one's own: whom it suits, one's own offers, and for the curator what is out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub.models import Portrayed
from koor.flow.publishing import access
from koor.flow.publishing.choices import Answer, Less, Stage, State
from koor.flow.publishing.logic import phrases, starting, suits
from koor.flow.publishing.models import LessOf, Offer, Post, Sharing, Target
from koor.flow.publishing.queries import with_parts
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person, Skill
from koor.kernel import clock, written
from koor.kernel.access import NotFound
from koor.kernel.search import fold

FRESH = timedelta(days=6)  # that something is offered
FOUR_WEEKS = timedelta(weeks=4)
READ = 30  # posts of one's own from which a text to begin with is made


# ── Whom it suits ────────────────────────────────────────────────────────────────────────────────────────────────────


def sharing_with_work(pk: int) -> Sharing | None:
    """What is shared with all that the choosing reads; None when it is not offered any more."""
    of_item = ("project__contact", "by__discipline")
    both = [f"{start}item__{one}" for start in ("", "post__") for one in of_item]
    rows = Sharing.objects.select_related("post__by__discipline", *both)
    return rows.filter(pk=pk, ended_at=None).first()


def work_of(sharing: Sharing) -> suits.Work:
    """What is shared, as the choosing sees it."""
    post, item = sharing.post, sharing.item or (sharing.post.item if sharing.post else None)
    maker = post.by if post else item.by if item else None
    project = item.project if item else None
    tags = frozenset(tag.casefold() for tag in (item.tags if item else []))
    text = f"{post.text if post else ''} {item.title if item else ''} {item.text if item else ''} {' '.join(tags)}"
    return suits.Work(
        maker=maker.pk if maker else 0,
        discipline=maker.discipline_id if maker else None,
        discipline_name=str(maker.discipline) if maker and maker.discipline else "",
        project=project.pk if project else None,
        project_name=str(project) if project else "",
        contacts=_contacts_in(item.pk if item else None, project),
        words=frozenset(re.findall(r"\w{3,}", fold(text))),
        tags=tags,
    )


def _contacts_in(item: int | None, project: Project | None) -> frozenset[int]:
    """People outside whom it is about: the customer, and who is in the picture."""
    rows = Portrayed.objects.filter(item=item, contact__isnull=False) if item else Portrayed.objects.none()
    found = {pk for pk in rows.values_list("contact", flat=True) if pk is not None}
    return frozenset(found | ({project.contact_id} if project and project.contact_id else set()))


def colleagues_for(work: suits.Work, sharing: Sharing) -> list[suits.Colleague]:
    """Everybody who could get it: at work, not its maker, not offered it before. The same queries for any number."""
    away = people.away_on(people.today())
    had = set(sharing.offers.values_list("person", flat=True))
    passed = set(sharing.post.passed_by.values_list("person", flat=True)) if sharing.post else set()
    own = set(sharing.post.made_own.values_list("by", flat=True)) if sharing.post else set()
    out = {*away, *had, *passed, *own, work.maker}
    rows = Person.objects.filter(is_active=True, joined_at__isnull=False).exclude(pk__in=out)
    rows = rows.exclude(autonomy=Autonomy.PRACTISE)  # they have a stage of their own
    skills, projects, knows, places, less = _skills(), _on(work.project), _knowing(work), _with_place(), _less()
    week, lately = _offered(timedelta(days=7)), _offered(FOUR_WEEKS)
    return [
        suits.Colleague(
            pk=pk,
            discipline=discipline,
            skills=frozenset(skills[pk]),
            projects=frozenset({work.project} if work.project and pk in projects else ()),
            knows=frozenset(knows[pk]),
            has_place=pk in places,
            this_week=week[pk],
            lately=lately[pk],
            less=frozenset(less[pk]),
        )
        for pk, discipline in rows.order_by("pk").values_list("pk", "discipline")
    ]


def _skills() -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for person, name in Skill.objects.filter(people__is_active=True).values_list("people", "name"):
        found[person].add(fold(name))
    return found


def _on(project: int | None) -> set[int]:
    return (
        set(Project.people.through.objects.filter(project=project).values_list("person", flat=True))
        if project
        else set()
    )


def _knowing(work: suits.Work) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Acquaintance.objects.filter(contact__in=list(work.contacts))
    for person, contact in rows.values_list("person", "contact"):
        found[person].add(contact)
    return found


def _with_place() -> set[int]:
    return set(Account.objects.filter(personal=True, state="active").values_list("owner", flat=True))


def _less() -> defaultdict[int, set[tuple[str, str]]]:
    found: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for person, kind, key in LessOf.objects.values_list("person", "kind", "key"):
        found[person].add((kind, key))
    return found


def _offered(since: timedelta) -> Counter[int]:
    rows = Offer.objects.filter(at__gt=clock.now() - since).values_list("person").annotate(number=Count("pk"))
    return Counter(dict(rows))


# ── The text to begin with ───────────────────────────────────────────────────────────────────────────────────────────


def habits_of(person: Person) -> starting.Habits:
    """How somebody writes, from their own posts; answers to people and what was put away left out."""
    rows = Post.objects.filter(by=person, in_reply_to="").exclude(stage=Stage.WITHDRAWN).exclude(text="")
    return starting.habits_of(list(rows.order_by("-made_at", "-pk").values_list("text", flat=True)[:READ]))


def shown_of(sharing: Sharing, reasons: list[suits.Reason]) -> starting.Shown:
    post, item = sharing.post, sharing.item or (sharing.post.item if sharing.post else None)
    maker = post.by if post else item.by if item else None
    text = post.text if post else (item.text or item.title) if item else ""
    tags = tuple(item.tags) if item else ()
    return starting.Shown(text, maker.first_name if maker else people.house().name, tags, tuple(reasons))


def said_already(sharing: Sharing) -> list[str]:
    """What colleagues begin with or made of it, and how it stands on each account."""
    said = list(sharing.offers.exclude(text="").values_list("text", flat=True))
    if sharing.post:
        said += sharing.post.targets.values_list("text", flat=True)
        said += sharing.post.made_own.exclude(stage=Stage.WITHDRAWN).values_list("text", flat=True)
    return list(dict.fromkeys(said))


# ── One's own ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_all(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    posts: Any = Prefetch("sharing__post", with_parts(Post.objects.all()))
    return rows.select_related("sharing", "sharing__item__by", "own").prefetch_related(posts)


def first_offer_to(person: Person) -> written.Asked:
    """The newest that waits for this colleague, for Today."""
    return _first_offer(person.pk, clock.now() - FRESH * 2)


@written.once("pk", "since")
def _first_offer(pk: Any, since: Any) -> QuerySet[Offer]:
    return _open_offers(pk, since)[:1]


def _open_offers(pk: Any, since: Any) -> QuerySet[Offer]:
    rows = Offer.objects.filter(person=pk, answer=Answer.OPEN, sharing__ended_at=None)
    rows = rows.filter(sharing__at__gt=since)
    return rows.select_related("sharing__post__by", "sharing__item__by").order_by("-at", "-pk")


def offer(person: Person, pk: int) -> Offer:
    """One of one's own offers. NotFound for anybody else's."""
    found = _with_all(Offer.objects.filter(person=person, pk=pk)).first()
    if found is None:
        raise NotFound
    return found


def places_of(person: Person) -> list[Account]:
    """Where somebody could show it: their own accounts; who practises a stage that nobody outside sees."""
    offered = channels.accounts_to_draft_for(person)
    if access.only_practises(person):
        return [one for one in offered if not channels.connector(one.connector).manifest.public][:1]
    return [one for one in offered if one.personal and one.owner_id == person.pk]


def less_of(person: Person) -> QuerySet[LessOf]:
    """What this colleague said to be offered less of."""
    return LessOf.objects.filter(person=person).order_by("-at", "-pk")


def kinds_of(offer: Offer) -> list[tuple[str, str]]:
    """What somebody could say about it: fewer like this. The value of the choice and its words."""
    work = work_of(offer.sharing)
    found = [(f"{Less.TAG}:{tag}", _("Less about %(what)s") % {"what": tag}) for tag in sorted(work.tags)[:3]]
    if work.project is not None:
        found.append((f"{Less.PROJECT}:{work.project}", _("Less about %(what)s") % {"what": work.project_name}))
    if work.discipline is not None and not work.tags:
        what = {"what": work.discipline_name}
        found.append((f"{Less.DISCIPLINE}:{work.discipline}", _("Less of %(what)s") % what))
    found.append((f"{Less.OFTEN}:", _("Not so often")))
    return [*found, (f"{Less.NEVER}:", _("Nothing of colleagues, please"))]


def name_of_kind(offer: Offer, kind: str, key: str) -> str:
    """What somebody wants less of, as it is called."""
    work = work_of(offer.sharing)
    return {Less.TAG: key, Less.PROJECT: work.project_name, Less.DISCIPLINE: work.discipline_name}.get(Less(kind), "")


def reason_sentences(offer: Offer) -> list[str]:
    """Why this colleague, in words."""
    said = {
        suits.PROJECT: _("You are on %(value)s too."),
        suits.KNOWS: _("You know %(value)s."),
        suits.SKILL: _("You know about %(value)s."),
        suits.DISCIPLINE: _("You are in %(value)s too."),
        suits.PLACE: _("You have a place of your own to show it."),
        suits.ASKED: _("%(value)s thought of you."),
    }
    known = [int(value) for code, value in offer.reasons if code == suits.KNOWS]
    names = dict(Contact.objects.filter(pk__in=known).values_list("pk", "name")) if known else {}
    told = [(code, names.get(int(value), "") if code == suits.KNOWS else value) for code, value in offer.reasons]
    return [said[code] % {"value": value} for code, value in told if code in said and (value or code == suits.PLACE)]


def made_of_sentences(offer: Offer) -> list[str]:
    """Of which own words the text was made."""
    lengths = {
        phrases.SHORT: _("Your sentences are short."),
        phrases.MIDDLE: _("Your sentences are neither short nor long."),
        phrases.LONG: _("Your sentences are long."),
    }
    said = {"opening": _("You often begin with “%(value)s”."), "sentence": _("You wrote earlier: “%(value)s”")}
    said |= {"tags": _("Your tags: %(value)s.")}
    found = [
        lengths.get(value, "") if code == "length" else said.get(code, "") % {"value": value}
        for code, value in offer.made_of
    ]
    return [one for one in found if one]


# ── For the curator ──────────────────────────────────────────────────────────────────────────────────────────────────


def shared(person: Person) -> QuerySet[Sharing]:
    """What is offered, the newest first: to how many, and who published it in their own name. Never who said no."""
    if not access.may_share(person):
        return Sharing.objects.none()
    up = Exists(Target.objects.filter(post=OuterRef("own"), state=State.PUBLISHED, post__practice=False))
    published = Offer.objects.annotate(up=up).filter(Q(up=True) | Q(answer=Answer.BY_HAND))
    ordered = published.select_related("person__picture", "own").order_by("answered_at", "pk")
    who: Any = Prefetch("offers", ordered, to_attr="took_part")
    posts: Any = Prefetch("post", with_parts(Post.objects.all()))
    rows = Sharing.objects.select_related("item__by", "by").prefetch_related(posts, who)
    return rows.annotate(offered=Count("offers")).order_by("-at", "-pk")


def sharing(person: Person, pk: int) -> Sharing:
    found = shared(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def sharing_of(item_pk: int) -> QuerySet[Sharing]:
    """Whether an item is being offered to colleagues."""
    return Sharing.objects.filter(item=item_pk, ended_at=None)[:1]


def still_offered() -> QuerySet[Sharing]:
    """What is fresh enough for another round."""
    return Sharing.objects.filter(ended_at=None, at__gt=clock.now() - FRESH).order_by("at", "pk")
