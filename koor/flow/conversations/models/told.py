"""Told once: the summary of a conversation in lines, who read it when it changed hands, and who had to tell again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.conversations.choices import RepeatKind, ToldKind

PERSON = settings.AUTH_USER_MODEL


class Told(models.Model):
    """One line of the summary: a fact, a promise, something that was tried. One that was put aside is not proposed
    again."""

    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="told")
    kind = models.CharField(max_length=7, choices=ToldKind)
    subject = models.CharField(max_length=12, blank=True)  # address, phone, device, …; empty: in own words
    text = models.CharField(max_length=300)
    key = models.CharField(max_length=220)  # the same thing said again is one line
    due = models.DateField(null=True)  # of a promise
    message = models.ForeignKey("Message", null=True, on_delete=models.SET_NULL, related_name="+")  # that told it
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # the promise was kept
    dropped_at = models.DateTimeField(null=True)  # put aside, or never wanted

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["conversation", "key"], name="told_once")]
        indexes = [models.Index(fields=["due"], name="told_promises", condition=Q(kind="promise", done_at=None))]

    def __str__(self) -> str:
        return self.text


class Reading(models.Model):
    """A colleague read the summary when the conversation came to them."""

    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="reading_once")]


class Repeat(models.Model):
    """Somebody outside had to tell something again: they said so, or we asked for what the summary holds. Without the
    colleague: it is counted for the house."""

    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="repeats")
    kind = models.CharField(max_length=5, choices=RepeatKind)
    subject = models.CharField(max_length=12, blank=True)
    message = models.OneToOneField("Message", null=True, on_delete=models.CASCADE, related_name="+")  # theirs
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind="said") | Q(message__isnull=True), name="asked_by_nobody")
        ]
        indexes = [models.Index(fields=["at"], name="repeat_when")]
