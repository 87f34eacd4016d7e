"""What the relations room holds on people outside and on who keeps in touch."""

from django.utils.translation import gettext_lazy as _

from koor.flow.relations.actions.leads import SEALED_FOR as OF_A_RECEIVER
from koor.flow.relations.queries.ambassadors import seal_context
from koor.kernel import dates, seals
from koor.kernel.personal import holds, holds_none


def _yes(agreed: dict[str, str]) -> str:
    """What an ambassador said yes to, in the words that they read, and when."""
    said = [agreed.get("words"), dates.written(agreed.get("at"))]
    return ", ".join(filter(None, said))


holds("relations.Rhythm", _("Meant to keep in touch"), shown=("every_days", "later_until"))
holds("relations.Touch", _("Moments of contact"), shown=("kind", "sentence"), when="at", age="at",
      named=("sentence",))  # fmt: skip
holds("relations.Revisit", _("Reasons to be in touch again"), shown=("project__name", "state"), when="at")
holds("relations.Sending", _("Leads that were sent"), outside=("lead__contact",), colleague=None, shown=("state",),
      when="sent_at")  # fmt: skip
holds("relations.Lead", _("May want work from us"), shown=("wants", "state", "why", "story"), when="made_at",
      named=("wants", "why", "story"))  # fmt: skip
holds("relations.SharedOn", _("What they showed to others"), outside=("ambassador__contact",), colleague=None,
      shown=("target__post__title",), when="at")  # fmt: skip
holds("relations.Thanks", _("Thanks"), outside=("ambassador__contact",), shown=("sentence",), when="at",
      named=("sentence",))  # fmt: skip
holds("relations.Ambassador", _("Ambassador"), shown=("state", "gets", "asks", "agreed"), when="answered_at",
      titles=(_("Answer"), _("What they get"), _("What we ask"), _("Their yes was to")),
      spoken={"agreed": _yes}, secret=("digest", "sealed"))  # fmt: skip
holds_none("relations.Receiver", because="the system that takes leads in")
seals.sealed("relations.Receiver", "secret", OF_A_RECEIVER)
seals.sealed("relations.Ambassador", "sealed", lambda row: seal_context(row.digest))
