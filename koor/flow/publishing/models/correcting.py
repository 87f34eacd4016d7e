"""What was put right in the open: one correction of a post, and a step for each place where it went."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.publishing.choices import Kind, PutRight, Way

PERSON = settings.AUTH_USER_MODEL


class Correction(models.Model):
    """A post was corrected, apologised for or taken back, everywhere it went. `note` is what people outside read."""

    post = models.ForeignKey("publishing.Post", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.TextField(max_length=1000)
    public = models.BooleanField(default=True)  # in the list on the newsroom
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return self.note[:80]


class CorrectionStep(models.Model):
    """What is done on one place. A reply is a row of the ledger, a removal has a row of its own; what stands here is
    asked of a platform until it is done, or of a person where Koor can't."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="steps")
    target = models.ForeignKey("publishing.Target", on_delete=models.CASCADE, related_name="corrected")
    way = models.CharField(max_length=6, choices=Way)
    state = models.CharField(max_length=7, choices=PutRight)
    text = models.TextField(max_length=20_000, blank=True)  # what is said there
    title = models.CharField(
        max_length=160, blank=True, db_default="", default=""
    )  # the right one, where people see another there
    before = models.TextField(max_length=20_000, blank=True)  # what stood there
    reply = models.OneToOneField(
        "publishing.Target", null=True, blank=True, on_delete=models.SET_NULL, related_name="puts_right"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)  # when the platform is asked (again)
    answer = models.CharField(max_length=300, blank=True)  # of the platform: short, no secret
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "target"], name="correction_step_once"),
            models.CheckConstraint(
                condition=Q(way="edit", state="asked", wake_at__isnull=False)
                | (~Q(way="edit", state="asked") & Q(wake_at__isnull=True)),
                name="correction_step_never_stuck",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="correction_step_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["target"], name="correction_step_open", condition=~Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
