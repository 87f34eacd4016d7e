"""What conversations hold on who talks with us, and on colleagues who answer."""

import functools
import operator

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from koor.flow.conversations.actions.fires_words import forget_words
from koor.flow.conversations.actions.line_letters import KIND as ANSWER_ON_PAGE
from koor.flow.conversations.logic.fires import NAMELESS
from koor.flow.conversations.models import Conversation, Fire, FireLine, LineLetter, Message
from koor.flow.conversations.queries.channels import channel_name
from koor.flow.conversations.queries.lines import seal_context
from koor.flow.conversations.queries.promises import asked_because
from koor.flow.listening.actions.wanting import forget_no_questions
from koor.flow.listening.personal import said_by
from koor.kernel import audit, seals
from koor.kernel.access import SYSTEM
from koor.kernel.personal import DELETE, OUTSIDE, Subject, also, before_they_go, by_hand, holds, holds_none

# Also what went on with theirs and had no name of its own
THEIRS = ("conversation__contact", "conversation__joined_into__contact")


def _heard(way: str) -> object:
    """What was said became a message of theirs, whatever it was said with."""
    return lambda subject: Q(**{f"{way}message__contact__in": subject.pks})


def _joins(subject: Subject) -> Q:
    return Q(into__contact__in=subject.pks) | Q(gone__contact__in=subject.pks)


def _splits(subject: Subject) -> Q:
    return Q(source__contact__in=subject.pks) | Q(made__contact__in=subject.pks)


def _taught(subject: Subject) -> Q:
    """What was taught with a conversation of theirs; its source says which."""
    theirs = Conversation.objects.filter(contact__in=subject.pks).order_by()
    named = Concat(Value("conversations.conversation:"), Cast("pk", TextField()), output_field=TextField())
    return Q(source__in=theirs.annotate(_said=named).values("_said"))


def _wished(subject: Subject) -> Q:
    """A wish that was heard in a conversation of theirs, or in a message."""
    talks = Conversation.objects.filter(contact__in=subject.pks).order_by().values("pk")
    said = Message.objects.filter(contact__in=subject.pks).order_by().values("pk")
    return Q(origin=Conversation._meta.label_lower, origin_id__in=talks) | Q(
        origin=Message._meta.label_lower, origin_id__in=said
    )


def _no_question(subject: Subject) -> Q:
    """A message of theirs that somebody said asks nothing."""
    said = Message.objects.filter(contact__in=subject.pks).order_by().values("pk")
    return Q(origin=Message._meta.label_lower, origin_id__in=said)


def _written_to(subject: Subject) -> Q:
    """Letters about answers to the address that they left on their page, unless somebody else left it too."""
    left = LineLetter.objects.order_by().values("address")
    others = left.exclude(line__contact__in=subject.pks)
    theirs = left.filter(line__contact__in=subject.pks).exclude(address__in=others)
    return Q(kind=ANSWER_ON_PAGE, to__in=theirs)


holds("conversations.Refusal", _("Not for this colleague"), outside=THEIRS, colleague=("person", "belongs_to"),
      shown=("person__name",), when="at")  # fmt: skip
holds("conversations.Assignment", _("Who had it"), outside=THEIRS, colleague=("person", "by"), when="at",
      shown=("person__name", "ground", "sentence"), named=("sentence",))  # fmt: skip
holds("conversations.Join", _("Conversations that became one"), outside=_joins, colleague=None, shown=("state",),
      when="at", named=("stayed",))  # fmt: skip
holds("conversations.Split", _("Conversations that were taken apart"), outside=_splits, colleague=None, shown=("at",),
      when="at")  # fmt: skip
holds("conversations.Deed", _("What was done with a message"),
      outside=("message__contact", "message__conversation__contact"), colleague=("by", "asked_by"),
      shown=("kind", "state", "words"), when="at", named=("words",))  # fmt: skip
holds("conversations.Mentioned", _("Named in a note"), outside=("message__contact", "message__conversation__contact"),
      colleague=("person",), shown=("person__name",), when="at")  # fmt: skip
holds("conversations.Recording", _("Voice notes about a call or a visit"),
      outside=("message__contact", "message__conversation__contact"), colleague=("message__person",),
      shown=("problem",), files=("upload", "file"), former=DELETE)  # fmt: skip
holds("conversations.Attached", _("Photos and documents out of the contact form"),
      outside=("message__contact", "message__conversation__contact"), colleague=None, shown=("name",), named=("name",),
      files=("upload", "file"))  # fmt: skip
holds("conversations.Message", _("Messages"), outside=("contact", *THEIRS), colleague=("person", "buddy"), when="at",
      shown=("direction", "person__name", "channel", "text", "reached"), spoken={"channel": channel_name},
      named=("text",), index="search", elsewhere="target__url")  # fmt: skip
holds("conversations.Conversation", _("Conversations"), outside=("contact", "joined_into__contact"),
      colleague=("assignee",), when="last_at", age="last_at", old=Q(state="done"),
      shown=("channel", "state", "sentence", "known"), spoken={"channel": channel_name},
      named=("sentence", "known", "preview", "asked"),
      files=("messages__recording__upload", "messages__recording__file", "messages__attached__upload",
             "messages__attached__file"))  # fmt: skip
holds("conversations.LineLink", _("Addresses of a direct line"), outside=("line__contact",),
      colleague=("line__person",), shown=("ended_at",), when="made_at", titles=(_("Ended"),), aside=True)  # fmt: skip
holds("conversations.LineLetter", _("Where they hear of an answer"), outside=("line__contact",), colleague=None,
      shown=("address", "sent_at", "off_at"), when="made_at",
      titles=(_("Address"), _("Last letter"), _("Stopped")))  # fmt: skip
holds("conversations.Line", _("Direct lines"), outside=("contact",), colleague=("person", "stand_in", "before"),
      shown=("person__name", "contact__name", "about", "aside"), when="made_at", named=("about", "aside"))  # fmt: skip
holds("conversations.Told", _("What was told, in lines"), outside=THEIRS, colleague=("by",), when="at",
      shown=("kind", "text", "due"), named=("text",))  # fmt: skip
holds("conversations.Reading", _("Read when it changed hands"), outside=THEIRS, colleague=("person",), shown=("at",),
      when="at", aside=True)  # fmt: skip
holds("conversations.Repeat", _("Had to tell something again"), outside=THEIRS, colleague=None,
      shown=("kind", "subject"), when="at")  # fmt: skip
holds("conversations.Looking", _("Open on their screen now"), outside=None, colleague=("person",), shown=(),
      when="seen_at", aside=True)  # fmt: skip
holds("conversations.Rule", _("Rules for who answers"), shown=("when",), when="made_at", named=("when",))
holds("conversations.OwnLimit", _("How much they want in hand at once"), shown=("most",))
also("listening.Lesson", OUTSIDE, _taught)
also("hub.Voice", OUTSIDE, _wished)
also("listening.NoQuestion", OUTSIDE, _no_question)
also("kernel.Mail", OUTSIDE, _written_to)
for _table, _way in (("Mention", ""), ("RawEvent", "mention__"), ("Correction", "mention__"), ("Match", "mention__"),
                     ("Proposal", "mention__")):  # fmt: skip
    also(f"listening.{_table}", OUTSIDE, _heard(_way))  # type: ignore[arg-type]


def _written(subject: Subject) -> Q:
    """Lines of a log in which somebody is named: nobody alters a line, so its words go as a whole."""
    return Q(text__iregex=subject.pattern) if subject.words else Q(pk__in=[])


def _blank(rows: QuerySet[FireLine], subject: Subject) -> int:
    return rows.exclude(salt="").update(text="", salt="")


def _by_a_former(rows: QuerySet[FireLine], subject: Subject) -> int:
    """What a colleague did in a fire stays in its log; not their name, nor lines in which they are named."""
    chosen = Q(verb="speaker", text__in=subject.names)
    _blank(rows.filter(_written(subject) | chosen), subject)
    return rows.filter(who__in=subject.pks).exclude(name=NAMELESS).update(name=NAMELESS)


def _in_a_fire(subject: Subject) -> Q:
    return Q(who__in=subject.pks) | Q(verb="speaker", text__in=subject.names) | _written(subject)


def _said_in_a_fire(subject: Subject) -> Q:
    """Of a conversation with them; or of what they said somewhere, that never became one."""
    theirs = functools.reduce(operator.or_, (Q(**{f"{way}__in": subject.pks}) for way in THEIRS))
    return theirs | (said_by("mention__")(subject) or Q())


def _words_go(way: str, pks: list[int]) -> None:
    """What a fire took over goes with what was said: later nobody knows whose words they were."""
    theirs = Q(**{f"{way}__in": pks})
    forget_words(facts=theirs, fires=theirs)


def _put_away_goes(pks: list[int]) -> None:
    said = Message.objects.filter(conversation__in=pks).order_by().values_list("pk", flat=True)
    forget_no_questions(by=SYSTEM, origin=Message._meta.label_lower, ids=list(said))


def _untitled(rows: QuerySet[Fire], subject: Subject | None = None) -> int:
    """It began with their words, which became its name: here, and in the trail of the house."""
    audit.unname(Fire, rows.values("pk"))
    return rows.update(title=NAMELESS)


before_they_go("listening.Mention", functools.partial(_words_go, "mention"))
before_they_go("conversations.Conversation", _put_away_goes)
before_they_go("conversations.Conversation", functools.partial(_words_go, "conversation"))
holds("conversations.FireTie", _("About a fire"), outside=THEIRS, shown=("fire__title", "how"), when="at")
holds("conversations.FireFact", _("Said about a fire"), outside=_said_in_a_fire, shown=("text", "source", "url"),
      when="at", named=("text", "source"))  # fmt: skip
holds("conversations.FireLine", _("Log of a fire"), outside=_written, colleague=_in_a_fire, shown=("text",), when="at",
      erase=by_hand(_blank, key="nameless"), former=by_hand(_by_a_former, key="nameless"))  # fmt: skip
holds("conversations.FireTask", _("Tasks in a fire"), shown=("text",), when="made_at", named=("text",))
holds("conversations.FireAnswer", _("Prepared answers"), shown=("question", "answer"), when="at",
      named=("question", "answer"))  # fmt: skip
holds("conversations.Statement", _("What the house says"), shown=("title", "text"), when="at",
      named=("title", "text", "short"))  # fmt: skip
holds("conversations.FireHeard", _("Told about a fire"), shown=("fire__title",), when="at")
holds("conversations.HoldingText", _("Texts to begin with"), shown=("name",), when="at", named=("text",))
holds("conversations.Fire", _("Fires"), outside=_said_in_a_fire, shown=("title",), when="opened_at",
      named=("title", "say", "cause", "done", "learnt", "thanks"),
      erase=by_hand(_untitled, key="nameless"))  # fmt: skip
holds("conversations.Alarm", _("Alarms decided on"), shown=("posts", "answer"), when="at")
holds("conversations.SavedAnswer", _("Saved answers"), colleague=("owner",), shown=("name", "text"), when="changed_at",
      named=("name", "text"))  # fmt: skip
holds("conversations.CalledIn", _("Asked before a promise broke"), outside=THEIRS, shown=("ground",), when="at",
      words=asked_because, aside=True)  # fmt: skip
holds_none("conversations.Duty", because="which rota of colleagues has duty, not whose turn it is")
holds_none("conversations.Promise", "conversations.Evening", because="what the house promises everybody")
holds_none("conversations.Products", because="what customers have, not who has it")
holds_none("conversations.ContactForm", because="how the form of the website is set")
seals.sealed("conversations.LineLink", "sealed", lambda row: seal_context(row.line_id))
