"""Posts and their rows. One row per post and account carries the state of its delivery (the ledger)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.publishing.choices import FINAL, Stage, State, Step

PERSON = settings.AUTH_USER_MODEL


class Post(models.Model):
    """One idea of one colleague. What stands on which account is in its rows."""

    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="posts")
    text = models.TextField(max_length=20_000)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    item = models.ForeignKey("hub.Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    slot = models.ForeignKey("calendar.Slot", null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    link = models.URLField(max_length=1000, blank=True)
    buddy = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts_to_read")
    practice = models.BooleanField(default=False)  # nothing of it leaves the house
    in_reply_to = models.CharField(max_length=300, blank=True)  # the platform's id of what it answers
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["by", "-made_at"], name="post_by")]

    def __str__(self) -> str:
        return self.text[:60]


class PostMedium(models.Model):
    """A picture with a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="media")
    medium = models.ForeignKey("hub.Medium", on_delete=models.PROTECT, related_name="posts")
    order = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=1500, blank=True)

    class Meta:
        ordering = ["order", "id"]


class Target(models.Model):
    """The row: this post on this account. `due_at` is recomputed from the wall time when zone rules change."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="targets")
    account = models.ForeignKey("channels.Account", on_delete=models.PROTECT, related_name="targets")
    text = models.TextField(max_length=20_000)
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)
    options = models.JSONField(default=dict, blank=True)
    due_local = models.DateTimeField(null=True)  # wall time, kept as if UTC; see `zone`
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    due_at = models.DateTimeField(null=True)  # empty: not planned yet (draft)
    wake_at = models.DateTimeField(null=True)  # when the house looks at this row again
    revision = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=80, blank=True)  # from row and revision; stable over retries
    epoch = models.PositiveIntegerField(default=0)  # rises with every claim
    attempts_made = models.PositiveIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True)  # of the first attempt with the present key
    looks = models.PositiveSmallIntegerField(default=0)
    remote_id = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    note = models.CharField(max_length=300, blank=True)  # why it is as it is, for a person
    published_at = models.DateTimeField(null=True)
    slug = models.SlugField(max_length=120, blank=True)  # its page in the newsroom

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], name="target_once"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="target_key_once"),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="target_slug_once"),
            # Nothing is ever stuck: final, or on a person's list, or not due yet, or with a wake-up
            models.CheckConstraint(
                condition=Q(state__in=[*FINAL, State.NEEDS_PERSON])
                | Q(wake_at__isnull=False)
                | Q(state=State.SCHEDULED, due_at__isnull=True),
                name="target_never_stuck",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="target_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["account", "-published_at"], name="target_account"),
            models.Index(fields=["state", "due_at"], name="target_state"),
        ]


class Attempt(models.Model):
    """One network step of a row: committed before the first byte leaves."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=5, choices=Step, default=Step.SEND)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)  # done, definitely_not, unknown · seen, not_seen, cannot_know
    answer = models.CharField(max_length=300, blank=True)  # short, no secret

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "number"], name="attempt_number_once")]
        ordering = ["number"]


class Comment(models.Model):
    """What a buddy or the maker says about a draft."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
