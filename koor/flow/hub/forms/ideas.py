"""Forms of ideas, wishes, occasions and good examples."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from koor.flow.hub import queries
from koor.flow.hub.choices import IdeaState
from koor.flow.hub.models import Wish
from koor.ground.people import queries as people
from koor.ground.people.models import Discipline, Person
from koor.kernel.forms import DayInput


class IdeaForm(forms.Form):
    text = forms.CharField(
        label=_("Your idea"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("What would people like to see, hear or know?"),
    )  # fmt: skip
    url = forms.CharField(label=_("Link"), max_length=500, required=False)


class MoveForm(forms.Form):
    """Another place on the board."""

    state = forms.ChoiceField(label=_("Where it stands"), choices=IdeaState.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("A word to the maker"), max_length=300, required=False, help_text=_("Needed for “not now”."),
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )  # fmt: skip


def _choose_among(field: Any, wishes: QuerySet[Wish]) -> bool:
    """Whether there are any; asked once, where the field by itself asks again each time it is drawn."""
    field.queryset, rows = wishes, list(wishes)
    field.choices = [("", field.empty_label or ""), *((one.pk, str(one)) for one in rows)]
    return bool(rows)


class WishForm(forms.Form):
    """A wish in one sentence, or one voice more for a wish that there is."""

    sentence = forms.CharField(
        label=_("What would they like to see or know?"), max_length=300, required=False,
        help_text=_("One sentence. Every colleague reads it, so leave names out."),
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )  # fmt: skip
    into = forms.ModelChoiceField(
        label=_("Or the same as"), queryset=Wish.objects.none(), required=False, empty_label=_("a new wish")
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = _choose_among(self.fields["into"], queries.open_wishes(person))


class SameForm(forms.Form):
    """Which wish this one is the same as."""

    into = forms.ModelChoiceField(
        label=_("It is the same as"), queryset=Wish.objects.none(), empty_label=_("choose a wish")
    )

    def __init__(self, person: Person, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = _choose_among(self.fields["into"], queries.open_wishes(person, apart_from=wish))


class OccasionForm(forms.Form):
    """The house's own occasion, or other words for one that Koor knows; that of a project has no days of its own."""

    sentence = forms.CharField(
        label=_("In one sentence"), max_length=200, help_text=_("A question that a photo answers works best."),
        widget=forms.Textarea({"rows": 2, "data-count": 200}),
    )  # fmt: skip
    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(label=_("Up to and including"), widget=DayInput())
    disciplines = forms.ModelMultipleChoiceField(
        label=_("For whom"), queryset=Discipline.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: for everybody."),
    )  # fmt: skip

    def __init__(self, person: Person, *args: Any, phase: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disciplines"].queryset = people.disciplines(person)  # type: ignore[attr-defined]
        if phase:
            del self.fields["first"], self.fields["last"]


class ExampleForm(forms.Form):
    why = forms.CharField(
        label=_("Why is it good?"), max_length=300, help_text=_("One sentence from which others learn something."),
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )  # fmt: skip
