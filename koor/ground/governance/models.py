"""Governance: which role may what, and who is responsible for which purpose."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.ground.governance.choices import Purpose
from koor.ground.people.choices import Role


class RolePermission(models.Model):
    """A choice of the organisation that differs from a permission's default roles."""

    role = models.CharField(max_length=20, choices=Role)
    permission = models.CharField(max_length=80)
    allowed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="role_permission_once")]


class Responsibility(models.Model):
    """Who answers for a purpose: a colleague, or else a discipline."""

    purpose = models.CharField(max_length=10, choices=Purpose, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="responsible_for"
    )
    discipline = models.ForeignKey(
        "people.Discipline", null=True, blank=True, on_delete=models.SET_NULL, related_name="responsible_for"
    )
    agreed = models.CharField(max_length=300, blank=True)  # what was agreed, in a sentence

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(discipline__isnull=True), name="responsible_one_of_two"
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class PersonalExport(models.Model):
    """All that the house holds on one person, made ready to take along; gone after a week."""

    kind = models.CharField(max_length=10)  # of the person: outside, colleague
    subject_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5)
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject_id", "-asked_at"], name="personal_export_of"),
            models.Index(fields=["ends_at"], name="personal_export_ends"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class LegalHold(models.Model):
    """What is kept on a person may not go for now, such as for a claim or a court; with the reason."""

    kind = models.CharField(max_length=10)  # of the person
    subject_id = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(ended_at__isnull=True), name="one_hold_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Erasing(models.Model):
    """Somebody is erased: asked by whom, and what came of it. When it is done nothing here tells who it was."""

    erasure = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField(null=True)  # empty once it is done
    names = models.BooleanField(default=True)  # the name goes out of texts of others too
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # rows by table
    left = models.PositiveIntegerField(default=0)  # rows that were still found afterwards
    left_in = models.JSONField(default=dict, db_default={})  # of which tables

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(done_at__isnull=True), name="erased_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Term(models.Model):
    """How long the organisation keeps one kind of thing."""

    kind = models.CharField(max_length=60, unique=True)
    days = models.PositiveIntegerField()
    reached = models.BigIntegerField(default=0, db_default=0)  # the row at which the last round stopped; 0: the end

    def __str__(self) -> str:
        return self.kind
