"""What publishing shows elsewhere: on Today, with an item, a slot, an account, on one's own page, in the search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koor.flow.calendar.models import Slot
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Collection, Item, Medium
from koor.flow.publishing import access
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import CorrectionStep, LessOf, Offer, Pause, Post, Target
from koor.flow.publishing.panels.by_hand import tell_what_came_of_it as tell_what_came_of_it
from koor.flow.publishing.panels.coming_back import it_comes_back as it_comes_back
from koor.flow.publishing.panels.coming_back import what_comes_back as what_comes_back
from koor.flow.publishing.panels.coming_back import write_it_anew as write_it_anew
from koor.flow.publishing.panels.going_away import take_it_away as take_it_away
from koor.flow.publishing.panels.going_away import what_goes_away as what_goes_away
from koor.flow.publishing.panels.going_away import where_it_goes_away as where_it_goes_away
from koor.flow.publishing.panels.newsletter import by_letter as by_letter
from koor.flow.publishing.panels.newsletter import readers_of_account as readers_of_account
from koor.flow.publishing.panels.reading_back import read_back_of as read_back_of
from koor.flow.publishing.panels.reading_back import stands_twice as stands_twice
from koor.flow.publishing.panels.trouble import it_goes_nowhere as it_goes_nowhere
from koor.flow.publishing.panels.trouble import let_posting_go_on as let_posting_go_on
from koor.flow.publishing.panels.trouble import nobody_posts as nobody_posts
from koor.flow.publishing.panels.trouble import what_is_planned_there as what_is_planned_there
from koor.flow.publishing.queries import (
    compose,
    corrections,
    fetched,
    fetched_beside,
    lists,
    offers,
    pausing,
    standing,
)
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit, together, written
from koor.kernel.panels import Todo, count, panel, todos
from koor.kernel.search import Hit, searches

Filled = tuple[str, dict[str, Any]] | None


# ── Today ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@todos(written.of_person(lambda person: lists.asked_of(person)[:2]))
def post_it_yourself(person: Person, asked: list[Target]) -> Iterable[Todo]:
    """Text and picture stand ready; or nobody but a person can tell whether something is up."""
    for row in asked:
        by_hand = row.because == logic.BY_HAND
        title = _("Post it on %(place)s") if by_hand else _("Is it up on %(place)s?")
        text = _("Everything is ready on your phone.") if by_hand else _("Link it, send it, or leave it.")
        page = reverse("publishing:row", args=[row.pk])
        if row.because == logic.ALIKE:
            title, text = _("It waits on %(place)s"), _("A colleague said almost the same. Are both fine?")
            page = reverse("publishing:post", args=[row.post_id]) + f"#row-{row.pk}"
        if row.because == logic.FILM:
            title, text = _("It waits on %(place)s"), _("What goes with it can't be used.")
            page = reverse("publishing:post", args=[row.post_id]) + f"#row-{row.pk}"
        if row.because in (logic.RIGHTS, logic.CONSENT):
            ended, unsaid = _("Our right to use it has ended."), _("Not everybody agrees to it.")
            title, text = _("It waits on %(place)s"), ended if row.because == logic.RIGHTS else unsaid
            page = reverse("publishing:post", args=[row.post_id])
        yield Todo(
            rank=20,
            title=title % {"place": row.account.name},
            text=text,
            button=_("Post it") if by_hand else _("Look"),
            url=page,
            quote=row.text,
            waiting_since=row.due_at,
        )


@todos(corrections.asked_to_do)
def put_it_right(person: Person, waiting: list[CorrectionStep]) -> Iterable[Todo]:
    """A correction that Koor can't make there itself; the words are ready."""
    for step in waiting:
        yield Todo(
            rank=7,
            title=_("Put something right on %(place)s") % {"place": step.target.account.name},
            text=_("We can't do it there ourselves. The words are ready."),
            button=_("Look at it"),
            url=reverse("publishing:post", args=[step.target.post_id]) + "#put-right",
            quote=step.text,
            waiting_since=step.correction.at,
        )


def _braked(person: Person) -> QuerySet[Pause] | None:
    return pausing.pauses().filter(too_fast=True) if access.may_hold(person) else None


@todos(_braked)
def it_goes_too_fast(person: Person, braked: list[Pause]) -> Iterable[Todo]:
    """An account that the house held by itself."""
    for pause in braked[:2]:
        yield Todo(
            rank=6,
            title=_("%(account)s is held") % {"account": pause.account.name},
            text=_("Far more posts than usual in ten minutes. Look whether that is meant."),
            button=_("Look"),
            url=reverse("publishing:held"),
            waiting_since=pause.at,
            icon="pause",
        )


def _how_many_held(person: Person) -> QuerySet[Target] | None:
    rows = pausing.held_and_free(person)
    return together.counted(rows) if rows is not None else None


@todos(_how_many_held)
def let_them_go(person: Person, numbers: list[int]) -> Iterable[Todo]:
    """What was held while something burnt, and can go again."""
    for number in filter(None, numbers):
        title = ngettext("One post is still held", "%(count)s posts are still held", number) % {"count": number}
        text = _("Their accounts are open again. Let them go one by one.")
        yield Todo(
            rank=24, title=title, text=text, button=_("Look at them"), url=reverse("publishing:held"), icon="pause"
        )


@todos(lambda person: lists.failed_of(person)[:1])
def it_did_not_get_there(person: Person, failed: list[Target]) -> Iterable[Todo]:
    for row in failed:
        missed = row.state == "missed"
        text = _("It was too late to go by itself.") if missed else _("The platform refused it.")
        if row.agreed_at is None and not row.due_at:
            said = _("%(name)s did not say yes before its moment. Give it another one, or ask.")
            text = said % {"name": row.account.owner.first_name}
        yield Todo(
            rank=22,
            title=_("Your post did not get on %(place)s") % {"place": row.account.name},
            text=text,
            button=_("Look at it"),
            url=reverse("publishing:post", args=[row.post_id]) + f"#row-{row.pk}",
            quote=row.text,
        )


@todos(lambda person: lists.to_read(person).prefetch_related(None)[:2])
def read_along(person: Person, waiting: list[Post]) -> Iterable[Todo]:
    for post in waiting:
        yield Todo(
            rank=28,
            title=_("%(name)s asks you to read along") % {"name": post.by.first_name},
            text=_("Is it true, is it kind, and does it sound like them?"),
            button=_("Read it"),
            url=reverse("publishing:post", args=[post.pk]),
            face=post.by,
            quote=post.text,
            waiting_since=post.with_buddy_at,
        )


@todos(written.of_person(lambda person: lists.to_agree(person)[:2]))
def in_your_name(person: Person, to_agree: list[Target]) -> Iterable[Todo]:
    for row in to_agree:
        yield Todo(
            rank=27,
            title=_("Something for you to say on %(place)s") % {"place": row.account.name},
            text=_("%(name)s wrote it. It only goes when you say yes, in other words if you like.")
            % {"name": row.post.by.first_name},
            button=_("Look at it"),
            url=reverse("publishing:post", args=[row.post_id]) + f"#row-{row.pk}",
            face=row.post.by,
            quote=row.text,
            waiting_since=row.post.released_at,
        )


@todos(offers.first_offer_to)
def make_this_yours(person: Person, waiting: list[Offer]) -> Iterable[Todo]:
    for offer in waiting:
        shown = offer.sharing.post or offer.sharing.item
        maker = shown.by if shown else None
        reasons = offers.reason_sentences(offer)
        title = _("%(name)s shows it.") % {"name": maker.first_name} if maker else ""
        yield Todo(
            rank=60,
            title=_("Make this yours"),
            text=" ".join([title, *reasons[:1]]).strip(),
            button=_("Say it my way"),
            url=reverse("publishing:offer", args=[offer.pk]),
            face=maker,
            quote=shown.text if shown else "",
        )


@count("publishing:posts")
def asks_for_attention(person: Person) -> QuerySet[Target, Any] | None:
    return lists.attention(person)


# ── Beside things of other rooms ─────────────────────────────────────────────────────────────────────────────────────


@panel("hub.item.first", order=10)
def make_it_a_post(
    request: SignedIn, item: Item, publishable: bool = True, undecided: bool = False, **_more: Any
) -> Filled:
    """The next step with an item; while the curator still has to look at it that comes first."""
    if item.kind == ItemKind.POST or not publishable:
        return None
    return "publishing/panel_item_first.html", {"first": not undecided}


@panel("hub.item", order=10)
def where_it_is_used(request: SignedIn, item: Item, publishable: bool = True, **_more: Any) -> Filled:
    if item.kind == ItemKind.POST:
        return _example(request, item)
    posts, shared = fetched_beside(lists.used_in(request.user, item.pk)[:8], offers.sharing_of(item.pk))
    rows = [(post, standing.whole_of(post)) for post in posts if access.may_see(request.user, post)]
    places = _places_for(request.user, item) if publishable else []
    share = publishable and access.may_share(request.user) and not shared
    said = {"rows": rows, "publishable": publishable, "open_places": places, "share": share}
    return "publishing/panel_item.html", said


def _example(request: SignedIn, item: Item) -> Filled:
    """Where it stood and what it did; and a new post that begins from it."""
    found = next(iter(fetched(lists.example_of(item.pk))), None)
    if found is None or not access.may_see(request.user, found):
        return None
    up = [row for row in found.targets.all() if row.published_at]
    said = {"post": found, "up": up, "pictures": [] if any(row.removed_at for row in up) else found.media.all()[:1]}
    return "publishing/panel_example.html", said


def _places_for(person: Person, item: Item) -> list[Slot]:
    """The first open places in the calendar that this item can fill."""
    return compose.open_places(person, channels.accounts_to_draft_for(person), item)[:3]


@panel("hub.collection", order=10)
def a_post_from_it(request: SignedIn, collection: Collection, **_more: Any) -> Filled:
    return "publishing/panel_collection.html", {"collection": collection}


@panel("hub.wish", order=10)
def what_is_up_of_it(request: SignedIn, items: Iterable[Item], **_more: Any) -> Filled:
    """Where the answers to a wish can be read."""
    rows = list(lists.up_of(request.user, [one.pk for one in items])[:6])
    return ("publishing/panel_wish.html", {"rows": rows}) if rows else None


@panel("hub.blurred", order=10)
def what_still_shows_faces(request: SignedIn, medium: Medium, **_more: Any) -> Filled:
    """Copies that went out before faces were blurred: a platform keeps what it got."""
    rows = [(row, access.may_settle(request.user, row)) for row in lists.copies_before(medium.pk)]
    return ("publishing/panel_blurred.html", {"rows": rows}) if rows else None


@panel("calendar.slot", order=10)
def what_fills_it(request: SignedIn, slot: Slot, **_more: Any) -> Filled:
    posts = [post for post in lists.of_slot(slot.pk)[:8] if access.may_see(request.user, post)]
    mine = slot.person_id in (None, request.user.pk) or access.may_oversee(request.user)
    if not posts and (slot.filled or slot.dropped_at or not mine):
        return None
    return "publishing/panel_slot.html", {"rows": [(post, standing.whole_of(post)) for post in posts]}


@panel("people.me", order=30)
def my_posts(request: SignedIn, colleague: Person, **_more: Any) -> Filled:
    """One's latest posts; asked together with what stands below them on one's own page."""
    mine = request.user.pk == colleague.pk
    posts, less = fetched_beside(lists.own_posts(colleague)[:3], offers.less_of(request.user) if mine else None)
    request.offered_less_of = less  # type: ignore[attr-defined]
    return "publishing/panel_me.html", {"rows": [(post, standing.whole_of(post)) for post in posts]}


@panel("people.me", order=32)
def less_of_what(request: SignedIn, colleague: Person, **_more: Any) -> Filled:
    """What one said to be offered less of, to take back; on one's own page alone."""
    rows: list[LessOf] = getattr(request, "offered_less_of", [])
    return ("publishing/panel_less.html", {"rows": rows}) if rows else None


@panel("publishing.posts", order=10)
@panel("calendar.month", order=10)
@panel("channels.accounts", order=10)
def what_is_quiet(request: SignedIn, **_more: Any) -> Filled:
    """Posts are held: on the page of posts, on the calendar and above the channels."""
    quiet = pausing.quiet_now()
    return ("publishing/panel_held.html", {"quiet": quiet}) if quiet else None


@panel("channels.account", order=10)
def this_one_is_quiet(request: SignedIn, account: Account, **_more: Any) -> Filled:
    quiet = [one for one in pausing.quiet_now() if one.account_id == account.pk]
    return ("publishing/panel_held.html", {"quiet": quiet}) if quiet else None


@panel("channels.health")
def in_a_word(request: SignedIn, account: Account, **_more: Any) -> Filled:
    """Beside an account in a list: it works, and nothing goes out."""
    quiet = any(one.account_id == account.pk for one in pausing.quiet_now())
    return ("publishing/panel_quiet.html", {}) if quiet else None


@panel("channels.account", order=20)
def on_this_account(request: SignedIn, account: Account, **_more: Any) -> Filled:
    rows = [standing.standing_of(None, row, history=False) for row in lists.on_account(account)[:6]]
    return ("publishing/panel_account.html", {"rows": rows}) if rows else None


def posts_saying(person: Person, words: str) -> QuerySet[Post] | None:
    return lists.posts(person, "", words).prefetch_related(None) if words.strip() else None


@searches(gettext_lazy("Posts"), posts_saying)
def found_post(person: Person, post: Post) -> Hit:
    return Hit(str(post), reverse("publishing:post", args=[post.pk]), post.text[:160], post.changed_at, post.by)


audit.sentences(
    {
        "publishing.create_post": gettext_lazy("%(by)s began the post “%(target)s”"),
        "publishing.choose_link": gettext_lazy("%(by)s chose how the link of “%(target)s” goes out"),
        "publishing.edit_post": gettext_lazy("%(by)s changed the post “%(target)s”"),
        "publishing.comment_on_post": gettext_lazy("%(by)s said something about the post “%(target)s”"),
        "publishing.withdraw_post": gettext_lazy("%(by)s put away the post “%(target)s”"),
        "publishing.keep_example": gettext_lazy("%(by)s kept the post “%(target)s” as an example"),
        "publishing.restore_post": gettext_lazy("%(by)s took out the post “%(target)s” again"),
        "publishing.send_to_buddy": gettext_lazy("%(by)s asked a buddy to read along with “%(target)s”"),
        "publishing.take_back": gettext_lazy("%(by)s took back “%(target)s” to write on"),
        "publishing.approve_post": gettext_lazy("%(by)s read “%(target)s” and found it right"),
        "publishing.release_post": gettext_lazy("%(by)s let “%(target)s” go out"),
        "publishing.own_words": gettext_lazy("%(by)s put “%(target)s” into own words"),
        "publishing.agree": gettext_lazy("%(by)s agreed to post “%(target)s” in their own name"),
        "publishing.reschedule": gettext_lazy("%(by)s gave “%(target)s” another moment: %(due)s"),
        "publishing.cancel_target": gettext_lazy("%(by)s stopped “%(target)s” for one account"),
        "publishing.confirm_alike": gettext_lazy("%(by)s saw what is like “%(target)s” and let it go: %(why)s"),
        "publishing.retry": gettext_lazy("%(by)s let “%(target)s” be tried again"),
        "publishing.link_target": gettext_lazy("%(by)s told where “%(target)s” stands: %(url)s"),
        "publishing.send_again": gettext_lazy("%(by)s looked and let “%(target)s” be sent again"),
        "publishing.leave_target": gettext_lazy("%(by)s looked and left “%(target)s” as it is"),
        "publishing.take_down": gettext_lazy("%(by)s had “%(target)s” taken off an account"),
        "publishing.set_manner": gettext_lazy("%(by)s said how links go out"),
        "publishing.keep_tags": gettext_lazy("%(by)s kept the hashtags “%(target)s”"),
        "publishing.drop_tags": gettext_lazy("%(by)s dropped the hashtags “%(target)s”"),
        "publishing.bring_in": gettext_lazy("%(by)s brought in what was said before: %(target)s"),
        "publishing.read_archive": gettext_lazy("%(target)s was read; %(kept)s things were kept"),
        "publishing.show_said": gettext_lazy("%(by)s showed everybody %(n)s things of %(target)s"),
        "publishing.hide_said": gettext_lazy("%(by)s made %(n)s things of %(target)s private again"),
        "publishing.drop_archive": gettext_lazy("%(by)s threw away %(target)s, with %(n)s things"),
        "publishing.correct_post": gettext_lazy("%(by)s put right “%(target)s” in the open: %(note)s"),
        "publishing.put_title_right": gettext_lazy("%(by)s put the title of “%(target)s” right; it was “%(before)s”"),
        "publishing.put_right_there": gettext_lazy("“%(target)s” was put right on %(place)s"),
        "publishing.tell_corrected": gettext_lazy("%(by)s put right “%(target)s” by hand on %(place)s"),
        "publishing.let_go_of_withdrawn": gettext_lazy("Taken back, and left out of “%(target)s”: %(pictures)s"),
        "publishing.tell_removed": gettext_lazy("%(by)s told that “%(target)s” was taken away"),
        "publishing.reply": gettext_lazy("%(by)s answered outside: %(target)s"),
        "publishing.record_past_post": gettext_lazy("%(by)s wrote down what was posted earlier: %(target)s"),
        "publishing.found_twice": gettext_lazy("%(by)s found something that stands outside twice"),
        "publishing.found_gone": gettext_lazy("%(by)s found “%(target)s” gone on a platform"),
        "publishing.share_on": gettext_lazy("%(by)s offered “%(target)s” to colleagues to make their own"),
        "publishing.offer_to": gettext_lazy("%(by)s offered “%(target)s” to one more colleague"),
        "publishing.stop_sharing": gettext_lazy("%(by)s stopped offering “%(target)s” to colleagues"),
        "publishing.note_effect": gettext_lazy("%(by)s told what came of “%(target)s”"),
        "publishing.posted_by_hand": gettext_lazy("%(by)s posted “%(target)s” by hand on an own account"),
        "publishing.hold_publishing": gettext_lazy("%(by)s stopped all posting: %(why)s"),
        "publishing.brake": gettext_lazy("%(by)s held %(target)s: %(why)s"),
        "publishing.pause_account": gettext_lazy("%(by)s paused posting on %(target)s: %(why)s"),
        "publishing.end_pause": gettext_lazy("%(by)s opened %(target)s for posts again"),
        "publishing.release_held": gettext_lazy("%(by)s let “%(target)s” go that was held"),
        "publishing.repeat_post": gettext_lazy("%(by)s lets “%(target)s” come back"),
        "publishing.pause_series": gettext_lazy("%(by)s paused the coming back of “%(target)s”"),
        "publishing.stop_series": gettext_lazy("%(by)s lets “%(target)s” come back no more"),
        "publishing.go_on_with_series": gettext_lazy("%(by)s lets “%(target)s” come back again"),
        "publishing.resume_publishing": gettext_lazy("%(by)s let posting go on"),
    }
)
