"""The demo's ground: the house, its people, its story and lessons, the people outside."""

from datetime import timedelta

from koor.flow.conversations import actions as conversations
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact, Organisation, Project
from koor.ground.people import actions as people
from koor.ground.people.choices import SkillKind
from koor.ground.people.models import Person
from koor.ground.story import actions as story
from koor.ground.story.models import Version
from koor.growth.academy import actions as academy
from koor.growth.academy.models import Lesson
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.shell.demo import cast, work, world
from koor.shell.demo.moments import Moments

Cast = dict[str, Person]  # by first name
FOUNDED = 28  # days ago that the house was opened


def make_house(when: Moments) -> None:
    with clock.fixed(when.of(FOUNDED, "08:00")):
        people.make_house(
            name="Reurslag",
            place="Borculo",
            what="Installatiebedrijf: warm, fris en zuinig in de Achterhoek.",
            demo=True,
        )


def bring_in(when: Moments, password: str) -> Cast:
    """The sixty, then who is whose buddy, what they declare, and who is away."""
    found: Cast = {}
    with clock.fixed(when.of(FOUNDED, "08:30")):
        for one in cast.everybody():
            found[one.first] = people.add_person(
                by=SYSTEM, email=f"{one.first.lower()}@reurslag.example", name=one.name, roles=one.roles,
                discipline=one.discipline, job=one.job, knows=one.knows, voice=one.voice, autonomy=one.autonomy,
                face=one.face, started_on=when.day(int(one.years * 365)), password=password, language="nl",
            )  # fmt: skip
        for one in cast.everybody():
            _settle(one, found, when)
    return {first: Person.objects.get(pk=person.pk) for first, person in found.items()}


def _settle(one: cast.Colleague, found: Cast, when: Moments) -> None:
    person = found[one.first]
    if one.buddy and one.buddy in found:
        people.change_buddy(by=SYSTEM, person=person, buddy=found[one.buddy])
    declared = (
        (SkillKind.SUBJECT, one.subjects), (SkillKind.CRAFT, one.crafts), (SkillKind.LANGUAGE, one.languages[1:]),
        (SkillKind.PLATFORM, one.platforms),
    )  # fmt: skip
    for kind, names in declared:
        for name in names:
            people.declare_skill(by=person, person=person, name=name, kind=kind)
    for first, last, stand_in, sentence in one.absent:
        people.declare_absence(
            by=person, person=person, first_day=when.day(-first), last_day=when.day(-last),
            stand_in=found.get(stand_in), sentence=sentence,
        )  # fmt: skip


def tell_story(when: Moments, found: Cast) -> None:
    """Two versions; most have read the second."""
    for number, parts in enumerate(work.STORY):
        with clock.fixed(when.of(FOUNDED - 8 * number, "10:00")):
            texts = {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()}
            version = story.write_version(by=found["Marloes"], **texts)
            story.publish_version(by=found["Hanna"], version=version)
    readers = [person for first, person in found.items() if first not in work.SKIPPED_STORY]
    for n, person in enumerate(readers):
        with clock.fixed(when.of(FOUNDED - 9, "11:00") + timedelta(minutes=37 * n)):
            story.acknowledge_version(by=person, version=_counting(), answer=_counting().right_answer)


def _counting() -> Version:
    return Version.objects.exclude(published_at=None).latest("number")


def teach(when: Moments, found: Cast) -> None:
    """Three lessons; those who are on their own passed them, some others are under way."""
    with clock.fixed(when.of(FOUNDED - 1, "09:00")):
        for order, lesson in enumerate(work.LESSONS):
            questions = [{**question, "answers": list(question["answers"])} for question in lesson["questions"]]
            texts = {name: lesson[name] for name in ("title", "about", "text", "minutes")}
            academy.write_lesson(by=found["Marloes"], questions=questions, published=True, order=order, **texts)
    lessons = list(Lesson.objects.all())
    for n, person in enumerate(found.values()):
        done = lessons if person.autonomy == "own" else lessons[: n % 4]
        for passed in done:
            with clock.fixed(when.of(FOUNDED - 3, "12:00") + timedelta(hours=3 * n)):
                right = [question.right for question in passed.questions.all()]
                academy.answer_quiz(by=person, lesson=passed, answers=list(right))


def meet(when: Moments, found: Cast) -> dict[str, Contact]:
    """Organisations, people outside, who knows whom."""
    with clock.fixed(when.of(FOUNDED, "09:00")):
        houses = {
            name: contacts.add_organisation(by=SYSTEM, name=name, kind=kind, place=place)
            for name, kind, place in world.ORGANISATIONS
        }
        met = {one.name: _outsider(one, houses, found, when) for one in world.CONTACTS}
        for one, other, how in world.TIES:
            contacts.tie(by=SYSTEM, contact=met[one], other=met[other], how=how)
    return met


def _outsider(one: world.Outside, houses: dict[str, Organisation], found: Cast, when: Moments) -> Contact:
    contact = contacts.add_contact(
        by=SYSTEM, name=one.name, organisation=houses.get(one.organisation), role=one.role, place=one.place,
        street=one.street, face=one.face,
    )  # fmt: skip
    if one.handle:
        contacts.add_handle(by=SYSTEM, contact=contact, platform="mastodon", value=one.handle)
    for first, how in one.knows:
        contacts.introduce(
            by=SYSTEM, person=found[first], contact=contact, how=how, since=when.day(one.since),
            direct_line=first == one.line,
        )  # fmt: skip
    if one.name in world.LINES:
        about, answers, aside = world.LINES[one.name]
        conversations.open_line(
            by=found[one.line], person=found[one.line], contact=contact, about=about, answers=answers, aside=aside
        )
    return contact


def set_to_work(when: Moments, found: Cast, met: dict[str, Contact]) -> dict[str, Project]:
    made = {}
    with clock.fixed(when.of(FOUNDED, "09:30")):
        for name, house, contact, place, state, first, last, team, about in world.PROJECTS:
            made[name] = contacts.add_project(
                by=SYSTEM, name=name, organisation=Organisation.objects.filter(name=house).first(),
                contact=met.get(contact), place=place, state=state, first_day=when.day(first),
                last_day=None if last is None else when.day(last), about=about, people=[found[one] for one in team],
            )  # fmt: skip
    return made
