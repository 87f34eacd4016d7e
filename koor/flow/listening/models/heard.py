"""Sources, what came from them raw, and mentions."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext_noop

from koor.flow.listening.choices import EventState, Form, Label, SourceKind
from koor.flow.listening.models.brought import Brought
from koor.ground.channels.choices import AccountState
from koor.kernel import clock
from koor.kernel.sql import folded_vector

PERSON = settings.AUTH_USER_MODEL
NEWEST = (F("said_at").desc(), F("id").desc())
THEIRS = Q(ours=False)
OVERDUE = timedelta(minutes=15)  # a visit; each minute those that are due are visited
WELL: dict[str, Any] = {"last_problem": "", "failures": 0, "failing_since": None, "gone": False}  # of a source
HOPELESS = timedelta(days=60)  # of failing without end
_RESTS = {
    AccountState.PAUSED: gettext_noop("Its account is paused: nothing is heard through it."),
    AccountState.DISCONNECTED: gettext_noop("Its account is disconnected: nothing is heard through it."),
}
_NOBODY_CAME = gettext_noop("Nobody came by, though it was time: the worker does not run, or can't keep up.")


def who_said(way: str = "") -> Lower:
    """By what one tells who said it: the handle, else the name."""
    return Lower(Coalesce(NullIf(f"{way}handle", Value("")), f"{way}author"))


def for_one(way: str = "") -> Q:
    """Said to a colleague alone, on an account of their own: sorted and counted nowhere."""
    return Q(**{f"{way}kind": "direct", f"{way}source__account__personal": True})


class Source(models.Model):
    """Where we listen."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SourceKind)
    account = models.ForeignKey(
        "channels.Account", null=True, blank=True, on_delete=models.CASCADE, related_name="sources"
    )
    settings = models.JSONField(default=dict, blank=True)  # what the connector's kind of source asks: `kind`, `url`
    cursor = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    tried_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)  # the last that a platform sent by itself and that was taken
    gap_at = models.DateTimeField(null=True)  # when we last saw that something may have been missed before it
    last_problem = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)  # the first failure of those in a row
    gone = models.BooleanField(default=False, db_default=False)  # it said itself that nothing will come here again
    failures = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    line_since = models.DateTimeField(null=True)  # when the line that stays open was opened; null: none is
    line_at = models.DateTimeField(null=True)  # when it was seen open last
    line_lag = models.PositiveIntegerField(null=True)  # seconds that it was behind then
    line_problem = models.CharField(max_length=300, blank=True, default="", db_default="")
    removed_at = models.DateTimeField(null=True)
    listened = models.BooleanField(default=False, db_default=False)  # whether it did when it was removed
    takes_along = models.BooleanField(default=False, db_default=False)  # what was heard goes too, a day after

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="source_once", condition=Q(removed_at=None))]

    def __str__(self) -> str:
        return self.name

    @property
    def hopeless(self) -> bool:
        """Whether a person should stop it: it says that it is gone, or has failed for months."""
        long = self.failing_since is not None and self.failing_since < clock.now() - HOPELESS
        return self.active and (self.gone or long)

    @property
    def silent(self) -> str:
        """Why nothing is heard here, as kept or as a message id; empty when all is well, or somebody paused it."""
        if not self.active or self.last_problem:
            return self.last_problem if self.active else ""
        if self.account is not None and self.account.state in _RESTS:
            return _RESTS[AccountState(self.account.state)]
        late = self.kind != SourceKind.FILE and self.next_at is not None and self.next_at < clock.now() - OVERDUE
        return _NOBODY_CAME if late else ""


class Import(models.Model):
    """A large file that the worker brings in. The file goes as soon as that is done."""

    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="+")
    source_name = models.CharField(max_length=120)
    platform = models.CharField(max_length=40, blank=True)
    form = models.CharField(max_length=5, choices=Form)
    name = models.CharField(max_length=200, blank=True)  # of the file
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    read = models.PositiveIntegerField(default=0)  # entries so far
    tally = models.JSONField(default=dict)  # what became of them, once it is done
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)  # in the language of whoever brought it


class Away(models.Model):
    """A time in which a source was not listened to, and what was fetched of it afterwards."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField()
    whole = models.BooleanField(null=True)  # all that was said meanwhile was fetched; null: that is under way
    mentions = models.PositiveIntegerField(default=0)  # that came in by it


class RefusedDelivery(models.Model):
    """What was sent to us and not taken, counted by why: whoever looks after the sender finds it out here."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="refused", db_index=False)
    reason = models.CharField(max_length=200)  # a message id
    asked = models.BooleanField(default=False, db_default=False)  # whether this is our address; nothing was sent
    number = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "reason"], name="refused_once")]


class RawEvent(models.Model):
    """What came in, stored before it is read."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="events", db_index=False)
    external_id = models.CharField(max_length=300)
    body = models.TextField()
    form = models.CharField(max_length=5, choices=Form, default=Form.JSONL)  # how `body` is written
    state = models.CharField(max_length=12, choices=EventState, default=EventState.STORED)
    reason = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # to read what a platform sent

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="event_once")]
        indexes = [
            models.Index(fields=["-received_at"], name="event_quarantine", condition=Q(state="quarantined")),
            models.Index(fields=["source", "id"], name="event_waits", condition=Q(state="stored")),
        ]


class Mention(models.Model):
    """Something that somebody outside said. Each index serves a filter of the stream, newest first."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    event = models.OneToOneField(RawEvent, null=True, on_delete=models.SET_NULL, related_name="mention")
    external_id = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, default="mention")  # mention, reply, direct, hashtag, article
    author = models.CharField(max_length=200)
    handle = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    url = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=10, blank=True)
    in_reply_to = models.CharField(max_length=300, blank=True)
    said_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    ours = models.BooleanField(default=False)  # said by one of our own accounts
    media = models.CharField(max_length=40, blank=True, default="", db_default="")  # kinds, such as "film photo"
    copy_of = models.ForeignKey(  # the first that said the same
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies", db_index=False
    )
    edited_at = models.DateTimeField(null=True)  # when its writer changed it last
    label = models.CharField(max_length=6, choices=Label, default=Label.NONE, blank=True)
    labelled_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    labelled_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=folded_vector("author", "text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="mention_once")]
        indexes = [
            GinIndex(fields=["search"], name="mention_search"),
            models.Index(F("said_at").desc(), F("id").desc(), name="mention_newest"),
            models.Index("label", F("said_at").desc(), F("id").desc(), name="mention_label", condition=Q(ours=False)),
            models.Index("source", *NEWEST, name="mention_source", condition=THEIRS),
            models.Index("language", *NEWEST, name="mention_language", condition=THEIRS & ~Q(language="")),
            models.Index(Lower("handle"), *NEWEST, name="mention_handle", condition=THEIRS & ~Q(handle="")),
            models.Index(Lower("author"), *NEWEST, name="mention_name", condition=THEIRS),
            models.Index(*NEWEST, name="mention_ours", condition=Q(ours=True)),
            models.Index(fields=["labelled_by"], name="mention_labelled_by", condition=Q(labelled_by__isnull=False)),
            models.Index(fields=["stored_at"], name="mention_stored"),
            models.Index(fields=["copy_of"], name="mention_copies", condition=Q(copy_of__isnull=False)),
        ]

    outside = True  # drawn with a square face

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def name(self) -> str:
        """Whose face it is: the name, else the handle."""
        return self.author or self.handle

    @property
    def whom(self) -> str:
        """Who said it, as `who_said` tells it to the database."""
        return (self.handle or self.author).lower()


class Change(models.Model):
    """What became of something that was said: other words, or taken back. It stays when what it is about is gone, so
    that a copy that comes later changes nothing."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="changes")
    external_id = models.CharField(max_length=300)  # of what was said
    event = models.CharField(max_length=300)  # of the change itself
    author = models.CharField(max_length=200, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)  # while what was said did not come in yet
    deleted = models.BooleanField(default=False)
    at = models.DateTimeField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="change_once")]


class Enclosure(Brought):
    """A file that came with what somebody said."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="enclosures")

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["mention", "order"], name="enclosure_once")]
