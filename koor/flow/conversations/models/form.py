"""The contact form of the website."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ContactForm(models.Model):
    """Whether strangers may write to us on a page of Koor, and from which websites; one row."""

    is_on = models.BooleanField(default=False)
    intro = models.CharField(max_length=300, blank=True)  # above the form, in the words of the house
    account = models.ForeignKey(  # by which they are answered; empty: by hand
        "channels.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sites = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # origins that may post to it
    shows_people = models.BooleanField(default=False)  # may they choose a colleague with a page of a project
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_contact_form")]
