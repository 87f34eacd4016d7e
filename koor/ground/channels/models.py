"""Accounts on platforms. An account keeps the connector that it was made with."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from koor.ground.channels.choices import AccountState, Health, May
from koor.ground.governance.choices import Purpose


class Account(models.Model):
    """One account: of the organisation, or of one colleague (`personal`)."""

    connector = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.NEWS)
    audience = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # who hears it, in people's words
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accounts")
    personal = models.BooleanField(default=False)
    handle = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    settings = models.JSONField(default=dict, blank=True)  # never a secret
    limits = models.JSONField(default=dict, blank=True)  # what the platform itself said, over the manifest's
    state = models.CharField(max_length=15, choices=AccountState, default=AccountState.ACTIVE)
    health = models.CharField(max_length=10, choices=Health, default=Health.UNKNOWN)
    health_note = models.CharField(max_length=300, blank=True)  # a message id, with the places of `health_values`
    health_values = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountSecret(models.Model):
    """Credentials, sealed with the account's number as associated data. Never shown again."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="secret")
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()


class Member(models.Model):
    """A colleague beside the owner who may use an account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account_memberships")
    may = ArrayField(models.CharField(max_length=10, choices=May), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="account_member_once")]
