"""What a colleague had done on a platform with a message that came in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from koor.flow.conversations.choices import AGAIN, DeedKind, DeedState
from koor.flow.conversations.models.talk import Message

DID_NOT_WORK = Q(state__in=["failed", "unsure"]) | Q(state="done") & ~Q(because="")  # the last: its undoing


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
    because = models.CharField(max_length=12, blank=True, db_default="")  # why it did not work: a `contract.Because`
    undoing = models.BooleanField(default=False, db_default=False)  # what was asked last is to take it back
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())  # by whom and when that was: `by` and `at` are of the deed itself
    seen_at = models.DateTimeField(null=True)  # whoever asked read that it did not work

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "kind"], condition=~Q(state__in=["failed", "undone"]), name="deed_once"
            )
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="deed_wakes", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["asked_by"], name="deed_did_not_work", condition=Q(seen_at=None) & DID_NOT_WORK),
        ]

    @property
    def did_not_work(self) -> bool:
        stays = self.state == DeedState.DONE and self.because != ""
        return stays or self.state in (DeedState.FAILED, DeedState.UNSURE)

    @property
    def may_be_undone(self) -> bool:
        """Where the platform lets us: it is done, or nobody knows whether it was taken back."""
        return self.state == DeedState.DONE or (self.state == DeedState.UNSURE and self.undoing)

    @property
    def may_be_asked(self) -> bool:
        """Again: it failed, or nobody knows and once more does no harm."""
        return self.state == DeedState.FAILED or (self.state == DeedState.UNSURE and self.kind in AGAIN)
