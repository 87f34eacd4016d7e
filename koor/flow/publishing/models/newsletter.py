"""Who asked for the newsletter, and who has which issue: one row a reader, one row a letter."""

from django.db import models
from django.db.models import Q

from koor.flow.publishing.choices import Ended, LetterState, ReaderState


class Reader(models.Model):
    """An address that asked for the newsletter of an account, with the proof of it. Nobody is written to before they
    said yes in a letter of their own."""

    account = models.ForeignKey("channels.Account", on_delete=models.CASCADE, related_name="readers")
    address = models.EmailField(max_length=254)  # in small letters
    state = models.CharField(max_length=8, choices=ReaderState, default=ReaderState.ASKED)
    language = models.CharField(max_length=5, blank=True)
    token = models.CharField(max_length=64, unique=True)  # of the addresses by which they say yes and stop
    proof = models.CharField(max_length=300, blank=True)  # where and how they asked, as told by who brought them in
    asked_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)  # when they were last asked to say yes
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=8, choices=Ended, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="reader_once")]
        indexes = [models.Index(fields=["account", "state", "-asked_at"], name="reader_newest")]

    def __str__(self) -> str:
        return self.address


class Letter(models.Model):
    """One issue for one reader: the ledger by which each gets it once. `unknown` is never sent again."""

    target = models.ForeignKey("publishing.Target", on_delete=models.CASCADE, related_name="letters")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="letters")
    state = models.CharField(max_length=8, choices=LetterState, default=LetterState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)  # of a waiting one
    answer = models.CharField(max_length=200, blank=True)  # what the mail server said last
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "reader"], name="letter_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", wake_at__isnull=False) | (~Q(state="waiting") & Q(wake_at__isnull=True)),
                name="letter_waits_for_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["target", "wake_at"], name="letter_waiting", condition=Q(state="waiting")),
            models.Index(fields=["target"], name="letter_on_hold", condition=Q(state="held")),
        ]
