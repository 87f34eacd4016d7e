"""How links go out, how often they were followed, and sets of hashtags."""

from django.conf import settings
from django.db import models
from django.db.models import Q

PERSON = settings.AUTH_USER_MODEL


class Manner(models.Model):
    """How the house does it; one row."""

    tags = models.BooleanField(default=False)  # links tell where they were followed from
    medium = models.CharField(max_length=40, default="social")
    short = models.BooleanField(default=False)  # links go by a short address of the newsroom
    hub = models.URLField(max_length=300, blank=True)  # told as soon as the newsroom changes (WebSub)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_manner")]


class PostLink(models.Model):
    """What was chosen for the link of one post, where that is not as usual."""

    post = models.OneToOneField("publishing.Post", on_delete=models.CASCADE, related_name="link_choice")
    campaign = models.CharField(max_length=60, blank=True)  # a word of its own; empty: by the rule
    plain = models.BooleanField(default=False)  # as it is: no campaign, not short


class RowLink(models.Model):
    """The link of a row as it goes out. `code` is its short address; `short` whether that is what people see."""

    target = models.OneToOneField("publishing.Target", on_delete=models.CASCADE, related_name="row_link")
    code = models.CharField(max_length=12, unique=True)
    url = models.URLField(max_length=1000)
    short = models.BooleanField(default=False)


class ClickDay(models.Model):
    """How often a short link was followed on a day. Nothing on who did."""

    link = models.ForeignKey(RowLink, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="click_day_once")]


class TagSet(models.Model):
    """Hashtags that belong together, to put under a post at once."""

    name = models.CharField(max_length=60, unique=True)
    tags = models.CharField(max_length=600)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
