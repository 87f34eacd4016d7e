"""Saved queries and views, what they meet, how much there is of it, and when that is more than usual."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from koor.flow.listening.models.heard import Mention

PERSON = settings.AUTH_USER_MODEL


class Query(models.Model):
    """A saved query."""

    name = models.CharField(max_length=80)
    expression = models.TextField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="queries")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    looked_back_at = models.DateTimeField(null=True)  # since when the mentions of the last 30 days are matched too
    removed_at = models.DateTimeField(null=True)  # for 30 days all of it can come back; then what it met is forgotten
    listened = models.BooleanField(default=False, db_default=False)  # whether it did when it was removed

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="query_once", condition=Q(removed_at=None))]

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

    class Meta:
        indexes = [models.Index(fields=["-at"], name="burst_newest")]
