"""What people fill in about a conversation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.actions.recordings import LARGEST
from koor.flow.conversations.choices import ByHand, Direction
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": " ", "data-key": "r", "data-key-name": gettext_lazy("answer")}
        ),  # the space: so that the style sees whether there are words
    )
    last_message = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Write @ and a name: that colleague hears of it and can read along."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["text"].widget.attrs["data-names"] = reverse("conversations:names")


class KnownForm(forms.Form):
    known = forms.CharField(
        label=gettext_lazy("Don't ask again"),
        required=False,
        max_length=logic.LONGEST_KNOWN,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What they told already, in a line. Whoever answers next reads it first."),
    )


class NameForm(forms.Form):
    """Who the other is. Whom we know by these words are offered first, and somebody new."""

    MOST = 6
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    contact = forms.ChoiceField(label=gettext_lazy("Whom do you mean?"), widget=forms.RadioSelect, required=False)

    def __init__(self, *arguments: Any, by: Person, **named: Any) -> None:
        super().__init__(*arguments, **{"auto_id": "name_%s"} | named)
        words = " ".join(self.data.get("name", "").split())[:160]
        self.known = {str(one.pk): one for one in contacts.contacts(by, words=words)[: self.MOST]} if words else {}
        if not self.known:
            del self.fields["contact"]
            return
        people = [
            (key, f"{one.name}, {about}" if (about := one.organisation or one.role) else one.name)
            for key, one in self.known.items()
        ]
        self.fields["contact"].choices = [*people, ("new", _("Somebody new: %(name)s") % {"name": words})]  # type: ignore[attr-defined]

    def clean_contact(self) -> str:
        chosen: str = self.cleaned_data["contact"]
        if not chosen:
            raise forms.ValidationError(_("Perhaps we know them already. Choose who it is, or somebody new."))
        return chosen

    @property
    def chosen(self) -> Contact | None:
        """Whom we know; None for somebody new."""
        return self.known.get(self.cleaned_data.get("contact", ""))


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django does not subscript it at run time
    """A colleague; those who know this person come first. Whose words don't leave the house yet is told beside it."""

    def label_from_instance(self, obj: Any) -> str:
        practises = _("still practises") if obj.autonomy == Autonomy.PRACTISE else ""
        return ", ".join(filter(None, (obj.name, obj.job, practises)))


class AssignForm(forms.Form):
    """To a colleague. Whoever knows this person stands on top."""

    person = ColleagueField(queryset=Person.objects.none(), label=gettext_lazy("To whom"))
    sentence = forms.CharField(
        label=gettext_lazy("A sentence with it"), required=False, max_length=300, widget=forms.TextInput
    )
    direct_line = forms.BooleanField(required=False)

    def __init__(
        self,
        *arguments: Any,
        by: Person,
        first: Sequence[Person] = (),
        may_line: bool = False,
        contact: Contact | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self._offer(by, [one for one in first if one.pk != by.pk])
        if contact is None or not may_line:
            del self.fields["direct_line"]
        else:
            words = _("From now on the direct line of %(name)s") % {"name": contact.first_name}
            self.fields["direct_line"].label = words

    def _offer(self, by: Person, known: list[Person]) -> None:
        field: Any = self.fields["person"]
        field.queryset = people.colleagues(by).select_related(None).exclude(pk=by.pk)
        numbers = {one.pk for one in known}
        everyone = field.queryset.only("name", "job", "autonomy")
        rest = [(one.pk, field.label_from_instance(one)) for one in everyone if one.pk not in numbers]
        top = [(one.pk, field.label_from_instance(one)) for one in known]
        groups = [(_("Know each other"), top), (_("Colleagues"), rest)] if top else rest
        field.widget.choices = [("", _("Choose a colleague")), *groups]


class ByHandForm(forms.Form):
    """A moment outside Koor's channels, in one line."""

    text = forms.CharField(
        label=gettext_lazy("What was it about?"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    voice = forms.FileField(
        label=gettext_lazy("Or say it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": True}),
        help_text=gettext_lazy("Your phone records it. It plays in their story; colleagues hear it, nobody outside."),
    )
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

    def clean_voice(self) -> bytes:
        """What was recorded, as it is; nothing when nothing was."""
        file = self.cleaned_data["voice"]
        if file is None:
            return b""
        content: bytes = file.read(LARGEST + 1)
        return content

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("voice") and "voice" not in self.errors:
            self.add_error("text", gettext_lazy("Write a line, or record one."))
        return cleaned
