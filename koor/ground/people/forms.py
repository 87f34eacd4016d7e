"""Forms of the people room."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from koor.ground.people import queries
from koor.ground.people.choices import DOES, Autonomy, Role, SkillKind
from koor.ground.people.models import Discipline, Person, Rota, Team
from koor.kernel.forms import DayInput, TimeInput

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among colleagues who work here, with what they do beside their name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Person.objects.filter(is_active=True).order_by("name"))
        super().__init__(*args, **kwargs)

    def label_from_instance(self, person: Person) -> str:  # type: ignore[override]
        return f"{person.name}, {person.job}" if person.job else person.name


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = ("name", "job", "knows", "voice", "phone", "language", "started_on")
        labels = {
            "name": _("Name"),
            "job": _("What you do"),
            "knows": _("What you know"),
            "voice": _("Your own words"),
            "phone": _("Phone"),
            "language": _("Language"),
            "started_on": _("Here since"),
        }
        help_texts = {
            "job": _("As you would say it yourself, such as: heat pump technician."),
            "knows": _("Colleagues find you by this when somebody asks about it."),
            "voice": _("How you say things. It stands beside what you write, and only you see it here."),
            "phone": _("Seen by colleagues."),
        }
        widgets = {
            "knows": forms.Textarea(attrs={"rows": 3, "data-count": 1000}),
            "voice": forms.Textarea(attrs={"rows": 3, "data-count": 1000}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "started_on": Day,
        }

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class SkillForm(forms.Form):
    name = forms.CharField(label=_("What"), max_length=80, help_text=_("Such as: heat pumps, taking photos, Polish."))
    kind = forms.ChoiceField(label=_("Kind"), choices=SkillKind.choices)


class AbsenceForm(forms.Form):
    first_day = forms.DateField(label=_("First day"), widget=Day)
    last_day = forms.DateField(label=_("Last day"), widget=Day)
    stand_in = ColleagueField(label=_("Who stands in"), required=False, empty_label=_("Nobody"))
    sentence = forms.CharField(
        label=_("A sentence for who asks for you"),
        max_length=300,
        required=False,
        help_text=_("Such as: I am in France until Monday, Anneke knows about your boiler."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = queries.colleagues(person).exclude(pk=person.pk)  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What will use it"), max_length=80, help_text=_("Such as: our planning program."))


class QuietForm(forms.Form):
    begins = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput())
    ends = forms.TimeField(label=_("Quiet until"), required=False, widget=TimeInput())


class DeviceForm(forms.Form):
    """What a browser gives when it may show messages; filled in by script."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    name = forms.CharField(max_length=80, required=False)


def _roles() -> list[tuple[str, SafeString]]:
    """Each role with what it does under it."""
    words = '<span class="choice-words">{}<br><span class="small quiet">{}</span></span>'
    return [(role.value, format_html(words, role.label, DOES[role])) for role in Role]


class InvitationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    discipline = forms.ModelChoiceField(
        label=_("Discipline"), queryset=Discipline.objects.all(), required=False, empty_label=_("None yet")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=_roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None is fine. Everybody begins by practising: nothing leaves the house until you give another step."
        ),
    )


class WelcomeForm(forms.Form):
    """For who comes in with a link."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A short sentence is easy to keep in mind."),
    )


class ArrangeForm(forms.Form):
    """What is arranged for a colleague by who manages people."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=_roles, required=False, widget=forms.CheckboxSelectMultiple
    )
    discipline = forms.ModelChoiceField(
        label=_("Discipline"), queryset=Discipline.objects.all(), required=False, empty_label=_("None yet")
    )
    autonomy = forms.ChoiceField(label=_("Autonomy"), choices=Autonomy.choices)
    why = forms.CharField(
        label=_("Why this step"),
        max_length=300,
        required=False,
        help_text=_("When you change the step. The colleague reads it."),
    )
    buddy = ColleagueField(label=_("Buddy"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        initial = {
            "roles": person.roles,
            "discipline": person.discipline_id,
            "autonomy": person.autonomy,
            "buddy": person.buddy_id,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        others = Person.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
        self.fields["buddy"].queryset = others  # type: ignore[attr-defined]


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))


class LetGoForm(forms.Form):
    hand_over_to = ColleagueField(
        label=_("Who takes over"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Direct lines and open conversations go to this colleague."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Person.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
        self.fields["hand_over_to"].queryset = others  # type: ignore[attr-defined]


class DisciplineForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_(
            "From Excel: save as CSV. With a heading: name, e-mail, and if you have them job, discipline, roles."
        ),
    )


class ProviderForm(forms.Form):
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=300,
        help_text=_("Its address, as the provider writes it, such as https://login.example.org/realms/us."),
        widget=forms.TextInput({"inputmode": "url", "autocapitalize": "off", "autocomplete": "off"}),
    )
    client_id = forms.CharField(
        label=_("Client"),
        max_length=191,
        help_text=_("The name or number under which the provider knows Koor."),
        widget=forms.TextInput({"autocapitalize": "off", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Secret of the client"),
        max_length=400,
        required=False,
        help_text=_("It is kept sealed and not shown again. Empty keeps the one that is there."),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    label = forms.CharField(
        label=_("On the button"), max_length=40, help_text=_("Such as: sign in with your work account.")
    )
    is_on = forms.BooleanField(label=_("Colleagues may sign in with it"), required=False, initial=True)
    admits_unknown = forms.BooleanField(
        label=_("Somebody whom Koor does not know may come in too"),
        required=False,
        help_text=_("They become a colleague without a role, who practises first. Otherwise one is invited."),
    )
    trusts_addresses = forms.BooleanField(
        label=_("The provider hands out its e-mail addresses itself"),
        required=False,
        help_text=_(
            "Only for one that does not say that an address is verified, and where nobody can choose their own address."
        ),
    )


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    about = forms.CharField(label=_("What for"), max_length=200, required=False)


class RotaForm(TeamForm):
    first_week = forms.DateField(
        label=_("First week"), widget=DayInput(), help_text=_("Any day of the week in which the first one begins.")
    )


class JoinForm(forms.Form):
    """Somebody who is not in it yet."""

    person = ColleagueField(label=_("Colleague"), empty_label=_("Choose a colleague"))

    def __init__(self, *args: Any, group: Team | Rota, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {"teams": group} if isinstance(group, Team) else {"rota_turns__rota": group}
        rows = Person.objects.filter(is_active=True).exclude(**there).order_by("name")
        self.fields["person"].queryset = rows  # type: ignore[attr-defined]
