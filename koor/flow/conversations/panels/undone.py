"""On Today: what was promised and not done yet, and what was asked of a platform and did not happen."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.conversations import queries
from koor.flow.conversations.choices import DeedKind
from koor.flow.conversations.models import Deed, Told
from koor.ground.people.models import Person
from koor.kernel.panels import Todo, todos
from koor.kernel.templatetags.koor import when


@todos(queries.promised_before, queries.promised_today)
def promised(person: Person, missed: list[Told], today: list[Told]) -> Iterable[Todo]:
    """A day that was promised came, or passed; and how many more there are. The one that is missed longest and the
    first of today, else two of one kind."""
    shown = missed[: 1 if today else 2] + today[: 1 if missed else 2]
    left = len(missed) + len(today) - len(shown)
    more = ngettext("One more promise waits behind it.", "%(n)s more promises wait behind it.", left) % {"n": left}
    for one in shown:
        contact, now = one.conversation.contact, one in today
        title = _("Promised to %(name)s for today") if now else _("Promised to %(name)s for %(day)s, not done yet")
        yield Todo(
            rank=14 if now else 13,
            title=title % {"name": contact.name if contact else _("somebody"), "day": when(one.due)},
            text=more if left and one is shown[0] else "",
            quote=one.text,
            button=_("Go to the conversation"),
            url=reverse("conversations:talk_one", args=[one.conversation_id]),
            face=contact,
            icon="hand",
            done=reverse("conversations:told_one", args=[one.pk]),
        )


@todos(lambda person: queries.not_worked_for(person)[:1])
def did_not_work(person: Person, deeds: list[Deed]) -> Iterable[Todo]:
    """What was asked of a platform and did not happen."""
    for one in deeds:
        contact = one.message.conversation.contact
        what = {"deed": DeedKind(one.kind).label, "name": contact.name if contact else _("somebody")}
        said = (
            _("Undoing “%(deed)s” at %(name)s did not work")
            if one.undoing
            else _("“%(deed)s” at %(name)s did not work")
        )
        yield Todo(
            rank=45,
            title=said % what,
            text=queries.why_not(one.because, one.answer),
            button=_("Look, or try again"),
            url=reverse("conversations:talk_one", args=[one.message.conversation_id]) + f"#m{one.message_id}",
            face=contact,
        )
