"""Forms of the curator: what a picture is about, and a word to its maker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koor.flow.hub import logic, queries
from koor.flow.hub.choices import MediumKind
from koor.flow.hub.media.crops import MOST_ZOOM, Cut
from koor.flow.hub.models import Item, Medium
from koor.ground.channels.contract import Shape

SHAPES = {
    Shape.LANDSCAPE: pgettext_lazy("shape", "Landscape"),
    Shape.SQUARE: pgettext_lazy("shape", "Square"),
    Shape.PORTRAIT: pgettext_lazy("shape", "Portrait"),
    Shape.STORY: pgettext_lazy("shape", "Story"),
}


def _percent(label: Any, least: int, most: int, initial: int) -> forms.IntegerField:
    slide = forms.NumberInput({"type": "range", "min": least, "max": most, "step": 1})
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=initial, widget=slide)


class FocusForm(forms.Form):
    """What a picture is about, and what of it each shape shows."""

    def __init__(self, medium: Medium, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        middle = queries.focus_of(medium) or Cut()
        self.fields["x"] = _percent(_("From the left"), 0, 100, middle.x)
        self.fields["y"] = _percent(_("From the top"), 0, 100, middle.y)
        for shape in SHAPES:
            own, cut = shape in medium.cuts, queries.cut_of(medium, shape)
            ticked = forms.BooleanField(label=_("Cut this one in its own way"), required=False, initial=own)
            self.fields[f"{shape}-own"] = ticked
            self.fields[f"{shape}-x"] = _percent(_("From the left"), 0, 100, cut.x)
            self.fields[f"{shape}-y"] = _percent(_("From the top"), 0, 100, cut.y)
            self.fields[f"{shape}-zoom"] = _percent(_("How near"), 100, MOST_ZOOM, cut.zoom)

    def focus(self) -> tuple[int, int]:
        return self.cleaned_data["x"], self.cleaned_data["y"]

    def cuts(self) -> dict[str, Cut]:
        said = self.cleaned_data
        own = [shape for shape in SHAPES if said[f"{shape}-own"]]
        return {str(one): Cut(said[f"{one}-x"], said[f"{one}-y"], said[f"{one}-zoom"]) for one in own}

    def of_shape(self, shape: str) -> dict[str, Any]:
        """The fields of one shape, with its name."""
        names = ("own", "x", "y", "zoom")
        return {"name": SHAPES[Shape(shape)], **{name: self[f"{shape}-{name}"] for name in names}}


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("A word to the maker"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )
    ready = forms.ChoiceField(label=_("Or say one of these"), required=False)

    def __init__(self, reasons: Iterable[str] = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ready"].choices = [("", _("In my own words")), *((one, _(one)) for one in reasons)]  # type: ignore[attr-defined]

    def said_in(self, language: str) -> str:
        """The own words, after the ready sentence in the language of who reads it."""
        with translation.override(language):
            chosen = self.cleaned_data["ready"]
            ready = translation.gettext(chosen) if chosen else ""
        return f"{ready} {self.cleaned_data['reason']}".strip()


WORDS: dict[str, Any] = {MediumKind.DOCUMENT: _("The document in words"), MediumKind.FILM: _("The film in words")}


class KeepForm(DecisionForm):
    """To keep it, with what each picture shows in words; suggested where nobody said it yet."""

    def __init__(self, item: Item, *args: Any, **kwargs: Any) -> None:
        super().__init__(logic.KIND_TO_KEEP, *args, **kwargs)
        shown = [medium for medium in item.shows if medium.kind != MediumKind.VOICE]
        for number, medium in enumerate(shown, start=1):
            label = _("Picture %(number)s in words") % {"number": number}
            self.fields[f"alt-{medium.pk}"] = forms.CharField(
                label=label if len(shown) > 1 else WORDS.get(medium.kind, _("The picture in words")),
                help_text=_("For who can't see it: what is there to see?"),
                initial=medium.alt or queries.suggested_alt(item),
                max_length=1500,
                required=False,
                widget=forms.Textarea({"rows": 3}),
            )

    def pictures(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("alt-")]

    def alts(self) -> dict[int, str]:
        """What was sent; a picture of which nothing was sent stays as it was described."""
        sent = [name for name in self.fields if name.startswith("alt-") and self.add_prefix(name) in self.data]
        return {int(name.removeprefix("alt-")): self.cleaned_data[name] for name in sent}
