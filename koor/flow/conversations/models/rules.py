"""Rules of the organisation for who answers, and how much a colleague wants in hand at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import RuleState

PERSON = settings.AUTH_USER_MODEL


class Rule(models.Model):
    """When all conditions hold, one of those whom it asks answers. The first in order that holds decides.

    Conditions and asked are named by number: one that is gone is never met and never asked, and makes no rule wider."""

    place = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RuleState, default=RuleState.ACTIVE)
    when = models.JSONField(default=dict)  # {"where": "platform:mastodon", "words": "storing OR kapot", …}
    ask = models.JSONField(default=list)  # [["team", 3], ["person", 8], …]
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(when={}), name="rule_has_condition"),
            models.CheckConstraint(condition=~Q(ask=[]), name="rule_asks_somebody"),
        ]

    def __str__(self) -> str:
        return _("rule %(number)s") % {"number": self.pk}


class OwnLimit(models.Model):
    """How many people may wait for a colleague at once before Koor asks another; chosen by themselves."""

    person = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="+")
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(most__gte=1), name="own_limit_at_least_one")]
