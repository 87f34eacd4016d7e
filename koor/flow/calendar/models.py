"""Creation as a business process: agreements between two people, and the slots that roll out from them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from koor.flow.calendar.choices import (
    AgreementState,
    CampaignKind,
    ChangeKind,
    ChangeState,
    Content,
    Region,
    Rhythm,
    Unready,
)

PERSON = settings.AUTH_USER_MODEL


class Campaign(models.Model):
    """A campaign, event or trade fair that ties slots together."""

    kind = models.CharField(max_length=10, choices=CampaignKind, default=CampaignKind.CAMPAIGN)
    name = models.CharField(max_length=120, unique=True)
    about = models.CharField(max_length=500, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="campaign_days")]

    def __str__(self) -> str:
        return self.name


class Agreement(models.Model):
    """Who supplies which kind of content, how often. Made by two people agreeing; a promise, not a quota.

    One of person, team and rota supplies it; when their group is no more, nobody does and nothing rolls out."""

    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.CASCADE, related_name="agreements")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="agreements")
    rota = models.ForeignKey("people.Rota", null=True, blank=True, on_delete=models.SET_NULL, related_name="agreements")
    content = models.CharField(max_length=10, choices=Content)
    about = models.CharField(max_length=160, blank=True)
    rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(default=0)  # 0 is Monday
    time = models.TimeField(null=True, blank=True)  # local wall time in the house's zone
    accounts: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "channels.Account", related_name="agreements", blank=True
    )
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.PROPOSED)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="agreement_weekday"),
            models.CheckConstraint(
                condition=Q(person=None, team=None) | Q(person=None, rota=None) | Q(team=None, rota=None),
                name="agreement_one_supplier",
            ),
        ]
        indexes = [models.Index(fields=["state", "last_day"], name="agreement_standing")]

    def __str__(self) -> str:
        return f"{self.who}: {self.what}"

    @property
    def who(self) -> str:
        """The name of who supplies it; empty when that is nobody any more."""
        found = self.person or self.team or self.rota
        return found.name if found else "–"

    @property
    def what(self) -> str:
        return self.about or str(Content(self.content).label)

    @property
    def how_often(self) -> str:
        return str(Rhythm(self.rhythm).label)


class AgreementChange(models.Model):
    """The history of an agreement: how it was made, each change with who proposed it and who said yes, its end."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    from_supplier = models.BooleanField(default=False)  # then the other of the two is who plans
    why = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)  # terms, as `logic.terms` writes them
    after = models.JSONField(default=dict)
    at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement"], condition=Q(state="waiting"), name="one_change_waits")
        ]
        ordering = ["at", "pk"]


class PostingTime(models.Model):
    """One beat of a channel's rhythm: we post here on this weekday at this time."""

    account = models.ForeignKey("channels.Account", on_delete=models.CASCADE, related_name="posting_times")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    time = models.TimeField()  # local wall time in the house's zone

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="posting_weekday"),
            models.UniqueConstraint(fields=["account", "weekday", "time"], name="posting_time_once"),
        ]
        ordering = ["account", "weekday", "time"]


class Slot(models.Model):
    """A place in the calendar. Unfilled it is a promise (somebody's) or a gap (nobody's); publishing fills it.

    Its channel is `account`; without one those of its agreement."""

    day = models.DateField(db_index=True)
    time = models.TimeField(null=True, blank=True)  # local wall time in the house's zone
    title = models.CharField(max_length=160, blank=True)
    content = models.CharField(max_length=10, choices=Content, default=Content.OTHER)
    account = models.ForeignKey(
        "channels.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    posting_time = models.ForeignKey(
        PostingTime, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )
    rolled_for = models.DateField(null=True)  # the day that the rhythm gave, also after a move
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    project = models.ForeignKey(
        "contacts.Project", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )
    item = models.ForeignKey("hub.Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    filled = models.BooleanField(default=False)  # something stands ready for it; set by the room that fills it
    unready = models.CharField(max_length=20, blank=True, default="", db_default="")  # why what was laid out waits
    dropped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # rises with every change: two people moving one slot

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "rolled_for"], condition=Q(agreement__isnull=False), name="slot_rolled_once"
            ),
            models.UniqueConstraint(
                fields=["posting_time", "rolled_for"], condition=Q(posting_time__isnull=False), name="slot_beat_once"
            ),
        ]
        indexes = [models.Index(fields=["day", "time"], name="slot_when")]

    def __str__(self) -> str:
        return called(self.title, self.content)

    @property
    def not_ready(self) -> str:
        """Why what was laid out here waits as a draft, in a few words."""
        return why_not_ready(self.unready)


def why_not_ready(code: str) -> str:
    return str(dict(Unready.choices).get(code, Unready.OTHER.label))


def called(title: str, content: str) -> str:
    """What a slot is called: by its title, else by the kind of content that it waits for."""
    if title or content != Content.OTHER:
        return title or str(dict(Content.choices).get(content, content))
    return gettext("Open place")


class SlotAsk(models.Model):
    """A colleague is asked to fill a place: asked, not assigned. Their answer is a yes, or nothing at all."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="asks")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="slot_asks")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)  # not now: it leaves their Today; no reason, and nobody is told

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="slot_asked_once")]
        indexes = [models.Index(fields=["person", "-at"], name="slot_ask_of")]


class SlotGiven(models.Model):
    """A place that became somebody's by another's hand: they are told once, and it is on Today until they say so."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="given")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="slots_given")
    of = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # who had it
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # empty: by itself
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "person"], name="slot_given_once")]
        indexes = [models.Index(fields=["person", "-at"], name="slot_given_to", condition=Q(seen_at=None))]


class Planning(models.Model):
    """How this house looks ahead; one row."""

    region = models.CharField(max_length=8, choices=Region, blank=True)  # of the school holidays; empty: all of them

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_planning")]


class HolidayList(models.Model):
    """Holidays brought in from a file or an address, such as those of a school."""

    name = models.CharField(max_length=120)
    url = models.URLField(max_length=500, blank=True)  # empty: a file
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)  # why the last reading failed; what was there stays
    removed_at = models.DateTimeField(null=True)  # can come back for some days

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """Days off of such a list, both ends included."""

    list = models.ForeignKey(HolidayList, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=160)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="holiday_days"),
            models.UniqueConstraint(fields=["list", "name", "first_day"], name="holiday_once"),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"], name="holiday_period")]


class Feed(models.Model):
    """A private address where a calendar program reads along; only the digest of its secret is kept."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="calendar_feeds")
    whole_house = models.BooleanField(default=False)  # everything, or only what is this colleague's
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "whole_house"], condition=Q(revoked_at=None), name="one_feed_of_a_kind"
            )
        ]
