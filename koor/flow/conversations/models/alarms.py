"""Alarms: oh-ohs rose, and a person decides whether it burns."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.conversations.choices import AlarmAnswer

PERSON = settings.AUTH_USER_MODEL


class Alarm(models.Model):
    """Oh-ohs about a saved query, or about anything, rose far above the usual hour. It opens nothing by itself."""

    query = models.ForeignKey("listening.Query", null=True, on_delete=models.CASCADE, related_name="+")
    posts = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    usual = models.FloatField()  # in an hour like this one
    since = models.DateTimeField()  # when the first of them was said
    at = models.DateTimeField()
    quiet_until = models.DateTimeField()  # nothing more about this subject before
    answer = models.CharField(max_length=6, choices=AlarmAnswer, default=AlarmAnswer.NONE, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    fire = models.ForeignKey("Fire", null=True, on_delete=models.SET_NULL, related_name="alarms")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="alarm_waits", condition=Q(answer=""))]

    def __str__(self) -> str:
        return self.query.name if self.query else f"{self.posts} × oh-oh"

    @property
    def waits(self) -> bool:
        return not self.answer
