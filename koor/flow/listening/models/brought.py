"""A file from outside: with what somebody said, or with what they wrote in a form of ours."""

from django.db import models
from django.utils.translation import gettext as _

from koor.kernel import files


class Brought(models.Model):
    """The upload is gone once it was looked at; only what is clean stays."""

    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes, as it came
    kind = models.CharField(max_length=10, blank=True)  # photo, film, voice, document; empty for what is not opened
    upload = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")  # clean
    width = models.PositiveIntegerField(null=True)  # pixels
    height = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)  # why it is not shown; a message id

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where it can be seen; empty while it can't."""
        return files.url_of(self.file) if self.file else ""

    @property
    def why(self) -> str:
        """Why it is not shown."""
        return str(_(self.problem)) if self.problem else ""
