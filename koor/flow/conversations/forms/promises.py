"""What people fill in about how soon we answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from koor.flow.conversations.models import Evening, Promise
from koor.flow.conversations.queries.channels import channel_name, heard_on
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel.forms import TimeInput


class PromiseForm(forms.Form):
    channel = forms.ChoiceField(label=gettext_lazy("On which channel"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("About what"), required=False)
    hours = forms.DecimalField(
        label=gettext_lazy("Within how many working hours"), min_value=0, max_digits=5, decimal_places=2, initial=4
    )
    ask_before = forms.IntegerField(
        label=gettext_lazy("Ask the next in line so many minutes before"), min_value=0, max_value=1440, initial=30
    )

    def __init__(self, *arguments: Any, promise: Promise | None = None, **named: Any) -> None:
        if promise is not None:
            named["initial"] = {
                "channel": promise.channel,
                "purpose": promise.purpose,
                "hours": round(promise.minutes / 60, 2),
                "ask_before": promise.ask_before,
            }
        super().__init__(*arguments, **named)
        kept = {promise.channel} if promise is not None and promise.channel else set()
        known = sorted((channel_name(key), key) for key in kept.union(heard_on()))
        choices: dict[str, Any] = {
            "channel": [("", _("All channels")), *((key, name) for name, key in known)],
            "purpose": [("", _("All purposes")), *Purpose.choices],
        }
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given


class EveningForm(forms.Form):
    rota: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Who takes turns in the evening"), required=False
    )
    until = forms.TimeField(label=pgettext_lazy("a time", "Until"), required=False, widget=TimeInput())
    weekend = forms.BooleanField(label=gettext_lazy("Also on days off"), required=False)

    def __init__(self, *arguments: Any, by: Person, evening: Evening | None = None, **named: Any) -> None:
        if evening is not None:
            named["initial"] = {"rota": evening.rota_id, "until": evening.until, "weekend": evening.weekend}
        super().__init__(*arguments, **named)
        field: Any = self.fields["rota"]
        field.queryset, field.empty_label = people.rotas(by), _("Nobody")
