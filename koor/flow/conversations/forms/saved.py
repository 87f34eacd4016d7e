"""What people fill in about a saved answer."""

from django import forms
from django.utils.translation import gettext_lazy

from koor.flow.conversations import logic


class SavedForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("By which you find it again.")
    )
    text = forms.CharField(
        label=gettext_lazy("The answer"),
        max_length=logic.LONGEST_SAVED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": logic.LONGEST_SAVED}),
    )
    for_all = forms.BooleanField(label=gettext_lazy("For all colleagues"), required=False)

    def __init__(self, *arguments: object, may_for_all: bool = False, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        if not may_for_all:
            del self.fields["for_all"]
