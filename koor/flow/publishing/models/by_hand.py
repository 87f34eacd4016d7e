"""Of what somebody posts themselves: when they were reminded, and what they say came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Reminder(models.Model):
    """A row waits for somebody's hands from this moment on: they hear of it then and once more, and then it is left."""

    target = models.ForeignKey("publishing.Target", on_delete=models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField()  # of the row, then; another moment is another reminder
    told = models.PositiveSmallIntegerField(default=0)  # how often
    next_at = models.DateTimeField(null=True)
    left = models.BooleanField(default=False)  # nobody is asked again; it stays ready
    reached = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "due_at"], name="reminder_once")]
        indexes = [models.Index(fields=["next_at"], name="reminder_next", condition=Q(next_at__isnull=False))]


class Effect(models.Model):
    """What came of a post where Koor can't look, as somebody noted it."""

    target = models.OneToOneField("publishing.Target", on_delete=models.CASCADE, related_name="effect")
    reacted = models.PositiveIntegerField(null=True)  # people
    said = models.CharField(max_length=300, blank=True)  # a word of what somebody said
    contact = models.ForeignKey(
        "contacts.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="effects"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
