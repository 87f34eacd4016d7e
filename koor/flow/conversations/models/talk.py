"""Conversations over all channels, threaded for one contact; with whom, and why."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import ConversationState, Delivery, Direction, Ground
from koor.ground.governance.choices import Purpose
from koor.kernel.sql import folded_vector

PERSON = settings.AUTH_USER_MODEL


class Conversation(models.Model):
    """What we and one person outside say to each other until it is done; over every channel."""

    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.SET_NULL, related_name="conversations")
    account = models.ForeignKey("channels.Account", null=True, on_delete=models.SET_NULL, related_name="conversations")
    channel = models.CharField(max_length=60, blank=True)  # of the latest message
    purpose = models.CharField(max_length=10, choices=Purpose, blank=True)  # empty: not known
    state = models.CharField(max_length=8, choices=ConversationState, default=ConversationState.OPEN)
    ohoh = models.BooleanField(default=False)
    assignee = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="conversations")
    offered = ArrayField(models.BigIntegerField(), default=list, blank=True)  # to colleagues: whoever takes it first
    ground = models.CharField(max_length=12, choices=Ground, blank=True)  # why this assignee
    reasons = models.JSONField(default=list, blank=True)  # parts of the reason, as [ground, id] pairs
    sentence = models.CharField(max_length=300, blank=True)  # of the colleague who gave it
    known = models.CharField(max_length=500, blank=True)  # what nobody has to ask again
    preview = models.CharField(max_length=200, blank=True)  # of the latest message
    ours_last = models.BooleanField(default=False)  # the latest message is an answer of ours
    asked = models.CharField(max_length=200, blank=True)  # the beginning of what waits for an answer
    waiting_since = models.DateTimeField(null=True)  # of the oldest message that has no answer
    due_at = models.DateTimeField(null=True)  # when what we promised would break
    ask_at = models.DateTimeField(null=True)  # when somebody else is asked before that
    settled = models.BigIntegerField(default=0)  # messages up to this one ask for nothing any more: it was done then
    snoozed_until = models.DateTimeField(null=True)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")  # it goes on there
    last_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False), name="snoozed_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-last_at"], name="conversation_state"),
            models.Index(fields=["assignee", "state", "-last_at"], name="conversation_assignee"),
            models.Index(fields=["contact", "-last_at"], name="conversation_contact"),
            GinIndex(fields=["offered"], name="conversation_offered"),
            models.Index(fields=["ask_at"], name="conversation_asks", condition=Q(ask_at__isnull=False)),
            models.Index(fields=["snoozed_until"], name="conversation_wakes", condition=Q(state="snoozed")),
        ]

    def __str__(self) -> str:
        return _("conversation %(number)s") % {"number": self.pk}


class Message(models.Model):
    """One thing that was said, or noted inside. The order of `id` is the order in which they came in."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # ours
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.SET_NULL, related_name="messages")
    account = models.ForeignKey("channels.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    stored_at = models.DateTimeField()
    channel = models.CharField(max_length=60, blank=True)  # a connector's key, a way by hand, the name of a source
    kind = models.CharField(max_length=12, blank=True)  # of the mention: reply, direct, …
    url = models.URLField(max_length=1000, blank=True)
    mention = models.OneToOneField("listening.Mention", null=True, on_delete=models.SET_NULL, related_name="message")
    external_id = models.CharField(max_length=300, blank=True)
    reached = models.CharField(max_length=254, blank=True)  # where they want the answer, when they said so in the form
    target = models.OneToOneField("publishing.Target", null=True, on_delete=models.SET_NULL, related_name="message")
    delivery = models.CharField(max_length=8, choices=Delivery, default=Delivery.NONE, blank=True)
    edited_at = models.DateTimeField(null=True)  # when the other changed it last
    taken_back_at = models.DateTimeField(null=True)  # the other took it away after we had answered
    buddy = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # who reads it first
    failed = models.BooleanField(default=False)  # an answer that never went out
    waits_from = models.DateTimeField(null=True)  # since when this asks for an answer
    waited = models.DurationField(null=True)  # of an answer: how long the other had waited
    joined = models.ForeignKey("Join", null=True, on_delete=models.SET_NULL, related_name="messages")
    search = models.GeneratedField(expression=folded_vector("text"), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "channel", "external_id"],
                condition=~Q(external_id="") & Q(direction="in"),
                nulls_distinct=False,
                name="heard_from_once",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "at"], name="message_when"),
            models.Index(fields=["contact", "-at"], name="message_contact"),
            models.Index(fields=["stored_at"], name="message_arrived", condition=Q(direction="in")),
            models.Index(F("at").desc(), name="message_answered", condition=Q(waited__isnull=False)),
            GinIndex(fields=["search"], name="message_search"),
            models.Index(fields=["stored_at"], name="message_read_first", condition=Q(delivery="buddy", target=None)),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Join(models.Model):
    """Two open conversations go on as one: their contacts turned out to be one (`merge`), or one of them had no name
    until a colleague said who it was. What moved can go back."""

    merge = models.ForeignKey("contacts.Merge", null=True, on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="joins")
    gone = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    moved = ArrayField(models.BigIntegerField(), default=list)  # messages
    upto = models.BigIntegerField()  # the message that tells of it: only what we answer later answers both
    state = models.CharField(max_length=8, choices=ConversationState)  # of the one that went, before
    snoozed_until = models.DateTimeField(null=True)
    settled = models.BigIntegerField(default=0)
    # Of the one that stayed `before` and `after`, and what came with the other; empty when they parted
    stayed = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(into=F("gone")), name="join_two_conversations"),
        ]


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
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(ground=""), name="assignment_has_ground")]


class Refusal(models.Model):
    """A colleague said "not for me"; routing does not ask them again about this, nor soon about this person."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="refusals")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    belongs_to = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="refusal_once")]
