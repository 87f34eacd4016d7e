"""How soon we answer, as the customer feels it; and whom Koor asks before a promise breaks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from koor.ground.governance.choices import Purpose


class Promise(models.Model):
    """Within so many working minutes; for a channel and a purpose, each empty for all. The narrowest one holds."""

    channel = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose, blank=True)
    minutes = models.PositiveIntegerField()
    ask_before = models.PositiveIntegerField(default=30)  # minutes left when the next in line is asked

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "purpose"], name="promise_once"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="promise_of_a_minute"),
        ]
        ordering = ["channel", "purpose"]

    def __str__(self) -> str:
        return _("a promise of %(minutes)s minutes") % {"minutes": self.minutes}


class Evening(models.Model):
    """Colleagues who take turns answering after hours: until when, and whose turn it is. At most one row."""

    rota = models.ForeignKey("people.Rota", on_delete=models.CASCADE, related_name="+")
    until = models.TimeField()
    weekend = models.BooleanField(default=False)  # also on days off, from opening

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_evening_rota")]

    def __str__(self) -> str:
        return _("the evening rota")


class CalledIn(models.Model):
    """A colleague who was asked to answer before a promise broke, beside whom the conversation is with."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="called_in")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(max_length=12)  # why this colleague: turn, knows, purpose, curator
    at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)  # somebody answered, or took it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "person"], condition=models.Q(over_at=None), name="called_in_once"
            )
        ]
        indexes = [models.Index(fields=["person"], condition=models.Q(over_at=None), name="called_in_now")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.conversation_id}"
