"""A post that comes back: how often, and each of its times."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from koor.flow.publishing.choices import Every, SeriesState, Skipped

PERSON = settings.AUTH_USER_MODEL


class Series(models.Model):
    """A post that comes back. At most one turn lies ahead at any time, so that nothing can burst after a silence."""

    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="series")
    latest = models.ForeignKey(
        "publishing.Post", null=True, on_delete=models.SET_NULL, related_name="+"
    )  # what the next is made of
    every = models.CharField(max_length=10, choices=Every)
    first_day = models.DateField()
    at = models.TimeField()
    zone = models.CharField(max_length=60)
    last_day = models.DateField()  # the latest turn that was made or passed over
    until = models.DateField(null=True)
    times = models.PositiveSmallIntegerField(null=True)  # so often in all
    made = models.PositiveSmallIntegerField(default=1)  # posts so far
    texts = models.JSONField(default=list)  # other words for other times, in order
    anew = models.BooleanField(default=False)  # a draft each time, that its maker writes and lets go
    state = models.CharField(max_length=8, choices=SeriesState, default=SeriesState.RUNNING)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="series_days_in_order"),
        ]
        indexes = [models.Index(fields=["last_day"], name="series_running", condition=Q(state="running"))]

    def __str__(self) -> str:
        return str(self.latest) if self.latest else f"#{self.pk}"


class Turn(models.Model):
    """One time of a post that comes back: the post of it, or why there is none."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="turns")
    day = models.DateField()
    post = models.OneToOneField("publishing.Post", null=True, on_delete=models.SET_NULL, related_name="turn")
    skipped = models.CharField(max_length=10, choices=Skipped, blank=True)
    why = models.CharField(max_length=300, blank=True)  # what was said, when it could not be made
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="turn_once")]
        ordering = ["day"]
