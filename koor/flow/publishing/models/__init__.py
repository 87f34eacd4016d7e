"""Posts and their rows. One row per post and account carries the state of its delivery (the ledger)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from koor.flow.publishing.choices import (
    FINAL,
    Answer,
    Less,
    RemovalState,
    Stage,
    State,
    Step,
)
from koor.flow.publishing.logic import words
from koor.flow.publishing.models.archive import Archive as Archive
from koor.flow.publishing.models.archive import Said as Said
from koor.flow.publishing.models.archive import SaidMedium as SaidMedium
from koor.flow.publishing.models.archive import Unread as Unread
from koor.flow.publishing.models.by_hand import Effect as Effect
from koor.flow.publishing.models.by_hand import Reminder as Reminder
from koor.flow.publishing.models.correcting import Correction as Correction
from koor.flow.publishing.models.correcting import CorrectionStep as CorrectionStep
from koor.flow.publishing.models.linking import ClickDay as ClickDay
from koor.flow.publishing.models.linking import Manner as Manner
from koor.flow.publishing.models.linking import PostLink as PostLink
from koor.flow.publishing.models.linking import RowLink as RowLink
from koor.flow.publishing.models.linking import TagSet as TagSet
from koor.flow.publishing.models.newsletter import Letter as Letter
from koor.flow.publishing.models.newsletter import Reader as Reader
from koor.flow.publishing.models.read_back import ReadBack as ReadBack
from koor.flow.publishing.models.repeating import Series as Series
from koor.flow.publishing.models.repeating import Turn as Turn

PERSON = settings.AUTH_USER_MODEL


class Post(models.Model):
    """One idea of one colleague. What stands on which account is in its rows."""

    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=160, blank=True)  # for places that have titles; else the first sentence
    text = models.TextField(max_length=20_000)
    language = models.CharField(max_length=5, blank=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    item = models.ForeignKey("hub.Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    slot = models.ForeignKey("calendar.Slot", null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="made_own")
    example = models.OneToOneField(  # kept in the library: how it was, to begin from
        "hub.Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="example_post"
    )
    link = models.URLField(max_length=1000, blank=True)
    buddy = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts_to_read")
    practice = models.BooleanField(default=False)  # nothing of it leaves the house
    in_reply_to = models.CharField(max_length=300, blank=True)  # the platform's id of what it answers
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    with_buddy_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["by", "-made_at"], name="post_by"),
            models.Index(fields=["-changed_at", "-id"], name="post_newest"),
            models.Index(fields=["buddy"], name="post_with_buddy", condition=Q(stage="with_buddy")),
        ]

    def __str__(self) -> str:
        return self.title or words.title_of(self.text)


class PostMedium(models.Model):
    """A picture with a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="media")
    medium = models.ForeignKey("hub.Medium", on_delete=models.PROTECT, related_name="posts")
    order = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=1500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "medium"], name="post_medium_once")]
        ordering = ["order", "id"]


class Target(models.Model):
    """The row: this post on this account. `due_at` follows from day, time and zone, also when zone rules change."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="targets")
    account = models.ForeignKey("channels.Account", on_delete=models.PROTECT, related_name="targets")
    text = models.TextField(max_length=20_000)
    options = models.JSONField(default=dict, blank=True)  # such as visibility, content_warning
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)
    because = models.CharField(max_length=12, blank=True)  # why it is as it is; the words of logic/delivery.py
    note = models.CharField(max_length=300, blank=True)  # what was said about it: a message id with `note_values`
    note_values = models.JSONField(default=dict, blank=True)
    agreed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # may publish there
    agreed_at = models.DateTimeField(null=True)
    through = models.BooleanField(default=False)  # goes though its account is paused: a person said so

    # When. Day and time are what a person chose; empty means: at once when it is released.
    due_day = models.DateField(null=True)
    due_time = models.TimeField(null=True)
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    due_at = models.DateTimeField(null=True)  # empty: not released or not agreed yet
    wake_at = models.DateTimeField(null=True)  # when the house looks at this row again

    # The ledger
    revision = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=80, blank=True)  # of row and revision; stable over retries
    epoch = models.PositiveIntegerField(default=0)  # rises with every claim and every look
    attempts_made = models.PositiveIntegerField(default=0)  # claims to send
    shown_as = models.JSONField(default=dict, blank=True)  # how its pictures were cut when it went: `hub.frame_of`
    handle = models.JSONField(default=dict, blank=True)  # what preparing gave, kept as long as the key
    prepared_at = models.DateTimeField(null=True)
    first_sent_at = models.DateTimeField(null=True)  # of the first attempt with the present key
    last_sent_at = models.DateTimeField(null=True)
    steady = models.JSONField(default=dict, blank=True)  # then, or at its first look: the steady clock of each machine
    looks = models.PositiveSmallIntegerField(default=0)  # since the last attempt

    # What came of it
    remote_id = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # who said it is up
    removed_at = models.DateTimeField(null=True)  # taken away again, by us or there
    slug = models.SlugField(max_length=120, blank=True)  # its page in the newsroom

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], name="target_once"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="target_key_once"),
            models.UniqueConstraint(
                fields=["account", "remote_id"], condition=~Q(remote_id=""), name="target_remote_once"
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="target_slug_once"),
            # Nothing is ever stuck: final, or on a person's list, or not due yet, or with a wake-up
            models.CheckConstraint(
                condition=Q(state__in=[*FINAL, State.NEEDS_PERSON], wake_at__isnull=True)
                | (~Q(state__in=[*FINAL, State.NEEDS_PERSON]) & Q(wake_at__isnull=False))
                | Q(state=State.SCHEDULED, due_at__isnull=True, wake_at__isnull=True),
                name="target_never_stuck",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False), name="target_published_has_moment"
            ),
            # No network call without a key; what may be up says since when
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENDING, State.UNKNOWN, State.RECONCILING])
                | (~Q(key="") & Q(last_sent_at__isnull=False)),
                name="target_sent_has_key",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="target_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["account", "-published_at"], name="target_account"),
            models.Index(fields=["state", "due_at"], name="target_state"),
            models.Index(fields=["-published_at", "-id"], name="target_newest"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Attempt(models.Model):
    """One network step of a row: committed before the first byte leaves."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=5, choices=Step, default=Step.SEND)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # the step that makes the post public began
    ended_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)  # done, definitely_not, unknown · seen, not_seen, cannot_know
    because = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=300, blank=True)  # short, no secret

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "number"], name="attempt_number_once")]
        ordering = ["number"]


class Removal(models.Model):
    """What is up has to go: asked of the platform until it is gone, or of a person where Koor can't."""

    target = models.OneToOneField(Target, on_delete=models.CASCADE, related_name="removal")
    because = models.CharField(max_length=12)  # consent: somebody in it no longer agrees · asked · withdrawn
    state = models.CharField(max_length=8, choices=RemovalState, default=RemovalState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)  # when the platform is asked (again)
    answer = models.CharField(max_length=300, blank=True)  # of the platform: short, no secret
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RemovalState.ASKED, wake_at__isnull=False)
                | (~Q(state=RemovalState.ASKED) & Q(wake_at__isnull=True)),
                name="removal_never_stuck",
            )
        ]
        indexes = [
            models.Index(fields=["wake_at"], name="removal_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["asked_at"], name="removal_open", condition=~Q(state=RemovalState.DONE)),
        ]


class Pace(models.Model):
    """A platform asked one of our accounts to wait; nothing is sent on it before."""

    account = models.OneToOneField("channels.Account", on_delete=models.CASCADE, related_name="pace")
    until = models.DateTimeField()


class Pause(models.Model):
    """What is to go on an account is held, until a person lets it go row by row. Answers and what is said on purpose go
    all the same."""

    account = models.ForeignKey("channels.Account", on_delete=models.CASCADE, related_name="pauses")
    why = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    too_fast = models.BooleanField(default=False)  # held by the house itself: far more than usual went there

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True), name="pause_once")
        ]


class BothFine(models.Model):
    """Somebody saw that two posts say almost the same, and said why both may be seen. The older comes first."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "other"], name="both_fine_once"),
            models.CheckConstraint(condition=Q(post__lt=F("other")), name="both_fine_in_order"),
        ]


class Passed(models.Model):
    """A colleague's post was offered to make one's own, and kindly passed on; it is not offered again."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="passed_by")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="passed_once")]


class Sharing(models.Model):
    """A post that is up, or something from the library, that colleagues may make their own."""

    post = models.OneToOneField(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="sharing")
    item = models.ForeignKey("hub.Item", null=True, blank=True, on_delete=models.CASCADE, related_name="sharings")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # none: of itself
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(post__isnull=True) ^ Q(item__isnull=True), name="sharing_of_one_thing"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(item__isnull=False, ended_at__isnull=True), name="sharing_item_once"
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="sharing_newest")]

    def __str__(self) -> str:
        return str(self.post or self.item)


class Offer(models.Model):
    """Shared work, offered to one colleague, with a text to begin with. Their answer is seen by nobody else, but for
    what they publish."""

    sharing = models.ForeignKey(Sharing, on_delete=models.CASCADE, related_name="offers")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="offers")
    text = models.TextField(max_length=5000, blank=True)
    made_of = models.JSONField(default=list, blank=True)  # of which own words the text was made
    reasons = models.JSONField(default=list, blank=True)  # why to this colleague; the codes of logic/suits.py
    at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)
    own = models.OneToOneField(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="offer")
    url = models.URLField(max_length=1000, blank=True)  # where it stands, when it was posted by hand

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sharing", "person"], name="offer_once")]
        indexes = [
            models.Index(fields=["person", "-at"], name="offer_of"),
            models.Index(fields=["person"], name="offer_open", condition=Q(answer=Answer.OPEN)),
        ]


class LessOf(models.Model):
    """Of what a colleague would rather be offered less. Theirs alone: read by them and by the choosing."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="less_of")
    kind = models.CharField(max_length=10, choices=Less)
    key = models.CharField(max_length=60, blank=True)  # a tag, or the number of what it is
    label = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="less_of_once")]


class Comment(models.Model):
    """What a buddy or the maker says about a draft."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
