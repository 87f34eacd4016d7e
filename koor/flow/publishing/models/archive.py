"""What was said before, brought in from the export of a platform: kept in the house, private until somebody chooses."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.publishing.choices import ArchiveState, Platform

PERSON = settings.AUTH_USER_MODEL


class Archive(models.Model):
    """One file that was brought in. The file itself goes when it is read."""

    platform = models.CharField(max_length=12, choices=Platform, blank=True)  # empty until it is read
    handle = models.CharField(max_length=100, blank=True)  # who we were there
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=ArchiveState, default=ArchiveState.WAITING)
    because = models.CharField(max_length=12, blank=True)  # why it was refused: a code
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # how far it was read
    known = models.PositiveIntegerField(default=0)  # of those, what we had already
    left_out = models.PositiveIntegerField(default=0)  # answers, what others said, what was for a few

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="archive_newest")]

    def __str__(self) -> str:
        return self.name


class Said(models.Model):
    """One thing that was said on a platform. `shown_at`: since when everybody may read it in the newsroom."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="said")
    platform = models.CharField(max_length=12, choices=Platform)
    external_id = models.CharField(max_length=300)
    at = models.DateTimeField()
    text = models.TextField(max_length=20_000, blank=True)
    url = models.URLField(max_length=1000, blank=True)  # where it stood, or stands
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "external_id"], name="said_once")]
        indexes = [
            models.Index(fields=["archive", "-at", "-id"], name="said_of_archive"),
            models.Index(fields=["-at", "-id"], name="said_shown", condition=Q(shown_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text[:80] or f"#{self.pk}"


class SaidMedium(models.Model):
    """A picture with what was said."""

    said = models.ForeignKey(Said, on_delete=models.CASCADE, related_name="media")
    medium = models.ForeignKey("hub.Medium", on_delete=models.PROTECT, related_name="said")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["said", "medium"], name="said_medium_once")]
        ordering = ["order", "id"]


class Unread(models.Model):
    """Something in an export that could not be read, as it stood there. It stopped nothing else."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="unread")
    what = models.TextField(max_length=2000)
    why = models.CharField(max_length=12)  # a code
    at = models.DateTimeField()
