"""After the project: the moments at which who did the work is in touch again, each with a good reason."""

from django.conf import settings
from django.db import models

from koor.flow.relations.choices import Reason, RevisitState


class Revisit(models.Model):
    """What was done with one of the moments after a project: somebody was in touch, or it was passed over."""

    project = models.ForeignKey("contacts.Project", on_delete=models.CASCADE, related_name="revisits")
    contact = models.ForeignKey("contacts.Contact", on_delete=models.CASCADE, related_name="revisits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    moment = models.CharField(max_length=8)  # of `logic.after.MOMENTS`
    state = models.CharField(max_length=6, choices=RevisitState)
    reason = models.CharField(max_length=8, choices=Reason, blank=True)
    about = models.CharField(max_length=40, blank=True)  # what was shown, so that it is not shown twice: "post:12"
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "moment"], name="revisit_once")]
        indexes = [models.Index(fields=["contact", "-at"], name="revisit_contact")]

    def __str__(self) -> str:
        return str(self.project)
