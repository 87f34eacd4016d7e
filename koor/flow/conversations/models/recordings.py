"""What a colleague said to their phone about a call or a visit."""

from django.db import models
from django.utils.translation import gettext as _

from koor.flow.conversations.models.talk import Message
from koor.kernel import files


class Recording(models.Model):
    """A voice note with a moment that was noted. The upload is gone once it was made clean; only that is played."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="recording")
    upload = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.CharField(max_length=200, blank=True)  # why it can't be played; a message id

    @property
    def address(self) -> str:
        """Where it plays; empty while it can't."""
        return files.url_of(self.file) if self.file else ""

    @property
    def why(self) -> str:
        return _(self.problem) if self.problem else ""
