"""Ideas on the board, wishes from outside, occasions, and good examples of the week."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from koor.flow.hub.choices import IdeaState

PERSON = settings.AUTH_USER_MODEL


class Idea(models.Model):
    """An idea of a colleague on the board. Its words are the item that stands in the library."""

    item = models.OneToOneField("hub.Item", on_delete=models.CASCADE, related_name="idea")
    state = models.CharField(max_length=8, choices=IdeaState, default=IdeaState.NEW)
    reason = models.CharField(max_length=300, blank=True)  # a kind word to who came up with it
    moved_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    moved_at = models.DateTimeField()  # since when it stands there

    class Meta:
        indexes = [models.Index(fields=["state", "-moved_at", "-id"], name="idea_on_board")]

    def __str__(self) -> str:
        return str(self.item)


class IdeaToo(models.Model):
    """Somebody else would like it too. Not a vote: nothing is ordered by it."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="too")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="idea_too_once")]


class Wish(models.Model):
    """What people outside would like to see or know, in one sentence that names nobody."""

    sentence = models.CharField(max_length=300)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    items: "models.ManyToManyField[Any, Any]" = models.ManyToManyField("hub.Item", related_name="wishes", blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="wish_newest")]

    def __str__(self) -> str:
        return self.sentence


class Voice(models.Model):
    """Somebody outside wished it. Who that was stands where it was said, for who may read there; here only where."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="voices")
    origin = models.CharField(
        max_length=40, blank=True
    )  # what was said: a model of a room above; empty: heard in person
    origin_id = models.BigIntegerField(null=True)
    also = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # what else it is, as `origin:id`
    place = models.CharField(max_length=120, blank=True)  # the source or the channel, in words
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wish", "origin", "origin_id"], condition=models.Q(origin_id__isnull=False), name="voice_once"
            )
        ]
        indexes = [
            models.Index(fields=["origin", "origin_id"], name="voice_of"),
            GinIndex(fields=["also"], name="voice_also"),
        ]


class Fit(models.Model):
    """Whether the curator thought of a colleague for a subject, or rather not: the latest word counts."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey("people.Skill", on_delete=models.CASCADE, related_name="+")
    fits = models.BooleanField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "skill"], name="fit_once")]


class Occasion(models.Model):
    """A reason to show something now: the curator's own, or what they changed of one that Koor knows (`key`)."""

    key = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=200, blank=True)
    first_day = models.PositiveSmallIntegerField(null=True)  # of every year, as 1124 for 24 November
    last_day = models.PositiveSmallIntegerField(null=True)
    disciplines = ArrayField(models.BigIntegerField(), default=list, blank=True)  # for whom; none: for everybody
    on = models.BooleanField(default=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="occasion_once"),
        ]

    def __str__(self) -> str:
        return self.sentence or self.key


class OccasionPass(models.Model):
    """Not this time: an occasion leaves somebody's Today. No reason, and nobody is told."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)  # of the occasion and its year
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="occasion_passed_once")]


class GoodExample(models.Model):
    """Something of this week that others can learn from, with one sentence why. No place in any row."""

    item = models.ForeignKey("hub.Item", on_delete=models.CASCADE, related_name="examples")
    why = models.CharField(max_length=300)
    week = models.DateField()  # its Monday
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)  # its maker would rather not

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item"], name="example_once")]
        indexes = [models.Index(fields=["-week", "-id"], name="example_newest")]

    def __str__(self) -> str:
        return str(self.item)
