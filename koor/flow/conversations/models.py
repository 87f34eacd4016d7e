"""Conversations over all channels, threaded for one contact; with whom, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.conversations.choices import ConversationState, Direction, Ground
from koor.ground.governance.choices import Purpose

PERSON = settings.AUTH_USER_MODEL


class Conversation(models.Model):
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.SET_NULL, related_name="conversations")
    account = models.ForeignKey("channels.Account", null=True, on_delete=models.SET_NULL, related_name="conversations")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SERVICE)
    state = models.CharField(max_length=8, choices=ConversationState, default=ConversationState.OPEN)
    ohoh = models.BooleanField(default=False)
    assignee = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="conversations")
    ground = models.CharField(max_length=12, choices=Ground, blank=True)  # why this assignee
    reasons = models.JSONField(default=list, blank=True)  # parts of the reason, as [ground, id] pairs
    waiting_since = models.DateTimeField(null=True)  # of the oldest message that has no answer
    snoozed_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-last_at"], name="conversation_state"),
            models.Index(fields=["assignee", "state", "-last_at"], name="conversation_assignee"),
            models.Index(fields=["contact", "-last_at"], name="conversation_contact"),
        ]


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # ours
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=20_000)
    at = models.DateTimeField()
    channel = models.CharField(max_length=40, blank=True)  # a connector's key, "telephone", "at the door"
    mention = models.OneToOneField("listening.Mention", null=True, on_delete=models.SET_NULL, related_name="message")
    external_id = models.CharField(max_length=300, blank=True)
    target = models.OneToOneField("publishing.Target", null=True, on_delete=models.SET_NULL, related_name="message")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["conversation", "at"], name="message_when")]


class Assignment(models.Model):
    """Every time a conversation found a colleague: why, and whether a person corrected it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground)
    reasons = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # empty: Koor
    sentence = models.CharField(max_length=300, blank=True)
    corrected = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(by__isnull=True) | ~Q(ground=""), name="assignment_has_ground")
        ]
