"""A conversation that was taken out of another by hand: chosen messages that are about something else."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from koor.flow.conversations.models.talk import Conversation, Message


class Split(models.Model):
    """Chosen messages became a conversation of their own; `note` tells of it where they were."""

    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="splits")
    made = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    note = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="split")
    moved = ArrayField(models.BigIntegerField())  # messages
    settled = models.BigIntegerField(default=0)  # of where they were, before
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=F("made")), name="split_two_conversations")]
