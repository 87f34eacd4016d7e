"""Ambassadors: people outside who were invited to show our work to whom they know. No account, nothing to sign in to:
a page of their own behind an address that nobody can guess, with the way out on it."""

from django.conf import settings
from django.db import models

from koor.flow.relations.choices import AmbassadorState

PERSON = settings.AUTH_USER_MODEL


class Ambassador(models.Model):
    contact = models.OneToOneField("contacts.Contact", on_delete=models.CASCADE, related_name="ambassador")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # who invites and thanks
    gets = models.CharField(max_length=500)  # what they get for it
    asks = models.CharField(max_length=500, blank=True)  # what they may share, in words
    collection = models.ForeignKey("hub.Collection", null=True, on_delete=models.SET_NULL, related_name="+")
    posts: "models.ManyToManyField[models.Model, models.Model]" = models.ManyToManyField(
        "publishing.Target", related_name="+", blank=True
    )
    state = models.CharField(max_length=8, choices=AmbassadorState, default=AmbassadorState.INVITED)
    agreed = models.JSONField(default=dict)  # what their yes was to, word for word, and when
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()  # the address, for who invites to send it again
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_by_us = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "-invited_at"], name="ambassador_state")]

    def __str__(self) -> str:
        return str(self.contact)


class SharedOn(models.Model):
    """They told that they showed it to others."""

    ambassador = models.ForeignKey(Ambassador, on_delete=models.CASCADE, related_name="shared")
    target = models.ForeignKey("publishing.Target", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    thanked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ambassador", "target"], name="shared_on_once")]


class Thanks(models.Model):
    """A word of thanks; it stands on their page."""

    ambassador = models.ForeignKey(Ambassador, on_delete=models.CASCADE, related_name="thanks")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    sentence = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
