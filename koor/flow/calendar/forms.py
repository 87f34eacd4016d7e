"""Forms of the calendar."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.choices import Content, Rhythm
from koor.flow.calendar.models import Campaign
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
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
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self)
        self.fields["campaign"].queryset = Campaign.objects.order_by("-first_day")[:50]  # type: ignore[attr-defined]
        if not self.fields["campaign"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["campaign"]


class MoveForm(forms.Form):
    day = forms.DateField(label=_("To"), widget=DayInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AgreementForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none())
    content = forms.ChoiceField(label=_("What kind"), choices=Content.choices)
    about = forms.CharField(label=_("About"), max_length=160, required=False, help_text=_("Such as: photo of the work"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices)
    weekday = forms.TypedChoiceField(label=_("On"), choices=list(WEEKDAYS.items()), coerce=int)
    account = forms.ModelChoiceField(
        label=_("Where"), queryset=Account.objects.none(), required=False, empty_label=_("Not decided yet")
    )
    first_day = forms.DateField(label=_("From"), widget=DayInput())
    last_day = forms.DateField(label=_("Until"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self)


class CampaignForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    about = forms.CharField(label=_("About"), max_length=500, required=False)
    first_day = forms.DateField(label=_("From"), widget=DayInput())
    last_day = forms.DateField(label=_("Until"), widget=DayInput())


def _choices(form: forms.Form) -> None:
    people = Person.objects.filter(is_active=True).order_by("name")
    form.fields["person"].queryset = people  # type: ignore[attr-defined]
    form.fields["account"].queryset = Account.objects.exclude(state="disconnected")  # type: ignore[attr-defined]
