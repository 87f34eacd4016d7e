"""Who has a conversation open now, so that nobody answers past a colleague. Kept for seconds, never looked back on."""

from django.conf import settings
from django.db import models


class Looking(models.Model):
    """A colleague has a conversation open. The table is unlogged: after a crash it is empty, and that is right."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="looking")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True)  # when they last pressed a key in the answer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="looking_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.conversation_id}"


class Mentioned(models.Model):
    """A colleague was named in a note: they may read the conversation, and are asked until they have seen it."""

    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="mentioned")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mentioned_once")]
        indexes = [models.Index(fields=["person"], condition=models.Q(seen_at=None), name="mentioned_unseen")]
