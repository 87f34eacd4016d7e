"""What the hub shows elsewhere: on Today, beside its place in the navigation, in the search over everything."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.hub import access, queries
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Capture, Item, Letter, Medium, Occasion, OccasionPass, Portrayed, Prompt
from koor.flow.hub.queries import occasions
from koor.ground.contacts.models import Project
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit, files, together, written
from koor.kernel.panels import Todo, count, panel, todos
from koor.kernel.search import Hit, searches


@todos(written.of_person(lambda person: queries.refused_captures(person)[:1]))
def refused_photo(person: Person, refused: list[Capture]) -> Iterable[Todo]:
    """A photo that could not be opened, until it is taken back or shown again."""
    for one in refused:
        yield Todo(
            rank=30,
            title=_("Your photo could not be used"),
            text=queries.reason_sentence(one),
            button=_("Look at it"),
            url=reverse("hub:captured", args=[one.pk]),
            quote=one.sentence,
            waiting_since=one.received_at,
        )


@todos(queries.first_prompts_for)
def question_of_the_curator(person: Person, asked: list[Prompt]) -> Iterable[Todo]:
    for one in asked:
        yield Todo(
            rank=50,
            title=one.question,
            text=one.why or _("A photo or one sentence is enough. No is fine too."),
            button=_("Answer"),
            url=reverse("hub:prompt", args=[one.pk]),
            face=one.by,
            waiting_since=one.made_at,
        )


@todos(written.of_person(lambda person: queries.to_be_asked(person).prefetch_related(None)[:1]))
def are_you_in_this(person: Person, unasked: list[Portrayed]) -> Iterable[Todo]:
    for one in unasked:
        assert one.item is not None
        yield Todo(
            rank=52,
            title=_("You are in a photo. Is that all right?"),
            text=_("Until you say yes it is not published."),
            button=_("Look at it"),
            url=reverse("hub:with_me"),
            face=one.item.by,
            quote=one.item.title,
            waiting_since=one.recorded_at,
        )


@todos(written.of_person(lambda person: queries.proposed_of(person)[:1]))
def are_these_faces(person: Person, proposed: list[Medium]) -> Iterable[Todo]:
    """In one's own photo the house sees more faces than people are named."""
    for one in proposed:
        assert one.item is not None
        yield Todo(
            rank=31,
            title=_("Is everybody in your photo all right with it?"),
            text=_("The house thinks it sees people whom you did not name. Until you looked it is not published."),
            button=_("Look at it"),
            url=reverse("hub:faces", args=[one.pk]),
            icon="image",
            quote=one.item.title,
            waiting_since=one.item.made_at,
        )


@todos(written.of_person(lambda person: queries.untold_of(person)[:1]))
def who_is_in_it(person: Person, untold: list[Item]) -> Iterable[Todo]:
    """A photo that came by mail, until its maker says who is in it."""
    for one in untold:
        yield Todo(
            rank=51,
            title=_("Who is in your photo?"),
            text=_("Until you say so it is not published."),
            button=_("Tell it"),
            url=reverse("hub:item", args=[one.pk]) + "#who",
            quote=one.title,
            waiting_since=one.made_at,
        )


@count("hub:library")
def number_undecided(person: Person) -> written.Asked | None:
    return queries.how_many_undecided() if access.may_curate(person) else None


def undecided(person: Person) -> QuerySet[Item] | None:
    return queries.undecided(person) if access.may_curate(person) else None


def _how_many_undecided(person: Person) -> QuerySet[Item] | None:
    rows = undecided(person)
    return None if rows is None else together.counted(rows)


@todos(_how_many_undecided)
def new_in_the_library(person: Person, numbers: list[int]) -> Iterable[Todo]:
    for number in filter(None, numbers):
        yield Todo(
            rank=45,
            title=_("%(number)s new in the library") % {"number": number},
            text=_("Whoever showed it likes to hear what you think of it."),
            button=_("Look at it") if number == 1 else _("Look at them"),
            url=reverse("hub:library") + "?state=new",
        )


@panel("today.effect", order=60)
def what_the_curator_said(request: SignedIn) -> tuple[str, dict[str, Any]] | None:
    """The latest word about something that one showed oneself."""
    found = queries.last_decision(request.user)
    return ("hub/panel_effect.html", {"item": found}) if found else None


@panel("today.effect", order=70)
def ideas_and_examples(request: SignedIn) -> tuple[str, dict[str, Any]] | None:
    """The latest step of one's own idea, and what is good this week."""
    news = queries.news_for(request.user)
    return ("hub/panel_news.html", {"news": news}) if news.step or news.examples else None


@todos(*(lambda person, n=n: occasions.asked(person)[n] for n in range(3)), occasions.shown_lately)
def an_occasion(
    person: Person, rows: list[Occasion], passed: list[OccasionPass], projects: list[Project], shown: list[Capture]
) -> Iterable[Todo]:
    """A reason to show something now, when there is nothing more urgent and they did not just do so."""
    for due in [] if shown else occasions.due_for(person, rows, passed, projects)[:1]:
        yield Todo(
            rank=68,
            title=due.sentence,
            text=due.why,
            button=_("Show something"),
            url=reverse("hub:capture") + f"?occasion={quote(due.key)}",
            icon="camera",
        )


@panel("hub.capture", order=10)
def occasion_of_the_photo(request: SignedIn, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The occasion with which somebody came, above the photo."""
    key = request.GET.get("occasion", "")
    due = queries.occasion_now(request.user, key) if key else None
    return ("hub/panel_occasion.html", {"due": due}) if due else None


@panel("contacts.project", order=40)
def shown_of_it(request: SignedIn, project: Project) -> tuple[str, dict[str, Any]] | None:
    """Photos of a project on its page."""
    found = list(queries.items(request.user, project=project.pk, kind=ItemKind.PHOTO)[:8])
    return ("hub/panel_project.html", {"items": found, "project": project}) if found else None


@searches(gettext_lazy("Library"), queries.items_saying)
def in_the_library(person: Person, one: Item) -> Hit:
    first = next(iter(one.media.all()), None)
    small = queries.rendition(first, width=1) if first else None
    return Hit(
        title=str(one),
        url=reverse("hub:item", args=[one.pk]),
        text=one.project.name if one.project else one.get_kind_display(),
        when=one.made_at,
        face=one.by,
        picture_url=files.url_of(small.file) if small else "",
    )


@panel("people.me", order=15)
def photos_by_mail(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """One's own address for photos, where there is a mailbox."""
    box, mine = queries.own_address(request.user)
    name, _at, domain = mine.partition("@")  # so that a narrow screen breaks it there
    return ("hub/panel_mail.html", {"address": mine, "name": name, "domain": domain}) if box else None


def _strangers(person: Person) -> QuerySet[Letter] | None:
    return queries.held_letters(person)[:1] if access.may_curate(person) else None


@todos(_strangers)
def letter_of_a_stranger(person: Person, held: list[Letter]) -> Iterable[Todo]:
    for one in held:
        yield Todo(
            rank=46,
            title=_("Photos came by mail. Of whom are they?"),
            text=_("Koor does not know the sender."),
            button=_("Look at it"),
            url=reverse("hub:held_letters"),
            icon="mail",
            quote=one.sentence,
            waiting_since=one.at,
        )


@panel("people.picture")
def own_face(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]]:
    """The way to a photo of oneself, on one's own page."""
    return "hub/panel_face.html", {}


audit.sentences(
    {
        "hub.capture": gettext_lazy("%(by)s showed: %(target)s"),
        "hub.develop_capture": gettext_lazy("%(by)s opened and cleaned the photos of: %(target)s"),
        "hub.give_up": gettext_lazy("%(by)s could not make ready, after many tries: %(target)s"),
        "hub.give_up_film": gettext_lazy("%(by)s could not make a film, a voice note or a document ready"),
        "hub.try_again": gettext_lazy("%(by)s had it made ready once more: %(target)s"),
        "hub.try_film_again": gettext_lazy("%(by)s had a film, a voice note or a document made ready once more"),
        "hub.restore_item": gettext_lazy("%(by)s brought back into the library: %(target)s"),
        "hub.erase_item": gettext_lazy("%(by)s removed for good what was removed: %(target)s"),
        "hub.withdraw_capture": gettext_lazy("%(by)s took back: %(target)s"),
        "hub.restore_capture": gettext_lazy("%(by)s showed after all: %(target)s"),
        "hub.erase_capture": gettext_lazy("%(by)s erased what was taken back: %(target)s"),
        "hub.add_film": gettext_lazy("%(by)s added a film, a voice note or a document to a post"),
        "hub.develop_film": gettext_lazy("%(by)s made a film, a voice note or a document ready"),
        "hub.add_picture": gettext_lazy("%(by)s added a picture"),
        "hub.add_document": gettext_lazy("%(by)s put a document into the library: %(target)s"),
        "hub.picture_page": gettext_lazy("%(by)s made a picture of a page of a document"),
        "hub.add_text_item": gettext_lazy("%(by)s put into the library: %(target)s"),
        "hub.make_collection": gettext_lazy("%(by)s made the collection “%(target)s”"),
        "hub.edit_collection": gettext_lazy("%(by)s changed the collection “%(target)s”"),
        "hub.put_in": gettext_lazy("%(by)s put something in the collection “%(target)s”"),
        "hub.take_out": gettext_lazy("%(by)s took something out of the collection “%(target)s”"),
        "hub.move_in": gettext_lazy("%(by)s ordered the collection “%(target)s”"),
        "hub.remove_collection": gettext_lazy("%(by)s took away the collection “%(target)s”"),
        "hub.restore_collection": gettext_lazy("%(by)s brought back the collection “%(target)s”"),
        "hub.name_link": gettext_lazy("%(by)s gave a link the title of its page: %(target)s"),
        "hub.keep_find": gettext_lazy("%(by)s kept a find: %(target)s"),
        "hub.keep_post": gettext_lazy("%(by)s kept a finished post as an example: %(target)s"),
        "hub.edit_item": gettext_lazy("%(by)s changed in the library: %(target)s"),
        "hub.set_focus": gettext_lazy("%(by)s said what the picture is about: %(target)s"),
        "hub.keep_item": gettext_lazy("%(by)s kept for use: %(target)s"),
        "hub.shelve_item": gettext_lazy("%(by)s put aside: %(target)s"),
        "hub.keep_one": gettext_lazy("%(by)s kept one of two that are the same: %(target)s"),
        "hub.keep_both": gettext_lazy("%(by)s kept both of two that look alike: %(target)s"),
        "hub.compare_again": gettext_lazy("%(by)s put two beside each other again: %(target)s"),
        "hub.reconsider_item": gettext_lazy("%(by)s wants to look again at: %(target)s"),
        "hub.remove_item": gettext_lazy("%(by)s removed from the library: %(target)s"),
        "hub.add_portrayed": gettext_lazy("%(by)s told who is in: %(target)s"),
        "hub.tell_who": gettext_lazy("%(by)s told that everybody who is in it is named: %(target)s"),
        "hub.set_mailbox": gettext_lazy("%(by)s arranged the mailbox %(target)s"),
        "hub.make_address": gettext_lazy("%(by)s made an address for photos by mail"),
        "hub.take_letter": gettext_lazy("%(by)s took in a letter of %(target)s"),
        "hub.confirm_letter": gettext_lazy("%(by)s said that a letter was theirs"),
        "hub.deny_letter": gettext_lazy("%(by)s said that a letter was not theirs"),
        "hub.keep_letter": gettext_lazy("%(by)s kept a letter of a stranger for %(target)s"),
        "hub.discard_letter": gettext_lazy("%(by)s threw away a letter of a stranger"),
        "hub.remove_portrayed": gettext_lazy("%(by)s told that somebody is not in: %(target)s"),
        "hub.ask_to_sign": gettext_lazy("%(by)s asked somebody to sign for: %(target)s"),
        "hub.sign_consent": gettext_lazy("%(by)s kept the signature of somebody in: %(target)s"),
        "hub.decline_consent": gettext_lazy("%(by)s kept the answer of somebody in: %(target)s"),
        "hub.withdraw_consent": gettext_lazy("%(by)s kept that somebody took back a yes for: %(target)s"),
        "hub.end_consent": gettext_lazy("%(by)s noted that a yes ended for: %(target)s"),
        "hub.record_consent": gettext_lazy("%(by)s wrote down whether somebody agrees to be in: %(target)s"),
        "hub.agree_faces": gettext_lazy("%(by)s looked: nobody needs blurring in: %(target)s"),
        "hub.blur_faces": gettext_lazy("%(by)s blurred faces in: %(target)s"),
        "hub.tell_unseen": gettext_lazy("%(by)s told who can't be recognised in: %(target)s"),
        "hub.open_unblurred": gettext_lazy("%(by)s looked at the photo from before blurring of: %(target)s"),
        "hub.restore_unblurred": gettext_lazy("%(by)s brought back the photo from before blurring of: %(target)s"),
        "hub.forget_unblurred": gettext_lazy("A photo from before blurring is gone: its time is over"),
        "hub.move_idea": gettext_lazy("%(by)s gave an idea another place: %(target)s"),
        "hub.want_too": gettext_lazy("%(by)s told whether they would like it too: %(target)s"),
        "hub.note_wish": gettext_lazy("%(by)s noted a wish of somebody outside: %(target)s"),
        "hub.merge_wishes": gettext_lazy("%(by)s counted a wish together with another: %(target)s"),
        "hub.part_wish": gettext_lazy("%(by)s made it a wish of its own again: %(target)s"),
        "hub.close_wish": gettext_lazy("%(by)s closed or opened the wish: %(target)s"),
        "hub.answer_wish": gettext_lazy("%(by)s told what answers the wish: %(target)s"),
        "hub.write_occasion": gettext_lazy("%(by)s changed an occasion to show something: %(target)s"),
        "hub.remove_occasion": gettext_lazy("%(by)s removed an occasion or its own words: %(target)s"),
        "hub.choose_example": gettext_lazy("%(by)s chose as a good example: %(target)s"),
        "hub.decline_example": gettext_lazy("%(by)s would rather not be an example: %(target)s"),
        "hub.remove_example": gettext_lazy("%(by)s took away the example: %(target)s"),
        "hub.ask_colleagues": gettext_lazy("%(by)s asked colleagues: %(target)s"),
        "hub.answer_prompt": gettext_lazy("%(by)s answered the question: %(target)s"),
        "hub.keep_answer": gettext_lazy("%(by)s kept an answer for the library: %(target)s"),
        "hub.close_prompt": gettext_lazy("%(by)s closed the question: %(target)s"),
    }
)
