"""Forms of the story."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = 2000


def _long(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class StoryForm(forms.Form):
    why = _long(_("Why"), _("Why are we here? One sentence that a technician would say aloud."), required=True)
    mission = _long(_("Mission"), _("What we do for whom."))
    vision = _long(_("Vision"), _("What the world looks like when it works."))
    values = _long(_("Values"), _("What we hold to, one a line."))
    voice = _long(_("Voice"), _("How we sound. Such as: informal, plain, we show the work."))
    dos = _long(_("What we do"), _("One a line."))
    donts = _long(_("What we don't do"), _("One a line. Words between quotation marks are noticed in drafts."))
    goals = _long(_("Goals"), _("One a line: what, how much, when."))
    question = forms.CharField(label=_("A question that shows that it was understood"), max_length=300, required=False)
    answers = forms.CharField(
        label=_("Answers"), help_text=_("One a line."), required=False, max_length=900,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    right_answer = forms.IntegerField(
        label=_("Which is right"), help_text=_("The number of the line, from 1."), required=False, min_value=1,
        max_value=9,
    )  # fmt: skip
    what_changed = forms.CharField(
        label=_("What changed"), help_text=_("In one sentence, for those who read the one before."), max_length=300,
        required=False,
    )  # fmt: skip

    def parts(self) -> dict[str, Any]:
        """The cleaned form as `write_version` takes it."""
        found = dict(self.cleaned_data)
        found["answers"] = [line.strip()[:200] for line in found["answers"].splitlines() if line.strip()][:9]
        found["right_answer"] = found["right_answer"] - 1 if found["right_answer"] else None
        return found


class UnderstoodForm(forms.Form):
    """The question of a version, if it has one."""

    answer = forms.TypedChoiceField(label="", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, version: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version.question:
            self.fields["answer"].label = version.question
            self.fields["answer"].choices = list(enumerate(version.answers))  # type: ignore[attr-defined]
        else:
            del self.fields["answer"]
