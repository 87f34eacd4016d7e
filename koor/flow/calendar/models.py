"""Creation as a business process: agreements between two people, and the slots that roll out from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from koor.flow.calendar.choices import AgreementState, Content, Rhythm

PERSON = settings.AUTH_USER_MODEL


class Campaign(models.Model):
    """A campaign, event or trade fair that ties slots together."""

    name = models.CharField(max_length=120, unique=True)
    about = models.CharField(max_length=500, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="campaign_days")]

    def __str__(self) -> str:
        return self.name


class Agreement(models.Model):
    """Who supplies which kind of content, how often. Made by two people agreeing; a promise, not a quota."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="agreements")
    content = models.CharField(max_length=10, choices=Content)
    about = models.CharField(max_length=160, blank=True)
    rhythm = models.CharField(max_length=12, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(default=0)  # 0 is Monday
    account = models.ForeignKey(
        "channels.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="agreements"
    )
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.PROPOSED)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weekday__lt=7), name="agreement_weekday")]

    def __str__(self) -> str:
        return f"{self.person.name}: {self.about or self.get_content_display()}"


class Slot(models.Model):
    """A place in the calendar. Unfilled it is a promise (somebody's) or a gap (nobody's); publishing fills it."""

    day = models.DateField(db_index=True)
    time = models.TimeField(null=True, blank=True)  # local wall time in the house's zone
    title = models.CharField(max_length=160, blank=True)
    content = models.CharField(max_length=10, choices=Content, default=Content.OTHER)
    account = models.ForeignKey(
        "channels.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    rolled_for = models.DateField(null=True)  # the day that the agreement's rhythm gave, also after a move
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    item = models.ForeignKey("hub.Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    filled = models.BooleanField(default=False)  # something stands ready for it; set by the room that fills it
    dropped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # rises with every change: two people moving one slot

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "rolled_for"], condition=Q(agreement__isnull=False), name="slot_rolled_once"
            )
        ]
        indexes = [models.Index(fields=["day", "time"], name="slot_when")]

    def __str__(self) -> str:
        return self.title or self.get_content_display()
