"""What customers have: products and makers by name, as this house wrote them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _


class Products(models.Model):
    """One row; none where the list is still the one that came along."""

    names = ArrayField(models.CharField(max_length=60))
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return _("What customers have")
