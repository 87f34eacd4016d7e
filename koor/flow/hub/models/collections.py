"""Things of the library under a name."""

from django.conf import settings
from django.db import models

PERSON = settings.AUTH_USER_MODEL


class Collection(models.Model):
    """Things of the library under a name: put in by hand, or whatever a kept search finds."""

    name = models.CharField(max_length=120)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="collections")
    shared = models.BooleanField(default=False)  # colleagues see it too
    search = models.JSONField(default=dict, blank=True)  # as the library's own address says it; empty: by hand
    offered = models.BooleanField(default=False)  # proposed where the calendar has a hole
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # can come back

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Collected(models.Model):
    """An item in a collection, at its place."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="collected")
    item = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="collected")
    order = models.PositiveIntegerField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "item"], name="collected_once")]
        ordering = ["order", "pk"]
