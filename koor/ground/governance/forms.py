"""Forms of the governance room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koor.ground.governance.models import Responsibility
from koor.ground.governance.queries import Wanted, rooms_told
from koor.ground.people.forms import ColleagueField, Day
from koor.ground.people.models import Discipline, Person


class AuditForm(forms.Form):
    """The filter on what happened."""

    actor = ColleagueField(
        label=_("Who"), required=False, empty_label=_("Everyone"), queryset=Person.objects.order_by("name")
    )
    room = forms.ChoiceField(label=_("About"), required=False)
    words = forms.CharField(label=_("Name"), required=False, max_length=100)
    first = forms.DateField(label=_("From"), required=False, widget=Day)
    last = forms.DateField(label=_("Until"), required=False, widget=Day)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = [("", _("Everything")), *rooms_told(person)]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What is asked; a field that makes no sense is left out."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        actor = said.get("actor")
        return Wanted(
            actor=actor.pk if actor else None,
            room=said.get("room", ""),
            words=said.get("words", ""),
            first=said.get("first"),
            last=said.get("last"),
        )


class ResponsibilityForm(forms.Form):
    person = ColleagueField(label=_("A colleague"), required=False, empty_label=_("Nobody"))
    discipline = forms.ModelChoiceField(
        label=_("Or a discipline"), queryset=Discipline.objects.all(), required=False, empty_label=_("None")
    )
    agreed = forms.CharField(
        label=_("What is agreed"),
        max_length=300,
        required=False,
        help_text=_("In one sentence, such as: the office answers within the hour, technicians help."),
    )

    def __init__(self, *args: Any, agreed: Responsibility | None, **kwargs: Any) -> None:
        initial = (
            {"person": agreed.person_id, "discipline": agreed.discipline_id, "agreed": agreed.agreed} if agreed else {}
        )
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
