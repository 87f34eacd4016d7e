"""A fire: what burns, what we know, who speaks, what the house says, who asked, and a log that nobody alters."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from koor.flow.conversations.choices import FactKind, Gathered, SayKind

PERSON = settings.AUTH_USER_MODEL


class Fire(models.Model):
    """Something that burns, or an exercise (`practice`), from the alarm until what was learnt."""

    title = models.CharField(max_length=160)
    practice = models.BooleanField(default=False)
    scenario = models.CharField(max_length=40, blank=True)  # of an exercise
    language = models.CharField(max_length=5, blank=True)
    alarm_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    conversation = models.ForeignKey(  # of which it was opened
        "conversations.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    mention = models.ForeignKey(
        "listening.Mention", null=True, on_delete=models.SET_NULL, related_name="+"
    )  # or of this
    speaker = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="fires")
    words = models.CharField(max_length=200, blank=True)  # what gathers conversations; a comma means "or"
    query = models.ForeignKey("listening.Query", null=True, on_delete=models.SET_NULL, related_name="+")
    posts_at = models.DateTimeField(null=True)  # somebody looked at what was planned
    paused_as = models.CharField(max_length=200, blank=True)  # the reason with which accounts were paused
    say = models.TextField(max_length=1000, blank=True)  # what colleagues say
    point = models.CharField(max_length=300, blank=True)  # where they point to
    told = models.PositiveSmallIntegerField(default=0)  # how often colleagues were told
    told_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)  # an exercise ends by itself
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    cause = models.TextField(max_length=2000, blank=True)
    done = models.TextField(max_length=2000, blank=True)
    learnt = models.TextField(max_length=2000, blank=True)
    thanks = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(practice=True) | Q(ends_at__isnull=True), name="fire_ends_by_hand"),
            models.CheckConstraint(condition=Q(told=0) | Q(told_at__isnull=False), name="fire_told_has_moment"),
        ]
        indexes = [models.Index(fields=["opened_at"], name="fire_burning", condition=Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return self.title

    @property
    def burns(self) -> bool:
        return self.ended_at is None


class FireFact(models.Model):
    """What we know, with its source and time; or what we do not know yet."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=7, choices=FactKind, default=FactKind.KNOWN)
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    at = models.DateTimeField()  # when it happened, or when it was asked
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    conversation = models.ForeignKey(  # whose words these are
        "conversations.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    mention = models.ForeignKey("listening.Mention", null=True, on_delete=models.SET_NULL, related_name="+")
    gone_at = models.DateTimeField(null=True)  # it was not so; or we know it by now

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind="unknown") | ~Q(source=""), name="fact_has_source"),
        ]

    def __str__(self) -> str:
        return self.text


class FireTask(models.Model):
    """Something to do, by somebody."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(max_length=200)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="fire_tasks")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Statement(models.Model):
    """What the house says in the open. Other words are another row; what was signed never changes."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=10, choices=SayKind, default=SayKind.HOLDING)
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(max_length=5000)
    short = models.CharField(max_length=500, blank=True)  # for places that take few words
    accounts = ArrayField(models.BigIntegerField(), default=list, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField(null=True)
    alone = models.CharField(max_length=200, blank=True)  # why the writer signed
    post = models.OneToOneField(
        "publishing.Post", null=True, on_delete=models.SET_NULL, related_name="statement_of_fire"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fire"], condition=Q(signed_at__isnull=True, replaced_at__isnull=True), name="statement_in_hand"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]


class FireAnswer(models.Model):
    """What many ask, and what we answer; each colleague says it in their own words."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=200)
    answer = models.TextField(max_length=1500)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.question


class FireTie(models.Model):
    """A conversation that is about this fire; left out by hand it is not gathered again."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="ties")
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="fire_ties")
    how = models.CharField(max_length=6, choices=Gathered)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    answer = models.OneToOneField(
        "conversations.Message", null=True, on_delete=models.SET_NULL, related_name="fire_tie"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["fire", "conversation"], name="fire_tie_once")]


class FireHeard(models.Model):
    """A colleague was told; kept so that nobody is told twice."""

    fire = models.ForeignKey(Fire, on_delete=models.CASCADE, related_name="heard")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()  # of the notice
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fire", "person", "number"], name="fire_heard_once")]


class FireLine(models.Model):
    """One line of the log. The database refuses every change and every removal; each line seals the one before it.

    Its words can be blanked when somebody's data must be erased: the line, its moment and its seal stay, so that the
    chain still holds and everybody sees that something stood there."""

    fire = models.ForeignKey(Fire, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    who = models.BigIntegerField(null=True)  # the number of a colleague; no key, for that would be changed when they go
    name = models.CharField(max_length=120)
    verb = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    words = models.CharField(max_length=64)  # digest of salt and text
    before = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["fire", "number"], name="fire_line_once")]


class HoldingText(models.Model):
    """A text to begin a statement with, as this house changed it, or one of its own."""

    key = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    text = models.TextField(max_length=5000)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="holding_text_once")]

    def __str__(self) -> str:
        return self.name
