"""Forms of the contacts room."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koor.ground.contacts.choices import OrganisationKind, ProjectState
from koor.ground.contacts.logic.handles import PLATFORMS
from koor.ground.contacts.models import Acquaintance, Contact, Organisation, Project
from koor.ground.contacts.queries import everybody
from koor.ground.people.forms import ColleagueField, Day
from koor.ground.people.models import Person

LANGUAGES = [
    ("", _("Not known")),
    ("nl", _("Dutch")),
    ("en", _("English")),
    ("de", _("German")),
    ("pl", _("Polish")),
    ("tr", _("Turkish")),
    ("ar", _("Arabic")),
    ("uk", _("Ukrainian")),
    ("fr", _("French")),
]


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    organisation = forms.CharField(
        label=_("Organisation"), max_length=160, required=False, widget=forms.TextInput(attrs={"list": "organisations"})
    )
    role = forms.CharField(
        label=_("Who they are to us"), max_length=120, required=False, help_text=_("Such as: headmaster, or neighbour.")
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    note = forms.CharField(
        label=_("Good to know"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What a colleague would want to know. They may ask to read it themselves."),
    )

    @staticmethod
    def said_of(contact: Contact) -> dict[str, Any]:
        """The initial values of a contact."""
        names = ("name", "role", "email", "phone", "street", "place", "language", "note")
        return {name: getattr(contact, name) for name in names} | {"organisation": str(contact.organisation or "")}


class NewContactForm(ContactForm):
    """Adding, with how one knows them oneself."""

    how = forms.CharField(
        label=_("How you know them"),
        max_length=200,
        required=False,
        help_text=_("Such as: placed her heat pump. Then they are one of your relations."),
    )


class HandleForm(forms.Form):
    platform = forms.ChoiceField(
        label=_("Where"),
        choices=[
            *((key, each.name) for key, each in PLATFORMS.items()),
            ("email", _("Another e-mail address")),
            ("phone", _("Another phone")),
        ],
    )
    value = forms.CharField(
        label=_("Name or address there"), max_length=300, help_text=_("Such as: @els@mastodon.example, or a link.")
    )


class KnowForm(forms.Form):
    """How one knows somebody."""

    how = forms.CharField(
        label=_("How you know them"), max_length=200, required=False, help_text=_("Such as: placed her heat pump.")
    )
    since = forms.DateField(label=_("Since"), required=False, widget=Day)
    direct_line = forms.BooleanField(
        label=_("I am their own person here"),
        required=False,
        help_text=_("Then what they ask comes to you first. Somebody stands in when you are away."),
    )


class IntroduceForm(forms.Form):
    """A colleague knows somebody, told by who may arrange that."""

    person = ColleagueField(label=_("Colleague"), empty_label=_("Choose a colleague"))
    how = forms.CharField(label=_("How they know each other"), max_length=200, required=False)
    direct_line = forms.BooleanField(label=_("This is their own person here"), required=False)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("What it is to us"), choices=OrganisationKind.choices)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    website = forms.CharField(label=_("Website"), max_length=300, required=False)
    about = forms.CharField(
        label=_("Good to know"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @staticmethod
    def said_of(organisation: Organisation) -> dict[str, Any]:
        """The initial values of an organisation."""
        return {name: getattr(organisation, name) for name in ("name", "kind", "place", "website", "about")}


class ProjectForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=160, help_text=_("As colleagues call it, such as: school De Esch.")
    )
    state = forms.ChoiceField(label=_("State"), choices=ProjectState.choices, initial=ProjectState.RUNNING)
    organisation = forms.ModelChoiceField(
        label=pgettext_lazy("project", "For"),
        queryset=Organisation.objects.order_by("name"),
        required=False,
        empty_label=_("No organisation"),
    )
    contact = forms.ModelChoiceField(
        label=_("Whom to ask there"), queryset=Contact.objects.none(), required=False, empty_label=_("Nobody")
    )
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    first_day = forms.DateField(label=_("First day"), required=False, widget=Day)
    last_day = forms.DateField(label=_("Last day"), required=False, widget=Day)
    about = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, by: Person, project: Project | None = None, contact: Contact | None = None, **kwargs: Any
    ) -> None:
        initial = {}
        if project is not None:
            names = ("name", "state", "street", "place", "first_day", "last_day", "about")
            initial = {name: getattr(project, name) for name in names}
            initial |= {"organisation": project.organisation_id, "contact": project.contact_id}
        elif contact is not None:
            initial = {"contact": contact.pk, "organisation": contact.organisation_id, "place": contact.place}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = _askable(by, project, contact)  # type: ignore[attr-defined]


def _askable(by: Person, project: Project | None, contact: Contact | None) -> Any:
    """Who can be asked about a project: those of its organisation, who was chosen already, and whom one knows oneself:
    a customer at home has no organisation."""
    rows = everybody().order_by("name")
    organisation = project.organisation_id if project else contact.organisation_id if contact else None
    chosen = project.contact_id if project else contact.pk if contact else None
    fits = Q(pk__in=Acquaintance.objects.filter(person=by).values("contact"))
    if organisation:
        fits |= Q(organisation=organisation)
    return rows.filter(fits | Q(pk=chosen) if chosen else fits)


class JoinForm(forms.Form):
    person = ColleagueField(label=_("Who works on it too"), empty_label=_("Choose a colleague"))


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or vCard file"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.vcf,.vcard,text/csv,text/vcard"}),
        help_text=_("A list from Excel saved as CSV, with a heading, or cards from a phone or address book (.vcf)."),
    )
