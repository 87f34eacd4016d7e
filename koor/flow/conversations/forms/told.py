"""A line of the summary."""

from django import forms
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.choices import ToldKind


class ToldForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What kind of line"), choices=ToldKind)
    line = forms.CharField(
        label=gettext_lazy("In one line"),
        max_length=logic.LONGEST_TOLD,
        widget=forms.TextInput(attrs={"maxlength": 300}),
    )
