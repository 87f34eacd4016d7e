"""What a colleague had done on a platform with a message that came in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.conversations.choices import DeedKind, DeedState
from koor.flow.conversations.models.talk import Message


class Deed(models.Model):
    """Asked of the platform until it is done. What is asked again while it holds is the same deed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deeds")
    kind = models.CharField(max_length=6, choices=DeedKind)
    state = models.CharField(max_length=7, choices=DeedState, default=DeedState.ASKED)
    words = models.TextField(max_length=1000, blank=True)  # of a report
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)  # when it is tried next
    answer = models.CharField(max_length=300, blank=True)  # of the platform, in short

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "kind"], condition=~Q(state__in=["failed", "undone"]), name="deed_once"
            )
        ]
        indexes = [models.Index(fields=["wake_at"], name="deed_wakes", condition=Q(wake_at__isnull=False))]
