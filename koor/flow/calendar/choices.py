from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Content(TextChoices):
    """What kind of content is promised or planned."""

    WORK = "work", _("Photo of the work")
    EXPLAIN = "explain", _("Explanation")
    CUSTOMER = "customer", _("Customer story")
    COLUMN = "column", _("Column")
    QUESTION = "question", _("Question of the week")
    NEWS = "news", _("News")
    OTHER = "other", _("Other")


class Rhythm(TextChoices):
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every other week")
    MONTHLY = "monthly", _("every month")


class AgreementState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    ENDED = "ended", _("Ended")
