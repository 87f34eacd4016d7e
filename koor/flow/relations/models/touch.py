"""Every touch with a contact on one line, from all rooms; and the rhythm in which a colleague stays in sight."""

from django.conf import settings
from django.db import models

from koor.flow.relations.choices import IN_TOUCH, TouchKind

PERSON = settings.AUTH_USER_MODEL
IN_TOUCH_VALUES = [str(kind) for kind in IN_TOUCH]


class Touch(models.Model):
    """One moment of contact. `source` names the row that it came from, so that a fact told twice makes one touch."""

    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="touches")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="touches")
    kind = models.CharField(max_length=16, choices=TouchKind)
    at = models.DateTimeField()
    sentence = models.CharField(max_length=300, blank=True)  # their words, ours, or the name of what it is about
    url = models.CharField(max_length=300, blank=True)  # path in the house
    source = models.CharField(max_length=80, unique=True)  # "conversations.message:12"

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-at"], name="touch_line"),
            models.Index(
                fields=["contact", "-at"], name="touch_in_touch", condition=models.Q(kind__in=IN_TOUCH_VALUES)
            ),
        ]

    def __str__(self) -> str:
        return self.sentence or self.get_kind_display()


class Rhythm(models.Model):
    """A colleague's own intention to stay in touch with a contact. Theirs alone: no one else sees it."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="rhythms")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="rhythms")
    every_days = models.PositiveSmallIntegerField(default=90)  # 0: no need to
    later_until = models.DateField(null=True)  # not now

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "contact"], name="rhythm_once")]
