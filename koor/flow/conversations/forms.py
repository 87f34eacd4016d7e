"""What people fill in about a conversation."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.choices import ByHand, Direction
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.models import Person


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r", "data-key-name": gettext_lazy("answer")}),
    )
    last_message = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class NoteForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Note for colleagues"), widget=forms.Textarea(attrs={"rows": 2}))


class KnownForm(forms.Form):
    known = forms.CharField(
        label=gettext_lazy("Don't ask again"),
        required=False,
        max_length=logic.LONGEST_KNOWN,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What they told already, in a line. Whoever answers next reads it first."),
    )


class ColleagueField(forms.ModelChoiceField):
    """A colleague; those who know this person come first."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.job}" if obj.job else str(obj.name)


class _ToColleague(forms.Form):
    def __init__(self, *arguments: Any, by: Person, first: list[Person] | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by, self.first = by, first or []

    def offer(self, name: str, empty: str) -> None:
        """The colleagues to choose from; one query, whoever knows this person on top."""
        field = self.fields[name]
        everyone = people.colleagues(self.by).select_related(None).exclude(pk=self.by.pk)
        field.queryset = everyone  # type: ignore[attr-defined]
        known = [one for one in self.first if one.pk != self.by.pk]
        rest: list[Any] = [(one.pk, field.label_from_instance(one)) for one in everyone.only("name", "job")]  # type: ignore[attr-defined]
        choices: list[Any] = [("", empty)]
        if known:
            numbers = {one.pk for one in known}
            top = [(one.pk, field.label_from_instance(one)) for one in known]  # type: ignore[attr-defined]
            choices += [
                (_("Know each other"), top),
                (_("Colleagues"), [pair for pair in rest if pair[0] not in numbers]),
            ]
        else:
            choices += rest
        field.widget.choices = choices  # type: ignore[attr-defined]


class AssignForm(_ToColleague):
    person = ColleagueField(queryset=Person.objects.none(), label=gettext_lazy("To whom"))
    sentence = forms.CharField(
        label=gettext_lazy("A sentence with it"), required=False, max_length=300, widget=forms.TextInput
    )
    direct_line = forms.BooleanField(label=gettext_lazy("From now on their direct line"), required=False)

    def __init__(self, *arguments: Any, may_line: bool = False, contact: Contact | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("person", _("Choose a colleague"))
        if contact is None or not may_line:
            del self.fields["direct_line"]
        else:
            words = _("From now on the direct line of %(name)s") % {"name": contact.first_name}
            self.fields["direct_line"].label = words


class NotForMeForm(_ToColleague):
    belongs_to = ColleagueField(
        queryset=Person.objects.none(), required=False, label=gettext_lazy("Where should it go?")
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer("belongs_to", _("Koor finds somebody"))


class ByHandForm(forms.Form):
    """A moment outside Koor's channels, in one line."""

    text = forms.CharField(label=gettext_lazy("What was it about?"), widget=forms.Textarea(attrs={"rows": 2}))
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=ByHand)
    direction = forms.ChoiceField(
        label=gettext_lazy("Who said it"),
        choices=[
            (Direction.IN, gettext_lazy("They told us")),
            (Direction.OUT, gettext_lazy("We told them")),
            (Direction.NOTE, gettext_lazy("A note for colleagues")),
        ],
        initial=Direction.IN,
    )
    waits = forms.BooleanField(label=gettext_lazy("They expect to hear from us"), required=False)


class BeginForm(ByHandForm):
    """The same, with somebody who is looked up by name or new."""

    name = forms.CharField(label=gettext_lazy("With whom"), max_length=160)
    field_order = ["name", "text", "channel", "direction", "waits"]
