"""What people fill in about being in touch."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koor.flow.relations import logic
from koor.flow.relations.choices import BY_HAND


class TouchForm(forms.Form):
    """A moment with somebody, in one line."""

    sentence = forms.CharField(
        label=_("In one line"), required=False, widget=forms.TextInput(attrs={"maxlength": logic.LONGEST_SENTENCE})
    )
    kind = forms.ChoiceField(label=_("What it was"), choices=[(kind.value, kind.label) for kind in BY_HAND])


class RhythmForm(forms.Form):
    every_days = forms.TypedChoiceField(
        label=_("I want to speak with them"),
        coerce=int,
        choices=[
            (14, _("every two weeks")),
            (30, _("every month")),
            (60, _("every two months")),
            (90, _("every three months")),
            (180, _("twice a year")),
            (365, _("every year")),
            (logic.NO_NEED, _("no need to remind me")),
        ],
    )


class AfterForm(forms.Form):
    """A letter after a project."""

    text = forms.CharField(
        label=_("What you write to them"), strip=False, required=False, widget=forms.Textarea(attrs={"rows": 9})
    )
