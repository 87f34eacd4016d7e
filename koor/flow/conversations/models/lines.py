"""Direct lines: a colleague's small page for one person outside, or for all who have to do with a project."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import Soon

PERSON = settings.AUTH_USER_MODEL


class Line(models.Model):
    """Open until it is closed. It goes along when this person outside gets another colleague of their own. One of a
    project has no contact: whoever writes there gets a line of their own."""

    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="lines")  # empty: nobody yet
    contact = models.ForeignKey("contacts.Contact", null=True, on_delete=models.CASCADE, related_name="lines")
    project = models.ForeignKey("contacts.Project", null=True, on_delete=models.CASCADE, related_name="lines")
    about = models.CharField(max_length=300, blank=True)  # what one may ask this colleague
    answers = models.CharField(max_length=5, choices=Soon, blank=True)  # as they say themselves; empty: not told
    days = ArrayField(models.PositiveSmallIntegerField(), default=list)  # Monday is 1
    opens = models.TimeField(default="08:00")
    closes = models.TimeField(default="17:00")
    limit = models.PositiveSmallIntegerField(default=10)  # people who wait at once, before the stand-in helps
    shows_phone = models.BooleanField(default=False)
    shows_mail = models.BooleanField(default=False)
    stand_in = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    aside = models.CharField(max_length=300, blank=True)  # a sentence for whoever stands in
    before = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # whose it was
    since = models.DateTimeField()  # with this colleague
    greeted_at = models.DateTimeField(null=True)  # they spoke since then, beside the page: by telephone, at the door
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(closed_at__isnull=True, contact__isnull=False), name="one_open_line"
            ),
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=Q(closed_at__isnull=True, contact__isnull=True),
                name="one_line_a_project",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(project__isnull=False), name="line_to_somebody"
            ),
            models.CheckConstraint(condition=Q(limit__gte=1), name="line_limit"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="line_hours"),
        ]

    def __str__(self) -> str:
        return _("direct line %(number)s") % {"number": self.pk}


class LineLink(models.Model):
    """The address of a page. Sealed, so that a colleague can show it again; found by its digest. One that ended still
    says kindly where to go."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(ended_at__isnull=True), name="one_link_a_line")
        ]


class LineLetter(models.Model):
    """Where somebody outside hears that an answer stands on their page: one letter an hour at most, until they stop."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="letter")
    address = models.EmailField(blank=True)  # empty: what they left does not count any more
    language = models.CharField(max_length=5, blank=True)  # of the page on which they left it
    told_at = models.DateTimeField(null=True)  # the moment of the last message that was told of
    upto = models.BigIntegerField(default=0)  # its number: of one moment the later counts
    sent_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
