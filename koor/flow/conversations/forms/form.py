"""The contact form as a stranger fills it in, and as it is set."""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic
from koor.flow.conversations.queries.form import accounts_to_answer, people_in_form
from koor.flow.hub.media import allowed

ACCEPT = f"{allowed.ACCEPT_PHOTOS},{allowed.ACCEPT_DOCUMENT}"


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class _FilesField(forms.Field):
    """Several files, or none; what they are is looked at by who keeps them."""

    widget = _FilesInput


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
    photos = _FilesField(
        label=gettext_lazy("A photo or a PDF"),
        required=False,
        widget=_FilesInput(attrs={"accept": ACCEPT, "multiple": True}),
        help_text=gettext_lazy("At most 5, of 50 MB together. Where a photo was taken is left out."),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *arguments: Any, too_large: Iterable[str] = (), **named: Any) -> None:
        """`too_large`: names of files that were not even read."""
        super().__init__(*arguments, **named)
        self.too_large = list(too_large)
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

    def clean_photos(self) -> list[Any]:
        if self.too_large:
            sentence = _("“%(name)s” is too large: a file may be 40 MB, and all together 50 MB.")
            raise forms.ValidationError([sentence % {"name": name} for name in self.too_large])
        return list(self.cleaned_data["photos"])

    def once_more(self) -> Self:
        """Shown again. A browser lets nobody fill in a file for somebody else."""
        if "photos" in self.errors or self.cleaned_data.get("photos"):
            self.add_error("photos", _("Choose your files again: your browser does not keep them."))
        return self

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
