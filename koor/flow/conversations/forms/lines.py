"""A direct line as its colleague wishes it, and what somebody outside writes on its page."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy, pgettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Soon
from koor.ground.people import queries as people
from koor.ground.people.forms import ColleagueField
from koor.ground.people.models import Person
from koor.kernel.forms import TimeInput

DAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]


class LineForm(forms.Form):
    """What the page tells, when it is read, and who stands in."""

    about = forms.CharField(
        label=gettext_lazy("What may they ask you?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stands below your name on their page."),
    )
    answers = forms.ChoiceField(
        label=gettext_lazy("How soon you usually answer"),
        required=False,
        choices=[("", gettext_lazy("Don't say")), *Soon.choices],
        help_text=gettext_lazy("You say this yourself. Nothing is measured."),
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days on which you read it"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=pgettext_lazy("a time", "From"), widget=TimeInput)
    closes = forms.TimeField(label=pgettext_lazy("a time", "Until"), widget=TimeInput)
    limit = forms.IntegerField(
        label=gettext_lazy("People who may wait for you at once"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("With more than that, whoever stands in helps, and the page says so."),
    )
    stand_in = ColleagueField(
        label=gettext_lazy("Who stands in"), required=False, empty_label=gettext_lazy("As you say with your days away")
    )
    aside = forms.CharField(
        label=gettext_lazy("A sentence for whoever stands in"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        help_text=gettext_lazy("What one has to know about them. Only colleagues read it."),
    )
    shows_phone = forms.BooleanField(label=gettext_lazy("Show my telephone number"), required=False)
    shows_mail = forms.BooleanField(label=gettext_lazy("Show my e-mail address"), required=False)

    def __init__(self, *arguments: Any, by: Person, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["stand_in"]
        field.queryset = people.colleagues(by).select_related(None).exclude(pk=by.pk)
        if not by.phone:
            del self.fields["shows_phone"]


class FirstWordForm(forms.Form):
    """What a colleague says on somebody's page before they ask anything."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        strip=False,  # without a longest here: a browser would leave out the end of what is pasted, and say nothing
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OnTheLineForm(forms.Form):
    """A message on the page. `website` is for machines: people never see it."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=logic.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        strip=False,  # without a longest here: a browser would leave out the end of what is pasted, and say nothing
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *arguments: Any, known: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if known:
            del self.fields["name"]

    @property
    def by_a_machine(self) -> bool:
        return bool(self.data.get("website", ""))
