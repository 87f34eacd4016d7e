"""What a list tells of a message that has no words: a photo, a voice, a document."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations.choices import Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Enclosure

_KINDS = {
    "photo": gettext_lazy("A photo"),
    "film": gettext_lazy("A film"),
    "voice": gettext_lazy("A voice note"),
    "document": gettext_lazy("A document"),
}


def told(conversations: Iterable[Conversation]) -> dict[int, str]:
    """By conversation; none where nothing was said but notes. No query when all of them have words."""
    bare = [one.pk for one in conversations if not one.asked and not one.preview]
    if not bare:
        return {}
    said = Message.objects.filter(conversation__in=bare).exclude(direction=Direction.NOTE)
    latest = dict(
        said.order_by("conversation", "-at", "-pk").distinct("conversation").values_list("conversation", "mention")
    )
    came = listening.enclosures_of(number for number in latest.values() if number)
    return {pk: _sentence(came.get(mention or 0, [])) for pk, mention in latest.items()}


def _sentence(files: Sequence[Enclosure]) -> str:
    if not files:
        return _("Without words")
    first = str(_KINDS.get(files[0].kind) or _("A file"))
    return _("%(what)s and more") % {"what": first} if len(files) > 1 else first
