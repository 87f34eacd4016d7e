"""What somebody in a picture agreed to, and how they are asked to sign it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from koor.flow.hub.choices import Proof, Use, Where

PERSON = settings.AUTH_USER_MODEL


class Consent(models.Model):
    """A yes as it was given, kept as proof: by whom, for what, how we know, and when it ended. The present answer
    stands at `Portrayed`."""

    portrayed = models.ForeignKey("hub.Portrayed", on_delete=models.CASCADE, related_name="consents")
    proof = models.CharField(max_length=8, choices=Proof)
    uses = ArrayField(models.CharField(max_length=8, choices=Use), default=list)
    places = ArrayField(models.CharField(max_length=8, choices=Where), default=list)
    ends_on = models.DateField(null=True)
    signed_as = models.CharField(max_length=120, blank=True)
    parent = models.CharField(max_length=120, blank=True)  # who signed for a child
    language = models.CharField(max_length=5, blank=True)  # in which it was read
    key_digest = models.CharField(max_length=64, blank=True)  # of the address that the portrayed person keeps
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_digest"], condition=~models.Q(key_digest=""), name="consent_key_once")
        ]
        indexes = [models.Index(fields=["portrayed", "-given_at"], name="consent_of")]


class Signing(models.Model):
    """Somebody in a picture is asked to sign on their own phone; the QR code holds the address."""

    portrayed = models.ForeignKey("hub.Portrayed", on_delete=models.CASCADE, related_name="signings")
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    once_digest = models.CharField(max_length=64, blank=True)  # of the form that was sent: the same again is no second
