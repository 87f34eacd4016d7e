"""The contact form as a stranger fills it in, and as it is set."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.queries.form import accounts_to_answer, people_in_form


class StrangerForm(forms.Form):
    """Name, how they are reached, and their words. `website` is for machines: people never see it."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=logic.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reached = forms.CharField(
        label=gettext_lazy("Your e-mail address or telephone number"),
        max_length=200,
        help_text=gettext_lazy("There you get the answer; it is used for nothing else."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    line = forms.TypedChoiceField(
        label=gettext_lazy("For whom is it?"), required=False, coerce=int, empty_value=None, choices=()
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        strip=False,  # without a longest here: a browser would leave out the end of what is pasted, and say nothing
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        lines = people_in_form()
        if not lines:
            del self.fields["line"]
            return
        whom: Any = self.fields["line"]
        names = [
            (one.pk, f"{one.person.name} – {one.about[:60]}" if one.about else one.person.name)
            for one in lines
            if one.person
        ]
        whom.choices = [("", gettext_lazy("Whoever can help me best")), *names]

    @property
    def by_a_machine(self) -> bool:
        return bool(self.data.get("website", ""))


class ContactFormForm(forms.Form):
    """How the form is set."""

    is_on = forms.BooleanField(label=gettext_lazy("Strangers may write to us here"), required=False)
    intro = forms.CharField(
        label=gettext_lazy("What stands above it"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("In the words of the house."),
    )
    account = forms.TypedChoiceField(
        label=gettext_lazy("We answer from"), required=False, coerce=int, empty_value=None, choices=()
    )
    shows_people = forms.BooleanField(
        label=gettext_lazy("They may choose a colleague"),
        required=False,
        help_text=gettext_lazy("Only colleagues who opened a line for a project themselves."),
    )
    sites = forms.CharField(
        label=gettext_lazy("Websites that have the form too"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line, such as https://www.example.org. A post from elsewhere is refused."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        account: Any = self.fields["account"]
        rows = [(one.pk, f"{one.name} ({one.handle})" if one.handle else one.name) for one in accounts_to_answer()]
        account.choices = [("", gettext_lazy("Nothing: a colleague writes or calls")), *rows]
