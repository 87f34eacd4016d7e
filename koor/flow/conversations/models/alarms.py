"""Alarms: there is more of something than usual, and a person decides whether it burns."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import AlarmAnswer
from koor.flow.listening.models import topic_name

PERSON = settings.AUTH_USER_MODEL


class Alarm(models.Model):
    """There is far more of something than usual. It opens nothing by itself."""

    burst = models.OneToOneField("listening.Burst", null=True, on_delete=models.SET_NULL, related_name="alarm")
    query = models.ForeignKey("listening.Query", null=True, on_delete=models.CASCADE, related_name="+")
    posts = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    usual = models.FloatField()  # what hardly any hour reached lately
    topic = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()  # when the first of them was said
    at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=AlarmAnswer, default=AlarmAnswer.NONE, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    fire = models.ForeignKey("Fire", null=True, on_delete=models.SET_NULL, related_name="alarms")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="alarm_waits", condition=Q(answer=""))]

    def __str__(self) -> str:
        return self.about or f"{self.posts} × oh-oh"

    @property
    def about(self) -> str:
        """The saved query or the topic; nothing when it is about oh-ohs of any kind."""
        return self.query.name if self.query else topic_name(self.topic)

    @property
    def waits(self) -> bool:
        return not self.answer


class Duty(models.Model):
    """Of PR who takes turns: whose turn it is gets the oh-ohs and hears an alarm first. At most one row."""

    rota = models.ForeignKey("people.Rota", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_duty_rota")]

    def __str__(self) -> str:
        return _("the rota of PR")
