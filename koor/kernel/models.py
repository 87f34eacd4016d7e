"""Tables of the kernel: what happened (audit), what was told (facts), what was asked once, mail, files."""

from django.db import models
from django.db.models import F, Q


class AuditEntry(models.Model):
    """One thing that somebody did. Written in the transaction of the deed; never changed."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)  # empty: Koor itself
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)  # "publishing.approve_post"
    target_kind = models.CharField(max_length=80, blank=True)
    target_id = models.BigIntegerField(null=True)
    target_name = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    via = models.CharField(max_length=10, default="")  # web, api, cli, job

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-at"], name="audit_target"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor"),
            models.Index(fields=["verb", "-at"], name="audit_verb"),
        ]


class ToldFact(models.Model):
    """A fact on its way up: written with the deed, heard by each receiver exactly once."""

    kind = models.CharField(max_length=120)
    data = models.JSONField()
    told_at = models.DateTimeField()


class Heard(models.Model):
    """A receiver has dealt with a fact; committed together with what it did."""

    fact = models.ForeignKey(ToldFact, on_delete=models.CASCADE, related_name="heard")
    receiver = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "receiver"], name="heard_once")]


class Once(models.Model):
    """A key that a person, a phone or a program chose, and what came of it the first time."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    content = models.CharField(max_length=64)  # digest of what was asked
    result = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="once_kind_key")]


class StoredFile(models.Model):
    """A file of the house. The handle in its address can't be guessed; the bytes lie under their digest."""

    handle = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64, db_index=True)  # SHA-256, hex
    path = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes
    name = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=False)  # readable without sign-in, such as in the newsroom
    at = models.DateTimeField()


class Upload(models.Model):
    """A file that comes in pieces. How far it is, is the length of the file in `uploads`; the row says whose it is."""

    handle = models.CharField(max_length=40, unique=True)
    owner_id = models.BigIntegerField()
    key = models.CharField(max_length=200)  # chosen by the sender, so that it is begun once
    size = models.BigIntegerField()  # bytes, when it is complete
    name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)  # the latest piece

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "key"], name="upload_once")]


class Mail(models.Model):
    """A letter that waits, went, or could not go; seen by the administrator."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    to = models.EmailField()
    reply_to = models.EmailField(blank=True)  # empty: the house's own address
    off = models.URLField(max_length=500, blank=True)  # where who gets it stops such letters, with one tap
    subject = models.CharField(max_length=200)
    text = models.TextField()
    kind = models.CharField(max_length=40)  # "invitation", "sign-in"
    way_in = models.BooleanField(default=False, db_default=False)  # holds an address that lets in: kept until it went
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="mail_sent_has_moment")
        ]
        ordering = [F("made_at").desc()]


class Tombstone(models.Model):
    """Somebody was erased: a keyed digest of one of their addresses or rows, so that nothing brings them back. Nobody
    can tell from it who that was."""

    digest = models.CharField(max_length=64, unique=True)
    erasure = models.UUIDField(db_index=True)
    at = models.DateTimeField()


class DayKey(models.Model):
    """The key by which network addresses are counted today, and with it gone tomorrow."""

    day = models.DateField(unique=True)
    key = models.BinaryField()


class Knock(models.Model):
    """Somebody knocked at a door that is open to anybody: a digest that nobody can read back, gone with the day."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()


class Beat(models.Model):
    """The latest sign of life of a part of the house, such as the worker."""

    part = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)


class PushKey(models.Model):
    """The key by which push services know this house; one row, made once. Lost: every device says yes anew."""

    sealed = models.BinaryField()  # the private number
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_push_key")]


class PushWish(models.Model):
    """When a colleague wants no messages on their devices."""

    owner_id = models.BigIntegerField(unique=True)
    quiet_from = models.TimeField(null=True)  # both empty: never quiet
    quiet_until = models.TimeField(null=True)
    zone = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="push_quiet_whole",
            )
        ]


class PushDevice(models.Model):
    """A device on which a colleague asked for messages. Personal: the push service of its browser knows where it is
    reached. Deleted when the colleague takes it away or leaves, and when the service says that it is gone."""

    owner_id = models.BigIntegerField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)  # of the endpoint
    endpoint = models.CharField(max_length=1000)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    name = models.CharField(max_length=80)  # "Firefox, Android"
    made_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)  # of the latest try

    class Meta:
        ordering = ["made_at", "pk"]


class Push(models.Model):
    """A short message on its way to one device. Personal; deleted after two days."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"  # too late, or more than a few a day

    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=100)  # of what it tells, so that it is told once
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_index=True)
    next_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()  # after that nobody wants to hear it
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="push_once")]
        indexes = [models.Index(fields=["next_at"], name="push_waits", condition=Q(state="waiting"))]
