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
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(discipline__isnull=True), name="responsible_one_of_two"
            )
        ]

    def __str__(self) -> str:
        return self.purpose
