"""What people fill in about being in touch, and about leads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koor.flow.hub.models import Collection
from koor.flow.publishing.models import Target
from koor.flow.relations import logic, queries
from koor.flow.relations.choices import BY_HAND, LeadState
from koor.flow.relations.models import Ambassador
from koor.ground.people.forms import ColleagueField
from koor.ground.people.models import Person


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


class LeadForm(forms.Form):
    """Who may want work from us, and who goes on with it."""

    wants = forms.CharField(
        label=_("What they want"),
        help_text=_("In one line, as who sells would like to read it."),
        widget=forms.TextInput(attrs={"maxlength": logic.LONGEST_SENTENCE}),
        required=False,
    )
    to = ColleagueField(label=_("Who goes on with it"), empty_label=None)
    send = forms.BooleanField(label=_("Send it to the system of sales too"), required=False)

    def __init__(self, *args: Any, receiver: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if receiver:
            self.fields["send"].label = _("Send it to %(name)s too") % {"name": receiver}
        else:
            del self.fields["send"]


class StandsForm(forms.Form):
    """How it stands with a lead."""

    state = forms.ChoiceField(label=_("How it stands"), choices=LeadState.choices)
    why = forms.CharField(
        label=_("Why"), max_length=200, required=False, help_text=_("When it came to nothing: of that we learn.")
    )


class HandForm(forms.Form):
    to = ColleagueField(label=_("Who goes on with it"), empty_label=None)


class ReceiverForm(forms.Form):
    """Where leads are sent to."""

    name = forms.CharField(label=_("What it is called here"), max_length=80, help_text=_("Such as: the CRM of sales."))
    url = forms.CharField(
        label=_("Its address for webhooks"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Koor sends a lead here as JSON, signed, and tries again until it arrives."),
    )
    is_on = forms.BooleanField(label=_("Leads go there"), required=False, initial=True)


class InviteForm(forms.Form):
    """What an ambassador gets and may share."""

    gets = forms.CharField(
        label=_("What they get"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: you see our newest work first, and we come and drink coffee once a year."),
    )
    asks = forms.CharField(
        label=_("What they may share"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    collection = forms.ModelChoiceField(
        label=_("A collection of the library"),
        queryset=Collection.objects.none(),
        required=False,
        empty_label=_("No collection"),
        help_text=_("Of it they see what is up in the newsroom."),
    )
    posts = forms.ModelMultipleChoiceField(
        label=_("Stories from the newsroom"),
        queryset=Target.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: Person, of: Ambassador | None = None, **kwargs: Any) -> None:
        if of is not None:
            said = {"gets": of.gets, "asks": of.asks, "collection": of.collection_id}
            kwargs["initial"] = said | {"posts": list(of.posts.values_list("pk", flat=True))}
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = queries.collections_to_choose(by, of)  # type: ignore[attr-defined]
        chosen = queries.articles_to_choose(of)
        self.fields["posts"].queryset = chosen  # type: ignore[attr-defined]
        self.fields["posts"].label_from_instance = lambda one: str(one.post)  # type: ignore[attr-defined]


class ThanksForm(forms.Form):
    sentence = forms.CharField(label=_("A word of thanks"), max_length=300)
