"""The story in versions. A published version never changes; a new one asks everybody again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

PARTS = ("why", "mission", "vision", "values", "voice", "dos", "donts", "goals")
FIELDS = (*PARTS, "question", "answers", "right_answer", "what_changed")


class Version(models.Model):
    """One version of the story: a draft while `published_at` is empty."""

    number = models.PositiveIntegerField(unique=True)
    why = models.TextField(max_length=2000)
    mission = models.TextField(max_length=2000, blank=True)
    vision = models.TextField(max_length=2000, blank=True)
    values = models.TextField(max_length=2000, blank=True)
    voice = models.TextField(max_length=2000, blank=True)
    dos = models.TextField(max_length=2000, blank=True)  # one a line
    donts = models.TextField(max_length=2000, blank=True)  # one a line
    goals = models.TextField(max_length=2000, blank=True)
    question = models.CharField(max_length=300, blank=True)  # shows that it was understood
    answers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    right_answer = models.PositiveSmallIntegerField(null=True, blank=True)
    what_changed = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published_at"],
                condition=Q(published_at__isnull=True),
                nulls_distinct=False,
                name="one_draft_of_the_story",
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class Acknowledgement(models.Model):
    """A colleague has read and understood a version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="story_read")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="story_read_once")]
