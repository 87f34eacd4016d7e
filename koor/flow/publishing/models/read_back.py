"""What was read back at night of a post that is up."""

from django.db import models

from koor.flow.publishing.choices import Found


class ReadBack(models.Model):
    """The latest look at a row that is up: whether it still is, and once."""

    target = models.OneToOneField("publishing.Target", on_delete=models.CASCADE, related_name="read_back")
    at = models.DateTimeField()
    found = models.CharField(max_length=8, choices=Found)
    nights_gone = models.PositiveSmallIntegerField(default=0)  # in a row
    other_id = models.CharField(max_length=300, blank=True)  # of a second copy
    other_url = models.URLField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["found"], name="read_back_twice", condition=models.Q(found="twice"))]
