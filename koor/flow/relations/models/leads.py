"""Leads: a conversation that may become work, with its story; and the way to the system in which sales keeps them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.relations.choices import LeadState, SendingState

PERSON = settings.AUTH_USER_MODEL


class Lead(models.Model):
    """Somebody outside may want work from us. `story` is what was said until then, so that nobody tells twice."""

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="leads")
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, on_delete=models.SET_NULL, related_name="leads"
    )
    wants = models.CharField(max_length=300)
    story = models.JSONField(default=list)  # of {"at", "who", "said"}, oldest first
    to = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="leads")
    state = models.CharField(max_length=8, choices=LeadState, default=LeadState.NEW)
    why = models.CharField(max_length=200, blank=True)  # it came to nothing
    key = models.UUIDField(default=uuid.uuid4, unique=True)  # by which others know it
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)  # to who has it now, until they go on with it

    class Meta:
        indexes = [
            models.Index(fields=["state", "-made_at", "-id"], name="lead_state"),
            models.Index(fields=["to", "state"], name="lead_to"),
        ]

    def __str__(self) -> str:
        return self.wants


class Receiver(models.Model):
    """The system that takes leads in, such as the CRM that sales works with. One row; the secret is sealed."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = models.BinaryField()
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)  # the last time that something arrived
    problem = models.CharField(max_length=300, blank=True)  # of the last try
    problem_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_receiver")]

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """A lead on its way to the receiver. The same `key` at every try: a receiver takes it in once."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="sending")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=8, choices=SendingState, default=SendingState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="waiting") | Q(next_at__isnull=False), name="sending_never_stuck")
        ]
        indexes = [models.Index(fields=["next_at"], name="sending_due", condition=Q(state="waiting"))]
