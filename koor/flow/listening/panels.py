"""What listening shows elsewhere: in the navigation, on Today, in the search over everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.hub.models import Voice
from koor.flow.listening import access, queries
from koor.flow.listening.models import Mention, Query, Source
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit
from koor.kernel.panels import Todo, count, panel, todos
from koor.kernel.search import Hit, searches
from koor.kernel.together import Question


@count("listening:stream")
def not_looked_at(person: Person) -> Question:
    return queries.waiting_for_a_look(person)


@todos(lambda person: queries.in_trouble(person)[:1])
def source_in_trouble(person: Person, troubled: list[Source]) -> Iterable[Todo]:
    """A source that has failed for a while needs somebody."""
    for source in troubled:
        yield Todo(
            rank=25,
            title=_("“%(name)s” is not heard any more") % {"name": source.name},
            text=_said_of(source),
            button=_("Look at the source"),
            url=reverse("listening:source", args=[source.pk]),
            minutes=3,
            waiting_since=source.last_success_at or source.made_at,
        )


def _said_of(source: Source) -> str:
    """What is wrong; and what to do about it where waiting will not help."""
    said = queries.in_words(source.silent)
    return said + " " + _("Stop listening there, or give it another address.") if source.hopeless else said


@todos(lambda person: queries.perhaps_unread(person)[:200])
def query_unread(person: Person, kept: list[Query]) -> Iterable[Todo]:
    """A saved query that can't be read any more hears nothing until somebody mends it."""
    for query in queries.unread_of(kept)[:1]:
        yield Todo(
            rank=25,
            title=_("The query “%(name)s” hears nothing") % {"name": query.name},
            text=_("It can't be read any more. A word is left out with NOT before it, not with a sign."),
            button=_("Mend the query"),
            url=reverse("listening:query", args=[query.pk]),
            icon="mind",
            minutes=2,
        )


@panel("hub.voice", order=10)
def who_wished(
    request: SignedIn, voice: Voice, voices: Iterable[Voice] = (), **_about: Any
) -> tuple[str, dict[str, Any]] | None:
    """Who said it, for those who may read it here. `voices` are all of the page, which are fetched at once."""
    kind = Mention._meta.label_lower
    if voice.origin != kind or not access.may_listen(request.user):
        return None
    found = getattr(request, "mentions_of_voices", None)
    if found is None:
        wanted = [one.origin_id for one in (*voices, voice) if one.origin == kind and one.origin_id]
        found = {one.pk: one for one in queries.mentions_of(request.user, wanted)}
        request.mentions_of_voices = found  # type: ignore[attr-defined]
    mention = found.get(voice.origin_id)
    return ("listening/panel_voice.html", {"mention": mention}) if mention else None


@panel("channels.account", order=5)
def address_for_the_platform(request: SignedIn, account: Account, **_more: Any) -> tuple[str, dict[str, Any]] | None:
    """Where the platform is to send what happens; for whoever looks after sources."""
    made_with = channels.connectors().get(account.connector)
    if made_with is None or not made_with.manifest.pushed or not access.may_connect(request.user):
        return None
    path = reverse("listening:hook", args=[account.connector, account.pk])
    heard = queries.pushed_source(account.connector, account.pk)
    refused = queries.refused_lately(heard)
    return "listening/panel_hook.html", {"address": settings.KOOR_URL + path, "source": heard, "refused": refused}


@searches(gettext_lazy("Mentions"), queries.mentions_saying, faces=queries.whose)
def found(person: Person, mention: Mention) -> Hit:
    return Hit(
        title=mention.name or mention.source.name,
        url=reverse("listening:mention", args=[mention.pk]),
        text=mention.text[:200],
        when=mention.said_at,
        face=mention,
    )


audit.sentences(
    {
        "listening.add_source": gettext_lazy("%(by)s listens to %(target)s from now on"),
        "listening.edit_source": gettext_lazy("%(by)s changed the source %(target)s"),
        "listening.pause_source": gettext_lazy("%(by)s paused the source %(target)s"),
        "listening.resume_source": gettext_lazy("%(by)s let the source %(target)s go on"),
        "listening.remove_source": gettext_lazy("%(by)s removed the source %(target)s"),
        "listening.restore_source": gettext_lazy("%(by)s brought back the source %(target)s"),
        "listening.forget_source": gettext_lazy("What was heard in the removed source %(target)s is gone"),
        "listening.fetch_now": gettext_lazy("%(by)s had %(target)s looked at right away"),
        "listening.import_file": gettext_lazy("%(by)s brought in a file for %(target)s: %(stored)s new"),
        "listening.add_query": gettext_lazy("%(by)s made the query “%(target)s”"),
        "listening.edit_query": gettext_lazy("%(by)s changed the query “%(target)s”"),
        "listening.pause_query": gettext_lazy("%(by)s paused the query “%(target)s”"),
        "listening.resume_query": gettext_lazy("%(by)s let the query “%(target)s” go on"),
        "listening.remove_query": gettext_lazy("%(by)s removed the query “%(target)s”"),
        "listening.restore_query": gettext_lazy("%(by)s brought back the query “%(target)s”"),
        "listening.forget_query": gettext_lazy("What the removed query “%(target)s” met was forgotten"),
        "listening.open_again": gettext_lazy("%(by)s had a file made ready once more that came with %(target)s"),
        "listening.keep_view": gettext_lazy("%(by)s kept the view “%(target)s”"),
        "listening.drop_view": gettext_lazy("%(by)s took away the view “%(target)s”"),
        "listening.export": gettext_lazy("%(by)s took mentions out as a file"),
        "listening.mark": gettext_lazy("%(by)s marked what was said: %(target)s"),
        "listening.tell_language": gettext_lazy("%(by)s said in which language it was said: %(target)s"),
        "listening.mark_all": gettext_lazy("%(by)s gave %(mentions)s mentions one mark: %(label)s"),
        "listening.take_marking_back": gettext_lazy("%(by)s took back the mark of %(mentions)s mentions: %(label)s"),
        "listening.tell_burst": gettext_lazy("Koor heard more than usual: %(posts)s by %(people)s people"),
        "listening.name_topic": gettext_lazy("%(by)s named a topic: %(name)s"),
        "listening.dismiss_topic": gettext_lazy("%(by)s said of %(mentions)s mentions that they need no topic"),
        "listening.rename_topic": gettext_lazy("%(by)s called the topic %(before)s %(after)s from now on"),
        "listening.put_away_question": gettext_lazy("%(by)s said of %(mentions)s mentions that they are no question"),
        "listening.question_after_all": gettext_lazy("%(by)s said of %(mentions)s mentions that they are a question"),
        "listening.judge_burst": gettext_lazy("What was made of an alarm was kept, so that Koor learns what is usual"),
        "listening.promise": gettext_lazy("%(by)s changed how far the learner may go"),
        "listening.teach": gettext_lazy("%(by)s taught Koor what a text is about"),
        "listening.word": gettext_lazy("%(by)s changed the words that the learner begins with"),
        "listening.keep_in_library": gettext_lazy("%(by)s kept for the library what was said: %(target)s"),
        "listening.replay_event": gettext_lazy("%(by)s mended a line that could not be read"),
        "listening.drop_event": gettext_lazy("%(by)s put away a line that could not be read"),
        "listening.drop_events": gettext_lazy("%(by)s put away all %(entries)s that could not be read of %(target)s"),
        "listening.restore_events": gettext_lazy("%(by)s took out all %(entries)s of %(target)s that were put away"),
        "listening.restore_event": gettext_lazy("%(by)s took out a line that could not be read"),
    }
)
