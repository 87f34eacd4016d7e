"""Colleagues and the house they form. One organisation an installation."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from koor.ground.people.choices import Autonomy, ImportKind, Role, SkillKind
from koor.kernel import plainly
from koor.kernel.sql import folded_vector


class House(models.Model):
    """Our own organisation; one row."""

    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=200, blank=True)  # in one sentence
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    country = models.CharField(max_length=2, default="NL")
    language = models.CharField(max_length=5, default="nl")
    opens = models.TimeField(default="08:00")  # office hours on weekdays
    closes = models.TimeField(default="17:00")
    allowed_late = models.PositiveSmallIntegerField(default=12)  # hours that a post may still go by itself
    brake = models.PositiveSmallIntegerField(default=30)  # posts of one account in ten minutes, before it is held
    offers_a_week = models.PositiveSmallIntegerField(default=2)  # work of others that a colleague is offered at most
    questions_a_week = models.PositiveSmallIntegerField(default=2)  # that a colleague is asked at most
    unblurred_days = models.PositiveSmallIntegerField(default=7)  # that a picture from before blurring is kept; 0: not
    evergreen_rest = models.PositiveSmallIntegerField(default=90)  # days that something evergreen rests after its use
    tells_works_here = models.BooleanField(default=True)  # on own accounts, where it is about our work
    works_here = models.CharField(max_length=160, blank=True)  # in these words; empty: the usual ones
    logo = models.ForeignKey("kernel.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    logo_handle = models.CharField(max_length=40, blank=True)  # of that file, so that a page costs no query
    identity = models.UUIDField(unique=True)  # of this installation, also in KOOR_HOME/house
    demo = models.BooleanField(default=False)
    publishing_held = models.CharField(max_length=200, blank=True)  # why nothing is sent: kill switch, restore, clone
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_house"),
            models.CheckConstraint(condition=Q(unblurred_days__lte=30), name="house_unblurred_a_month_at_most"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        return f"/files/{self.logo_handle}/logo.webp" if self.logo_handle else ""

    @property
    def why_held(self) -> str:
        """Why nothing is sent, in the reader's language where Koor itself wrote it; empty when all goes."""
        return plainly.in_words(self.publishing_held)


class Discipline(models.Model):
    """An island of the organisation, such as Installers or Sales."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


def picture_url(handle: str) -> str:
    """Where somebody's picture is, as a face."""
    return f"/files/{handle}/face.webp" if handle else ""


class Person(AbstractBaseUser):
    """A colleague. Also the account with which they sign in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job = models.CharField(max_length=120, blank=True)  # what they do, in their own words
    discipline = models.ForeignKey(Discipline, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    autonomy = models.CharField(max_length=10, choices=Autonomy, default=Autonomy.PRACTISE)
    buddy = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="buddies_of")
    knows = models.TextField(max_length=1000, blank=True)
    voice = models.TextField(max_length=1000, blank=True)  # their own way of saying things, seen by themselves
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="nl")
    face = models.CharField(max_length=40, blank=True)  # key of a drawn face
    picture = models.ForeignKey("kernel.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    picture_handle = models.CharField(max_length=40, blank=True)  # of that file, so that a face costs no query
    started_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)  # came in for the first time; empty: was only written down so far
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_folded")]
        indexes = [GinIndex(folded_vector("name", "job", "knows"), name="person_words")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def picture_url(self) -> str:
        return picture_url(self.picture_handle)

    def has_role(self, *roles: str) -> bool:
        """Whether this colleague has one of these roles."""
        return bool(set(roles) & set(self.roles))

    @property
    def role_labels(self) -> list[str]:
        """The names of the roles, in the language of the page."""
        return [str(Role(role).label) for role in Role.values if role in self.roles]

    @property
    def is_backstage(self) -> bool:
        return self.has_role(Role.CURATOR, Role.PR, Role.ADMINISTRATOR, Role.PRIVACY)


class Skill(models.Model):
    """Something that one can know or do, declared by colleagues themselves."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=SkillKind, default=SkillKind.SUBJECT)
    people = models.ManyToManyField(Person, related_name="skills", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), "kind", name="skill_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days away, both ends included, with who stands in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    stand_in = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in")
    sentence = models.CharField(max_length=300, blank=True)  # for those who ask for the absent colleague

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_days"),
            models.CheckConstraint(condition=~Q(stand_in=F("person")), name="absence_other_stands_in"),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"], name="absence_period")]


class Team(models.Model):
    """Colleagues who do something together, across disciplines: a crew, a project group, the open-day club."""

    name = models.CharField(max_length=80)
    about = models.CharField(max_length=200, blank=True)
    people = models.ManyToManyField(Person, related_name="teams", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="team_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rota(models.Model):
    """Colleagues who take turns, a week each, in an order, counted from the week of `first_week`."""

    name = models.CharField(max_length=80)
    about = models.CharField(max_length=200, blank=True)
    first_week = models.DateField()  # a Monday

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="rota_once"),
            models.CheckConstraint(condition=Q(first_week__iso_week_day=1), name="rota_begins_on_monday"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RotaTurn(models.Model):
    """Whose turn it is, in order."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="turns")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rota_turns")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rota", "person"], name="rota_turn_once")]
        ordering = ["place", "pk"]


class Invitation(models.Model):
    """A link by which a colleague comes in. Only the digest of its token is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    person = models.ForeignKey(  # already written down, such as by an import
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    discipline = models.ForeignKey(Discipline, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="invitations_sent")
    mail = models.ForeignKey("kernel.Mail", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="invitation_latest")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None


class Token(models.Model):
    """A key for programs that act as a colleague. Only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12)  # its first characters, to recognise it by
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """The organisation's own OpenID provider, with which colleagues may sign in; one row. Its secret is sealed."""

    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=191)
    secret = models.BinaryField()
    label = models.CharField(max_length=40)  # on the button
    is_on = models.BooleanField(default=True)
    admits_unknown = models.BooleanField(default=False)  # somebody new becomes a colleague who practises
    trusts_addresses = models.BooleanField(default=False)  # it hands out the addresses itself, and does not say so
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_provider")]

    def __str__(self) -> str:
        return self.issuer


class ImportDraft(models.Model):
    """A list that a colleague brought in: read, shown with what is wrong, and taken in once."""

    kind = models.CharField(max_length=20, choices=ImportKind)
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="import_drafts")
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)  # one object a row, as read
    made_at = models.DateTimeField()
    taken_in_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)  # how many were added, known and left out

    def __str__(self) -> str:
        return self.name
