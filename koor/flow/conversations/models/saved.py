"""Answers that are given often, with places for what differs each time."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class SavedAnswer(models.Model):
    """Of one colleague, or of everybody when it has no owner. Nothing is made up: only its places are filled in."""

    name = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_answers"
    )
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=models.Q(removed_at=None), name="saved_once", nulls_distinct=False
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
