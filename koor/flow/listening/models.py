"""Sources, what came from them raw, mentions, and the saved queries that they meet."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.listening.choices import EventState, Form, Label, Promise, Question, SourceKind
from koor.ground.channels.choices import AccountState
from koor.kernel import clock, files
from koor.kernel.sql import folded_vector

PERSON = settings.AUTH_USER_MODEL
NEWEST = (F("said_at").desc(), F("id").desc())
THEIRS = Q(ours=False)
OVERDUE = timedelta(minutes=15)  # a visit; each minute those that are due are visited
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

    name = models.CharField(max_length=120, unique=True)
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
    gap_at = models.DateTimeField(null=True)  # when we last saw that something may have been missed before it
    last_problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    line_since = models.DateTimeField(null=True)  # when the line that stays open was opened; null: none is
    line_at = models.DateTimeField(null=True)  # when it was seen open last
    line_lag = models.PositiveIntegerField(null=True)  # seconds that it was behind then
    line_problem = models.CharField(max_length=300, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.name

    @property
    def silent(self) -> str:
        """Why nothing is heard here, as kept or as a message id; empty when all is well, or somebody paused it."""
        if not self.active or self.last_problem:
            return self.last_problem if self.active else ""
        if self.account is not None and self.account.state in _RESTS:
            return _RESTS[AccountState(self.account.state)]
        late = self.kind != SourceKind.FILE and self.next_at is not None and self.next_at < clock.now() - OVERDUE
        return _NOBODY_CAME if late else ""


class Away(models.Model):
    """A time in which a source was not listened to, and what was fetched of it afterwards."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField()
    whole = models.BooleanField(null=True)  # all that was said meanwhile was fetched; null: that is under way
    mentions = models.PositiveIntegerField(default=0)  # that came in by it


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


class Enclosure(models.Model):
    """A file that came with what somebody said. The upload is gone once it was looked at; only what is clean stays."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="enclosures")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes, as it came
    kind = models.CharField(max_length=10, blank=True)  # photo, film, voice; empty for what is not opened
    upload = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")  # clean
    width = models.PositiveIntegerField(null=True)  # pixels
    height = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)  # why it is not shown; a message id

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["mention", "order"], name="enclosure_once")]

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


class Query(models.Model):
    """A saved query."""

    name = models.CharField(max_length=80, unique=True)
    expression = models.TextField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="queries")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    looked_back_at = models.DateTimeField(null=True)  # since when the mentions of the last 30 days are matched too

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class View(models.Model):
    """The stream with filters that somebody comes back to; with nobody's name it is there for everybody who listens."""

    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=1000)  # what stands behind the question mark of its address
    by = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="listening_views")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("by", Lower("name"), name="view_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return self.name


class Match(models.Model):
    """A query met a mention."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="matches", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="matches")
    said_at = models.DateTimeField()  # as the mention has it: a query's page is read in this order

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "mention"], name="match_once")]
        indexes = [models.Index("query", F("said_at").desc(), F("mention").desc(), name="match_newest")]


class Fingerprint(models.Model):
    """What a mention says, as numbers by which those that say the same are found. Of firsts alone, for some days."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint")
    exact = models.BigIntegerField(db_index=True)
    bands = ArrayField(models.BigIntegerField())
    said_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="fingerprint_bands")]


class Correction(models.Model):
    """What a person says that a mention is: the log that the learner learns from, in the order of its numbers.

    It goes when the mention goes, or when the mark is taken away; then the learner has never known it."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="correction")
    label = models.CharField(max_length=6, choices=Label)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()


class Lesson(models.Model):
    """What a person says to a question about any text: the log of that question, in the order of its numbers.

    `source` tells which text it was, such as `conversations.conversation:12`. Said again it counts anew; by it an entry
    is taken out, and then the learner has never known it."""

    question = models.CharField(max_length=12, choices=Question)
    label = models.CharField(max_length=80)
    text = models.TextField(max_length=4_000)
    source = models.CharField(max_length=120)
    mention = models.ForeignKey(Mention, null=True, on_delete=models.CASCADE, related_name="lessons")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "question"], name="lesson_once")]
        indexes = [models.Index(fields=["question", "id"], name="lesson_log")]


class Wording(models.Model):
    """The organisation's own words for an answer; they stand in the place of those that Koor brings."""

    question = models.CharField(max_length=12, choices=Question)
    label = models.CharField(max_length=80)
    words = models.TextField(max_length=4_000, blank=True)  # a word or phrase a line

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "label"], name="wording_once")]


class Proposal(models.Model):
    """What the learner thinks that a mention is, with why."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="proposal")
    label = models.CharField(max_length=6, choices=Label)
    sure = models.FloatField()
    reasons = models.JSONField(default=list)  # at most five words
    alike = models.JSONField(default=list)  # ids of at most three mentions that a person marked
    made_at = models.DateTimeField()

    @property
    def percent(self) -> int:
        return min(int(self.sure * 100), 99)


class Count(models.Model):
    """How many mentions there are of something, in parts of five minutes (UTC). The database adds a row in every
    transaction that stores, matches or marks (`migrations/0010_counts.py`), also where nobody thinks of it; rows of the
    same part are put together now and then, so that readers always sum: `queries.counting`. What is ours is not
    counted, nor what was said to a colleague alone."""

    kind = models.CharField(max_length=6)  # of choices.Counted
    key = models.CharField(max_length=80, blank=True)  # the label, the topic, the number of the query or of the source
    at = models.DateTimeField()  # when the part begins
    number = models.IntegerField()
    folded = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "at"], include=["number"], name="count_found"),
            models.Index(fields=["at", "kind"], include=["key", "number"], name="count_newest"),
            models.Index(fields=["id"], name="count_loose", condition=Q(folded=False)),
        ]


class About(models.Model):
    """What a mention is about, as its words tell or as a person said. Empty: no topic fits, or with who said so, none
    is needed. The database counts it (`migrations/0017_about.py`)."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="about")
    topic = models.CharField(max_length=80, blank=True)
    said_at = models.DateTimeField()  # as of the mention
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["topic", "-said_at"], name="about_newest")]


class Burst(models.Model):
    """There was so much more of something than usual that a person should look; and what that person made of it."""

    kind = models.CharField(max_length=6)  # of choices.Counted, with its key
    key = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()  # when the first of them was said
    at = models.DateTimeField()  # when it was told last
    posts = models.PositiveIntegerField()  # how many by how many, when it was told
    people = models.PositiveIntegerField()
    usual = models.FloatField()  # what hardly any hour reached in the fourteen days before
    top = models.PositiveIntegerField()  # the most in an hour since
    waved = models.PositiveIntegerField(null=True)  # what `top` was when a person waved it away
    ended_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=9, blank=True)  # of choices.BurstAnswer
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="burst_newest")]


class Learning(models.Model):
    """How far the learner may go; one row."""

    promise = models.PositiveSmallIntegerField(choices=Promise, default=Promise.NINETY_FIVE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_learning")]
