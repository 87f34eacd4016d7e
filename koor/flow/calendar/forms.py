"""Forms of the calendar."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.choices import CampaignKind, Content, Region, Rhythm
from koor.flow.calendar.logic import forecast
from koor.flow.calendar.models import Campaign
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person, Rota, Team
from koor.kernel.forms import DayInput, TimeInput


class SlotForm(forms.Form):
    title = forms.CharField(label=_("What"), max_length=160, help_text=_("In a few words, such as: cabinet with Jelle"))
    day = forms.DateField(label=_("Day"), widget=DayInput())
    time = forms.TimeField(label=_("Time"), widget=TimeInput(), required=False)
    content = forms.ChoiceField(label=_("Kind"), choices=Content.choices)
    person = forms.ModelChoiceField(
        label=_("Who"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody yet, whoever wants it")
    )
    account = forms.ModelChoiceField(
        label=_("Where"), queryset=Account.objects.none(), required=False, empty_label=_("Not decided yet")
    )
    campaign = forms.ModelChoiceField(
        label=_("Part of"), queryset=Campaign.objects.none(), required=False, empty_label=_("No campaign")
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, empty_label=_("No project")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "person": _people(),
            "account": _accounts(),
            "campaign": Campaign.objects.order_by("-first_day", "pk"),
            "project": Project.objects.order_by("name"),
        }
        for name, choices in rows.items():
            self.fields[name].queryset = choices  # type: ignore[attr-defined]
        for name in ("campaign", "project"):
            if not rows[name].exists():
                del self.fields[name]


class MoveForm(forms.Form):
    day = forms.DateField(label=_("To"), widget=DayInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChangeForm(forms.Form):
    """What two people agree on, and can change together."""

    content = forms.ChoiceField(label=_("What kind"), choices=Content.choices)
    about = forms.CharField(label=_("About"), max_length=160, required=False, help_text=_("Such as: photo of the work"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices)
    weekday = forms.TypedChoiceField(label=_("On"), choices=list(WEEKDAYS.items()), coerce=int)
    time = forms.TimeField(label=_("Time"), widget=TimeInput(), required=False)
    accounts = forms.ModelMultipleChoiceField(
        label=_("Where"),
        queryset=Account.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave empty when it is not decided yet."),
    )
    last_day = forms.DateField(label=_("Until"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accounts"].queryset = _accounts()  # type: ignore[attr-defined]


class AgreementForm(ChangeForm):
    """Who supplies it comes first."""

    person = forms.ModelChoiceField(
        label=_("Who"), queryset=Person.objects.none(), required=False, empty_label=_("No colleague alone")
    )
    team = forms.ModelChoiceField(
        label=_("or a team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )
    rota = forms.ModelChoiceField(
        label=_("or by turns"), queryset=Rota.objects.none(), required=False, empty_label=_("No rota")
    )
    first_day = forms.DateField(label=_("From"), widget=DayInput())
    field_order = (
        "person", "team", "rota", "content", "about", "rhythm", "weekday", "time", "accounts", "first_day", "last_day"
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = _people()  # type: ignore[attr-defined]
        self._groups(Team.objects.order_by("name"), Rota.objects.order_by("name"))

    def own_groups(self, person: Person) -> None:
        """A colleague promises for themselves, or for a group that they are in."""
        self.fields["person"].required = False
        self._groups(Team.objects.filter(people=person), Rota.objects.filter(turns__person=person))

    def _groups(self, teams: Any, rotas: Any) -> None:
        for name, rows in (("team", teams), ("rota", rotas)):
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
                if not rows.exists():
                    del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A team or rota goes before the colleague, who is filled in beforehand."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("team") or cleaned.get("rota"):
            cleaned["person"] = None
        return cleaned


class PostingTimeForm(forms.Form):
    weekday = forms.TypedChoiceField(label=_("On"), choices=list(WEEKDAYS.items()), coerce=int)
    at = forms.TimeField(label=_("Time"), widget=TimeInput())


class CampaignForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it"), choices=CampaignKind.choices)
    name = forms.CharField(label=_("Name"), max_length=120)
    about = forms.CharField(label=_("About"), max_length=500, required=False)
    first_day = forms.DateField(label=_("From"), widget=DayInput())
    last_day = forms.DateField(label=_("Until"), widget=DayInput())


class FillForm(forms.Form):
    """A proposal for a hole, as its button sends it."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in forecast.KINDS])
    id = forms.IntegerField()
    day = forms.DateField()
    slot = forms.IntegerField(required=False)
    page = forms.CharField(required=False, max_length=20)


class RegionForm(forms.Form):
    region = forms.ChoiceField(
        label=_("School holidays of"), choices=[("", _("All regions")), *Region.choices], required=False
    )


class PlanListForm(forms.Form):
    file = forms.FileField(label=_("List"), help_text=_("CSV, as every spreadsheet can save it."))


class HolidaysForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as: holidays of the primary school"))
    file = forms.FileField(label=_("iCal file"), required=False)
    url = forms.URLField(
        label=_("or an address"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Ends in .ics. It is read again every day."),
    )  # fmt: skip


def _people() -> Any:
    return Person.objects.filter(is_active=True).order_by("name")


def _accounts() -> Any:
    return Account.objects.exclude(state=AccountState.DISCONNECTED).order_by("name")
