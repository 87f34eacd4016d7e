"""What this room shows on the pages of lower rooms, on Today, in the navigation and in search."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koor.flow.conversations import access, queries
from koor.flow.conversations.choices import DeedKind, Ground
from koor.flow.conversations.models import Conversation, Mentioned, Message
from koor.flow.conversations.panels import again as again
from koor.flow.conversations.panels.fires import fire_of_this as fire_of_this
from koor.flow.conversations.panels.fires import it_burns as it_burns
from koor.flow.conversations.panels.fires import it_burns_here as it_burns_here
from koor.flow.conversations.panels.fires import it_may_burn as it_may_burn
from koor.flow.conversations.panels.fires import it_may_burn_now as it_may_burn_now
from koor.flow.conversations.panels.fires import what_we_say as what_we_say
from koor.flow.conversations.panels.lines import nobody_is_left as nobody_is_left
from koor.flow.conversations.panels.undone import did_not_work as did_not_work
from koor.flow.conversations.panels.undone import promised as promised
from koor.ground.people.models import Person
from koor.kernel import audit, together, written
from koor.kernel.panels import Todo, count, panel, todos
from koor.kernel.search import Hit, searches

AT_MOST = 3  # people on Today

count("conversations:talk")(queries.how_many_wait_for)
count("conversations:inbox")(queries.how_many_wait)


def _how_many_unsure(person: Person) -> QuerySet[Conversation] | None:
    return together.counted(queries.unsure(person)) if access.may_conduct(person) else None


@todos(lambda person: queries.first_who_wait(person.pk, AT_MOST), _how_many_unsure)
def people_who_wait(person: Person, waiting: list[Conversation], unsure: list[int]) -> Iterable[Todo]:
    """Who waits for this colleague, longest first; for who conducts also what nobody is sure about."""
    yield from (_answer(one, person) for one in waiting)
    for number in filter(None, unsure):
        yield Todo(
            rank=20,
            title=ngettext("One conversation fits nobody yet", "%(count)s conversations fit nobody yet", number)
            % {"count": number},
            text=ngettext("You know best with whom it fits.", "You know best with whom they fit.", number),
            button=_("Choose who answers"),
            url=f"{reverse('conversations:inbox')}?group=unsure",
        )


@todos(written.of_person(lambda person: queries.asked_of(person)[:AT_MOST]))
def named_in_a_note(person: Person, notes: list[Mentioned]) -> Iterable[Todo]:
    """A colleague named this one in a note."""
    for one in notes:
        contact = one.message.conversation.contact
        who = one.message.person.first_name if one.message.person else _("A colleague")
        yield Todo(
            rank=12,
            title=_("%(name)s asks you something in a note") % {"name": who},
            text=_("It is about %(name)s.") % {"name": contact.name} if contact else "",
            button=_("Read it"),
            url=reverse("conversations:talk_one", args=[one.message.conversation_id]) + f"#m{one.message_id}",
            face=one.message.person,
            quote=one.message.text[:200],
        )


@todos(lambda person: queries.waiting_to_be_read(person)[:2])
def read_along(person: Person, waiting: list[Message]) -> Iterable[Todo]:
    """An answer for somebody's own page that a buddy reads first."""
    for one in waiting:
        who = one.person.first_name if one.person else _("A colleague")
        yield Todo(
            rank=11,
            title=_("%(name)s asks you to read along") % {"name": who},
            text=_("Somebody waits for this answer."),
            button=_("Read it"),
            url=reverse("conversations:read_first", args=[one.pk]),
            face=one.person,
            quote=one.text,
            waiting_since=one.stored_at,
        )


def _answer(one: Conversation, person: Person) -> Todo:
    name = one.contact.name if one.contact else _("Somebody")
    first = one.contact.first_name if one.contact else _("them")
    title, text = _how_it_came(one, person, name)
    return Todo(
        rank=5 if one.ohoh else 10,
        title=title,
        text=text,
        button=_("Answer %(name)s") % {"name": first},
        url=reverse("conversations:talk_one", args=[one.pk]) + "#newest",
        face=one.contact,
        quote=one.asked,
        waiting_since=one.waiting_since,
    )


def _how_it_came(one: Conversation, person: Person, name: str) -> tuple[str, str]:
    """Why this one is on their Today, and what there is to add."""
    titles = {
        "direct_line": _("%(name)s asks for you"),
        "asked": _("%(name)s asks for you"),
        "thread": _("%(name)s wrote again"),
        "own_account": _("%(name)s wrote to you"),
        "stand_in": _("%(name)s waits, and you stand in"),
    }
    giver = _giver(one, person)
    if one.assignee is None:
        return _("%(name)s waits, and you may know the answer") % {"name": name}, ""
    if one.assignee_id != person.pk:  # a promise is about to break
        words = {"name": name, "holder": one.assignee.first_name}
        return _("%(name)s still waits for %(holder)s") % words, _("You were asked too: you can answer or take it.")
    if giver:
        said = _("“%(sentence)s”") % {"sentence": one.sentence} if one.sentence else ""
        return _("%(giver)s asks you to answer %(name)s") % {"giver": giver, "name": name}, said
    return titles.get(one.ground, _("%(name)s waits for an answer")) % {"name": name}, ""


def _giver(one: Conversation, person: Person) -> str:
    """The colleague who gave it to this one."""
    by_another = one.ground == Ground.PERSON and dict(one.reasons).get("person") != person.pk
    return str(getattr(one, "given_by", None) or "").split(" ", 1)[0] if by_another else ""


@panel("listening.mention", order=10)
def answer_a_mention(
    request: Any, mention: Any, mentions: Iterable[Any] = (), **_about: Any
) -> tuple[str, dict[str, Any]] | None:
    """A button that makes a conversation of it, or the way to the one there is. `mentions` are all of the page, so
    that a page of thirty costs as much as one."""
    asked, found = getattr(request, "conversations_of_mentions", (set(), {}))
    if mention.pk not in asked:
        asked = {one.pk for one in (*mentions, mention)}
        found = queries.conversations_of_mentions(request.user, asked)
        request.conversations_of_mentions = asked, found
    became = found.get(mention.pk)
    may = access.may_open(request.user) and not mention.ours
    if (became is None and not may) or (became is not None and became.pk is None):
        return None
    place = "inbox_one" if access.may_see_all(request.user) else "talk_one"
    address = reverse(f"conversations:{place}", args=[became.pk]) if became else ""
    return "conversations/panel_mention.html", {"mention": mention, "became": became, "address": address}


@panel("hub.voice", order=20)
def with_whom(request: Any, voice: Any, voices: Iterable[Any] = (), **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The conversation in which it was wished, for those who may see it. `voices` are all of the page."""
    kind = Conversation._meta.label_lower
    if voice.origin != kind:
        return None
    found = getattr(request, "conversations_of_voices", None)
    if found is None:
        wanted = [one.origin_id for one in (*voices, voice) if one.origin == kind and one.origin_id]
        found = request.conversations_of_voices = queries.with_wishes(request.user, wanted)
    conversation = found.get(voice.origin_id)
    if conversation is None:
        return None
    place = "inbox_one" if access.may_see_all(request.user) else "talk_one"
    address = reverse(f"conversations:{place}", args=[conversation.pk])
    return "conversations/panel_voice.html", {"conversation": conversation, "address": address}


@panel("contacts.contact", order=20)
def conversations_with(request: Any, contact: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The latest conversations with somebody, as far as the viewer may see them."""
    rows = queries.of_contact(request.user, contact)
    return ("conversations/panel_contact.html", {"rows": rows}) if rows else None


@panel("contacts.contact_beside", order=5)
def their_page(request: Any, contact: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The direct line to somebody: open one, or its QR code. For who may change the one there is."""
    line = queries.line_with(contact)
    if line is not None and not access.may_change_line(request.user, line):
        line = None
    if line is None and not access.may_open_line(request.user):
        return None
    return "conversations/panel_line.html", {"line": line, "contact": contact}


@panel("contacts.project", order=60)
def page_of_project(request: Any, project: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The same for a project: one's own."""
    line = queries.line_of_project(request.user, project)
    if line is None and not access.may_open_line(request.user):
        return None
    return "conversations/panel_line.html", {"line": line, "project": project}


@panel("people.leaving", order=30)
def pages_of_projects(request: Any, colleague: Person, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The pages of projects that go on without this colleague."""
    rows = list(queries.lines(colleague).filter(contact=None)[:13])
    return ("conversations/panel_leaving.html", {"rows": rows}) if rows else None


@panel("people.reach", order=30)
def how_much_in_hand(request: Any, **_about: Any) -> tuple[str, dict[str, Any]]:
    """The ways to one's direct lines and to one's own limit, on Me."""
    return "conversations/panel_limit.html", {}


@searches(gettext_lazy("Conversations"), queries.saying)
def found(person: Person, message: Message) -> Hit:
    place = "inbox_one" if access.may_see_all(person) else "talk_one"
    contact = message.conversation.contact
    return Hit(
        title=contact.name if contact else _("Somebody"),
        url=reverse(f"conversations:{place}", args=[message.conversation_id]) + f"#m{message.pk}",
        text=message.text[:200],
        when=message.at,
        face=contact,
    )


def _acted(entry: Any) -> str:
    """Like, hide, delete, mute, block or report."""
    label = DeedKind(entry.detail["kind"]).label
    return _("%(by)s did this with a message in %(target)s: %(deed)s") % {
        "by": entry.actor_name,
        "target": entry.target_name,
        "deed": label,
    }


def _passed_on(entry: Any) -> str:
    """To another colleague, or to nobody yet."""
    sentence = _("the direct line for %(target)s went to another colleague")
    if entry.detail["person"] is None:
        sentence = _("the colleague of the direct line for %(target)s left, and it has nobody yet")
    return sentence % {"target": entry.target_name}


audit.sentences(
    {
        "conversations.open_from_mention": gettext_lazy("%(by)s put a message into %(target)s"),
        "conversations.assign": gettext_lazy("%(by)s chose who answers in %(target)s"),
        "conversations.not_for_me": gettext_lazy("%(by)s said that %(target)s is not for them"),
        "conversations.tell_where": gettext_lazy("%(by)s said where %(target)s should have gone"),
        "conversations.mark_ohoh": gettext_lazy("%(by)s said that %(target)s is an oh-oh"),
        "conversations.unmark_ohoh": gettext_lazy("%(by)s said that %(target)s is no oh-oh"),
        "conversations.answer": gettext_lazy("%(by)s answered in %(target)s"),
        "conversations.take_back": gettext_lazy("%(by)s took back an answer in %(target)s before it was sent"),
        "conversations.leave_address": gettext_lazy("somebody left an address for letters about %(target)s"),
        "conversations.stop_letters": gettext_lazy("somebody wants no more letters about %(target)s"),
        "conversations.write_letter": gettext_lazy("Koor wrote that an answer stands there: %(target)s"),
        "conversations.let_stand": gettext_lazy("%(by)s let an answer stand on a page, in %(target)s"),
        "conversations.give_back": gettext_lazy("%(by)s gave an answer back to its writer in %(target)s"),
        "conversations.they_changed": gettext_lazy("a customer changed what they said in %(target)s"),
        "conversations.they_took_back": gettext_lazy("a customer took back what they said in %(target)s"),
        "conversations.set_contact_form": gettext_lazy("%(by)s set the contact form of the website"),
        "conversations.write_in_form": gettext_lazy("Somebody wrote in the contact form: %(target)s"),
        "conversations.hear_machine": gettext_lazy("What a machine sent stands in %(target)s"),
        "conversations.answer_failed": gettext_lazy("an answer in %(target)s never went out"),
        "conversations.note": gettext_lazy("%(by)s noted something in %(target)s"),
        "conversations.name_colleagues": gettext_lazy("%(by)s named colleagues in a note in %(target)s"),
        "conversations.mark_noticed": gettext_lazy("%(by)s saw a note in %(target)s"),
        "conversations.act_on": _acted,
        "conversations.undo_act": gettext_lazy("%(by)s undid something with a message in %(target)s"),
        "conversations.leave_act": gettext_lazy("%(by)s left what a platform did not do in %(target)s"),
        "conversations.open_attached_again": gettext_lazy(
            "%(by)s had a file made ready once more that came with %(target)s"
        ),
        "conversations.tell_by_hand": gettext_lazy("%(by)s noted a moment in %(target)s"),
        "conversations.name_person": gettext_lazy("%(by)s said with whom %(target)s is"),
        "conversations.keep_known": gettext_lazy("%(by)s wrote down in %(target)s what nobody has to ask again"),
        "conversations.snooze": gettext_lazy("%(by)s put %(target)s off"),
        "conversations.promise": gettext_lazy("%(by)s made %(target)s"),
        "conversations.withdraw_promise": gettext_lazy("%(by)s took back %(target)s"),
        "conversations.keep_products": gettext_lazy("%(by)s changed the list of products that customers have"),
        "conversations.keep_evenings": gettext_lazy("%(by)s changed %(target)s"),
        "conversations.leave_evenings": gettext_lazy("%(by)s took %(target)s away: nobody answers after hours"),
        "conversations.call_pr": gettext_lazy("PR was asked too in %(target)s"),
        "conversations.call_in": gettext_lazy("a promise in %(target)s was about to break, so somebody else was asked"),
        "conversations.save_answer": gettext_lazy("%(by)s saved the answer %(target)s"),
        "conversations.remove_saved": gettext_lazy("%(by)s removed the saved answer %(target)s"),
        "conversations.wake": gettext_lazy("%(target)s came back"),
        "conversations.join": gettext_lazy("two people are one, so %(target)s goes on with what was open with both"),
        "conversations.part": gettext_lazy("one person is two again, so %(target)s goes on apart"),
        "conversations.merge": gettext_lazy("%(by)s brought two conversations together in %(target)s"),
        "conversations.unmerge": gettext_lazy("%(by)s let %(target)s go on apart again"),
        "conversations.split": gettext_lazy("%(by)s made a conversation of its own of messages in %(target)s"),
        "conversations.unsplit": gettext_lazy("%(by)s put back what was taken out of %(target)s"),
        "conversations.open_line": gettext_lazy("%(by)s opened a direct line for %(target)s"),
        "conversations.change_line": gettext_lazy("%(by)s changed a direct line for %(target)s"),
        "conversations.new_line_link": gettext_lazy("%(by)s gave the direct line for %(target)s a new address"),
        "conversations.take_line_up": gettext_lazy("%(by)s gave the direct line for %(target)s back to whose it was"),
        "conversations.leave_line": gettext_lazy("%(by)s left the direct line for %(target)s to others"),
        "conversations.close_line": gettext_lazy("%(by)s closed a direct line for %(target)s"),
        "conversations.pass_line_on": _passed_on,
        "conversations.write_on_line": gettext_lazy("somebody wrote on their direct line in %(target)s"),
        "conversations.tell": gettext_lazy("%(by)s kept in %(target)s what was told"),
        "conversations.drop_told": gettext_lazy("%(by)s took a line out of what was told in %(target)s"),
        "conversations.greet": gettext_lazy("%(by)s spoke with %(target)s, whose direct line they are now"),
        "conversations.keep_promise": gettext_lazy("%(by)s did what was promised in %(target)s"),
        "conversations.not_kept_yet": gettext_lazy("%(by)s said that what was promised in %(target)s is not done yet"),
        "conversations.finish": gettext_lazy("%(by)s finished %(target)s"),
        "conversations.add_rule": gettext_lazy("%(by)s made %(target)s for who answers"),
        "conversations.propose_rule": gettext_lazy("%(by)s proposed %(target)s for who answers"),
        "conversations.change_rule": gettext_lazy("%(by)s changed %(target)s for who answers"),
        "conversations.move_rule": gettext_lazy("%(by)s put %(target)s for who answers at place %(place)s"),
        "conversations.pause_rule": gettext_lazy("%(by)s paused %(target)s for who answers"),
        "conversations.resume_rule": gettext_lazy("%(by)s lets %(target)s for who answers hold again"),
        "conversations.remove_rule": gettext_lazy("%(by)s took away %(target)s for who answers"),
        "conversations.set_own_limit": gettext_lazy("%(by)s chose how much they want in hand"),
        "conversations.reopen": gettext_lazy("%(by)s opened %(target)s again"),
    },
    pages={
        "conversations.conversation": lambda id: reverse("conversations:inbox_one", args=[id]),
        "conversations.rule": lambda id: reverse("conversations:rule", args=[id]),
    },
)


@panel("newsroom.ask")
def ask_in_the_form(request: HttpRequest, **_more: Any) -> tuple[str, dict[str, Any]] | None:
    """The way to a person, beside their faces."""
    return ("conversations/panel_ask.html", {}) if queries.form_is_open() else None


@panel("newsroom.ways", order=20)
def by_the_form(request: HttpRequest, **_more: Any) -> tuple[str, dict[str, Any]] | None:
    """For who wants to ask a person."""
    return ("conversations/panel_ways.html", {}) if queries.form_is_open() else None
