"""People, organisations and projects outside, and who knows whom."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from koor.ground.contacts.choices import OrganisationKind, ProjectState
from koor.ground.contacts.logic.handles import name_of
from koor.kernel.sql import bare, folded_vector


class Organisation(models.Model):
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=OrganisationKind, default=OrganisationKind.CUSTOMER)
    place = models.CharField(max_length=120, blank=True)
    website = models.URLField(max_length=300, blank=True)
    about = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="organisation_once")]
        indexes = [GinIndex(folded_vector("name", "place", "about"), name="organisation_words")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person outside: customer, partner, neighbour, journalist."""

    outside = True  # drawn with a square face

    name = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    role = models.CharField(max_length=120, blank=True)  # what they are to us or to their organisation
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    face = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    invented = models.BooleanField(default=False)  # for an exercise: nobody whom one could meet
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged")

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(Lower("email"), name="contact_email", condition=~Q(email="")),
            models.Index(fields=["name"], name="contact_name", condition=Q(merged_into__isnull=True)),
            GinIndex(folded_vector("name", "role", "place", "note"), name="contact_words"),
            models.Index(bare("name"), name="contact_bare"),  # a namesake, however spelled
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class Handle(models.Model):
    """An address of a contact on a platform, as the platform spells it, folded."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handles")
    platform = models.CharField(max_length=40)  # a connector's key, or "email", "phone"
    value = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    verified_at = models.DateTimeField(null=True)  # seen to be theirs: the platform says so, or they do

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "value"], name="handle_once")]
        ordering = ["platform", "value"]

    def __str__(self) -> str:
        return self.value

    @property
    def platform_name(self) -> str:
        """The platform as people call it."""
        words = {"email": _("E-mail address"), "phone": _("Phone")}
        return words.get(self.platform) or name_of(self.platform)


class Project(models.Model):
    """A piece of work for a customer."""

    name = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="projects"
    )
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="projects")
    street = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=120, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=ProjectState, default=ProjectState.RUNNING)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="projects", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="project_days",
            )
        ]
        indexes = [GinIndex(folded_vector("name", "place", "about"), name="project_words")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Acquaintance(models.Model):
    """A colleague knows a contact; `direct_line`: this contact's own person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acquaintances")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="acquaintances")
    since = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=200, blank=True)  # "plaatste haar warmtepomp"
    direct_line = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "contact"], name="acquaintance_once"),
            models.UniqueConstraint(fields=["contact"], condition=Q(direct_line=True), name="one_direct_line"),
        ]


class Tie(models.Model):
    """Two contacts know each other."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="ties")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tied_by")
    how = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "other"], name="tie_once"),
            models.CheckConstraint(condition=~Q(contact=F("other")), name="tie_two_people"),
        ]


class Merge(models.Model):
    """Two contacts became one; what was moved, so that it can be undone for ever."""

    kept = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merged_by")
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_two_people"),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_once"),
        ]

    @property
    def proof(self) -> list[str]:
        """Why they were joined, as codes of `logic.likeness`; none when a colleague decided."""
        return list(self.moved.get("proof", {}).get("reasons", []))


class NotSame(models.Model):
    """Somebody said that these two are not one person."""

    one = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_same_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="not_same_in_order"),
        ]
