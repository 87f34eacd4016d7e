"""Two items that look alike, and what the curator said of them."""

from django.conf import settings
from django.db import models

from koor.flow.hub.choices import Alike


class Likeness(models.Model):
    """What the curator said of two items that look alike; they are not put beside each other again. `one` is the older
    number."""

    one = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=10, choices=Alike)
    # of the two, when one
    kept = models.ForeignKey("hub.Item", null=True, on_delete=models.CASCADE, related_name="copies")
    had = models.JSONField(default=dict)  # before it got what the other had
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="likeness_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="likeness_in_order"),
        ]


class Resemblance(models.Model):
    """Two items of which the house found that they look alike, so that they stand in one list. `one` is the older
    number."""

    one = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="resemblance_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="resemblance_in_order"),
        ]
