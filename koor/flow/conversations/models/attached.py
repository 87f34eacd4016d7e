"""What somebody put with their words in the contact form."""

from django.db import models

from koor.flow.conversations.models.talk import Message
from koor.flow.listening.models import Brought


class Attached(Brought):
    """A photo or a document; shown as what comes with a letter is."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attached")

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["message", "order"], name="attached_once")]
