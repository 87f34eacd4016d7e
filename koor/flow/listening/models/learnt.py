"""What people say of mentions, what the learner makes of it, and what they are about."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from koor.flow.listening.choices import Label, Promise, Question, first_name
from koor.flow.listening.models.heard import Mention
from koor.kernel import together
from koor.kernel.memory import remembered

PERSON = settings.AUTH_USER_MODEL


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


class Marking(models.Model):
    """One mark for many: all that some filters met when somebody said so. The worker gives it piece by piece; for a
    week all of it can be taken back."""

    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=6, choices=Label)
    asked = models.CharField(max_length=1000, blank=True)  # the filters, as an address has them
    mentions = ArrayField(models.BigIntegerField())  # as they stood there then, the newest first
    done = models.PositiveIntegerField(default=0)  # of those that were looked at
    were = models.JSONField(default=dict)  # by mention the mark before, by whom and when; also of repeats that had one
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)  # when somebody took it back


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


class About(models.Model):
    """What a mention is about, as its words tell or as a person said. Empty: no topic fits, or with who said so, none
    is needed. The database counts it (`migrations/0017_about.py`)."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="about")
    topic = models.CharField(max_length=80, blank=True)
    said_at = models.DateTimeField()  # as of the mention
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["topic", "-said_at"], name="about_newest")]


class Learning(models.Model):
    """How far the learner may go; one row."""

    promise = models.PositiveSmallIntegerField(choices=Promise, default=Promise.NINETY_FIVE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_learning")]


class TopicName(models.Model):
    """How the house calls a topic, where that is something else than it was called first: what was sorted and taught
    under its label stays."""

    label = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=40)


@remembered
def own_words() -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """The organisation's own words by question and label, and its own names of topics. One statement."""
    words, names = together.lists(
        Wording.objects.order_by("pk").values_list("question", "label", "words"),
        TopicName.objects.order_by("pk").values_list("label", "name"),
    )
    return [(question, label, said) for question, label, said in words], dict(names)


def topic_name(label: str) -> str:
    """A topic as people read it."""
    return own_words()[1].get(label) or first_name(label) if label else ""


class NoQuestion(models.Model):
    """A person said of a group that was shown as a question asked again and again that it is none. One row a mention
    of it, or a thing that was said where the stream does not hear it; what is like them is not shown either."""

    group = models.UUIDField(db_index=True)
    mention = models.OneToOneField(Mention, null=True, on_delete=models.CASCADE, related_name="no_question")
    origin = models.CharField(max_length=40, blank=True, default="", db_default="")  # a table of a room above
    origin_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "origin_id"], name="no_question_once"),
            models.CheckConstraint(
                condition=Q(mention=None, origin_id__isnull=False) | Q(mention__isnull=False, origin_id=None),
                name="no_question_of_one",
            ),
        ]

    @property
    def key(self) -> tuple[str, int]:
        """Where it was said, and its number there."""
        return (self.origin, self.origin_id) if self.origin_id else (Mention._meta.label_lower, self.mention_id or 0)
