"""Accounts on platforms. An account keeps the connector that it was made with."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from koor.ground.channels.choices import AccountState, Health, May
from koor.ground.governance.choices import Purpose


class Application(models.Model):
    """Koor as it is registered at a platform, by which accounts are connected there; one a platform. What is secret
    is sealed with the row's number as associated data."""

    connector = models.CharField(max_length=40, unique=True)
    client_id = models.CharField(max_length=300)
    settings = models.JSONField(default=dict, blank=True)  # what the platform asks beside it; never a secret
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)  # the platform no longer knows it, or its secret

    def __str__(self) -> str:
        return self.connector


class Grant(models.Model):
    """What a colleague agreed to on a platform's own page: the tokens of one or more accounts, renewed as one."""

    connector = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    sealed = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    expires_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)  # then a person has to agree again, as far as the platform tells
    agreed_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)  # the platform said that it holds no more
    failures = models.PositiveIntegerField(default=0)  # renewals in a row that failed by something that passes
    not_before = models.DateTimeField(null=True)  # no other try before this

    def __str__(self) -> str:
        return self.connector


class Connecting(models.Model):
    """Somebody who went to a platform's page to agree and comes back by the same browser; swept up within the hour."""

    state = models.CharField(max_length=64, unique=True)  # its digest
    connector = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("Account", on_delete=models.CASCADE, null=True, related_name="+")  # connected again
    sealed = models.BinaryField()  # what proves that the code is ours; then the tokens and the places to choose from
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    arrived = models.BooleanField(default=False)


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
    place = models.CharField(max_length=200, blank=True)  # the platform's own number of it
    grant = models.ForeignKey(Grant, on_delete=models.SET_NULL, null=True, related_name="accounts")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["connector", "place"], condition=~models.Q(place=""), name="place_once")
        ]

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
