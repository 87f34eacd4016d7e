"""Forms of the hub."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from koor.flow.hub import logic, queries
from koor.flow.hub.choices import Agrees, ItemKind, ItemState, Rights, WhoIsIn
from koor.flow.hub.forms.curating import DecisionForm as DecisionForm
from koor.flow.hub.forms.curating import FocusForm as FocusForm
from koor.flow.hub.forms.curating import KeepForm as KeepForm
from koor.flow.hub.forms.ideas import ExampleForm as ExampleForm
from koor.flow.hub.forms.ideas import IdeaForm as IdeaForm
from koor.flow.hub.forms.ideas import MoveForm as MoveForm
from koor.flow.hub.forms.ideas import OccasionForm as OccasionForm
from koor.flow.hub.forms.ideas import SameForm as SameForm
from koor.flow.hub.forms.ideas import WishForm as WishForm
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.boxes import MOST, Box, box
from koor.flow.hub.models import Face, Item
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Discipline, Person, Skill
from koor.kernel import clock, numbers
from koor.kernel.access import Refused

NO_PROJECTS, NOBODY = Project.objects.none(), Person.objects.none()  # filled when somebody opens the form
ROWS = 4  # lines for people in a picture; a script adds more


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class CaptureForm(forms.Form):
    """What goes with the photos; these themselves are read by the view."""

    client_id = forms.CharField(widget=forms.HiddenInput, required=False)
    prompt = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_at = forms.CharField(required=False)  # by the phone's own clock, in milliseconds
    phone_now = forms.CharField(required=False)  # what that clock says now
    sentence = forms.CharField(
        label=_("One sentence"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "enterkeyhint": "done"}),
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=NO_PROJECTS, required=False, empty_label=_("No project")
    )

    def __init__(self, person: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is not None:
            self.fields["project"].queryset = queries.project_choices(person)  # type: ignore[attr-defined]

    def moment(self) -> datetime | None:
        """When it was taken, by the clock of the house; None when nobody can say."""
        cleaned = self.cleaned_data
        return logic.taken_moment(cleaned["taken_at"], cleaned["phone_now"], clock.now())

    def fresh_id(self) -> uuid.UUID:
        """The phone's own key, or a new one when it sent none that can be read."""
        try:
            return uuid.UUID(self.cleaned_data["client_id"])
        except ValueError:
            return uuid.uuid4()


def who_rows(data: Any) -> list[tuple[str, str]]:
    """The lines (name, agrees) of a form as they were filled in, empty ones left out."""
    names, answers = data.getlist("who"), data.getlist("agrees")
    rows = [
        (
            " ".join(name.split())[:120],
            answers[at] if at < len(answers) and answers[at] in Agrees.values else Agrees.ASK,
        )
        for at, name in enumerate(names)
    ]
    written = {name for name, _agrees in rows}
    ticked = dict.fromkeys(" ".join(name.split())[:120] for name in data.getlist("agreed"))
    rows += [(name, Agrees.YES) for name in ticked if name not in written]  # one tap: who was in it last time
    return [(name, str(agrees)) for name, agrees in rows if name]


def in_picture(rows: Iterable[tuple[str, str]], known: Iterable[tuple[str, Person | Contact]]) -> list[InPicture]:
    """Those lines as people: a colleague or a contact where the name is theirs."""
    everybody = list(known)
    found = []
    for name, agrees in rows:
        who = logic.who_is(name, everybody)
        person, contact = (who, None) if isinstance(who, Person) else (None, who)
        found.append(InPicture(name, agrees, person, contact))
    return found


def places_of(data: Any, known: Iterable[Face]) -> tuple[list[Box], bool]:
    """The places of a form: proposals that were ticked (by id), places as they stood on the page before, and those
    that were written in percents. And whether something in it was no place in the picture."""
    faces = {str(one.pk): Box(one.left, one.top, one.wide, one.high) for one in known}
    found: list[Box | None] = [faces.get(pk) for pk in data.getlist("face")[:MOST]]
    found += [_place(said.split(","), 1) for said in data.getlist("place")[:MOST]]
    rows = list(zip(*(data.getlist(name)[:MOST] for name in PLACE), strict=False))
    found += [_place(row, 100) for row in rows if any(part.strip() for part in row)]
    good = list(dict.fromkeys(one for one in found if one is not None))
    return good, None in found


PLACE = ("left", "top", "wide", "high")


def _place(said: Sequence[str], whole: int) -> Box | None:
    try:
        left, top, wide, high = (float(part.strip()[:20].replace(",", ".")) / whole for part in said)
    except ValueError:
        return None
    return box(left, top, wide, high)


class FilterForm(forms.Form):
    """What is shown of the library. Nonsense shows everything."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    state = forms.ChoiceField(required=False, choices=[("", ""), *ItemState.choices])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *ItemKind.choices])
    project = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    maker = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    tag = forms.CharField(required=False, max_length=logic.TAG_CHARACTERS)
    used = forms.ChoiceField(required=False, choices=[("", ""), ("yes", ""), ("no", "")])
    evergreen = forms.BooleanField(required=False)
    consent = forms.ChoiceField(
        label=_("Consent"),
        required=False,
        choices=[
            ("", _("With and without")),
            (Agrees.YES, _("Everybody agrees")),
            (Agrees.ASK, _("Still to be asked")),
            (Agrees.NO, _("Somebody does not agree")),
        ],
    )
    since = forms.DateField(label=_("Came in from"), required=False, widget=_day())
    until = forms.DateField(label=_("Came in until"), required=False, widget=_day())

    def asked(self) -> queries.Asked:
        """The arguments of `queries.items`; fields that can't be read are left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        asked: queries.Asked = {"words": cleaned.get("q", "")}
        for name in FILTERS:
            if cleaned.get(name):
                asked[name] = cleaned[name]  # type: ignore[literal-required]
        return asked


FILTERS = ("state", "kind", "project", "maker", "tag", "used", "evergreen", "consent", "since", "until")


class ItemForm(forms.Form):
    title = forms.CharField(label=_("In short"), max_length=200, required=False)
    text = forms.CharField(label=_("Text"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 4}))
    url = forms.CharField(label=_("Link"), max_length=500, required=False)
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=NO_PROJECTS, required=False, empty_label=_("No project")
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=500, required=False, help_text=_("With commas between, such as: heat pump, attic")
    )
    rights_kind = forms.ChoiceField(label=_("Whose is it?"), choices=Rights.choices, required=False)
    rights = forms.CharField(
        label=_("Rights"),
        max_length=200,
        required=False,
        help_text=_("Whose it is and what is allowed, when it is not ours."),
    )
    rights_until = forms.DateField(
        label=_("We may use it until"),
        required=False,
        widget=_day(),
        help_text=_("The last day. After it nothing new is published of it. Empty: without end."),
    )
    evergreen = forms.BooleanField(label=_("Evergreen: can be used at any time of the year"), required=False)
    rest_days = forms.IntegerField(
        label=_("Days that it rests after it was used"), required=False, min_value=0, max_value=logic.LONGEST_REST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, person: Person, item: Item, *args: Any, **kwargs: Any) -> None:
        rights = ("rights_kind", "rights", "rights_until")
        names = ("title", "text", "url", "project", *rights, "evergreen", "rest_days")
        kwargs["initial"] = {**{name: getattr(item, name) for name in names}, "tags": ", ".join(item.tags)}
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = contacts.projects(person)  # type: ignore[attr-defined]
        usual = {"days": people.house().evergreen_rest}
        self.fields["rest_days"].help_text = _("Of something evergreen. Empty: %(days)s, as with everything.") % usual
        if item.capture_id is not None:
            del self.fields["url"]
        for number, medium in enumerate(item.media.all(), start=1):
            self.fields[f"alt-{medium.pk}"] = forms.CharField(
                label=_("Picture %(number)s in words") % {"number": number},
                help_text=_("For who can't see it: what is there to see?"),
                initial=medium.alt or queries.suggested_alt(item),
                max_length=1500,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def alts(self) -> dict[int, str]:
        found = {name.removeprefix("alt-"): text for name, text in self.cleaned_data.items() if name.startswith("alt-")}
        return {int(pk): text for pk, text in found.items()}

    def changes(self) -> dict[str, Any]:
        changed = {name: value for name, value in self.cleaned_data.items() if not name.startswith("alt-")}
        if not changed["rights_kind"]:
            del changed["rights_kind"]
        return {**changed, "tags": logic.tags_of(changed["tags"])}


class AddForm(forms.Form):
    """A text, a link, a document or a find, put into the library."""

    document = forms.FileField(
        label=_("Document (PDF)"), required=False, widget=forms.FileInput({"accept": allowed.ACCEPT_DOCUMENT}),
        help_text=_("At most 100 MB and 300 pages. It leaves as it looks: whatever hides in it stays behind."),
    )  # fmt: skip
    alt = forms.CharField(
        label=_("The document in words"), max_length=1500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("For who can't see it: what does it show, what does it say?"),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Link"), max_length=500, required=False,
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text=_("Without a title it gets the one of its page."),
    )  # fmt: skip
    title = forms.CharField(label=_("In short"), max_length=200, required=False)
    text = forms.CharField(label=_("Text"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 4}))
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=NO_PROJECTS, required=False, empty_label=_("No project")
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=500, required=False, help_text=_("With commas between, such as: heat pump, attic")
    )
    rights_kind = forms.ChoiceField(label=_("Whose is it?"), choices=Rights.choices)
    rights = forms.CharField(
        label=_("Rights"), max_length=200, required=False,
        help_text=_("Whose it is and what is allowed, when it is not ours."),
    )  # fmt: skip
    rights_until = forms.DateField(
        label=_("We may use it until"), required=False, widget=_day(), help_text=_("The last day. Empty: without end.")
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = contacts.projects(person)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What `add_text_item` takes, or with a document `add_document`."""
        said = {**self.cleaned_data, "tags": logic.tags_of(self.cleaned_data["tags"])}
        document, alt = said.pop("document"), said.pop("alt")
        if document is None and alt.strip():
            raise Refused(gettext("Choose the document again."), code="no_document", field="document")
        if document is None:
            return said
        if said.pop("url"):
            raise Refused(gettext("A document has no link beside it. Put the link in the text."), field="url")
        return {**said, "document": Photo(str(document.name), document), "alt": alt}

    def comes_back(self) -> None:
        """With something to mend: the browser empties the field of the file then, so that it has to be chosen anew."""
        if self.errors and self.files.get("document") and "document" not in self.errors:
            self.add_error("document", gettext("Choose the document again."))


class CollectionForm(forms.Form):
    name = forms.CharField(label=_("Name of the collection"), max_length=120)
    shared = forms.BooleanField(label=_("Colleagues see it too"), required=False)
    offered = forms.BooleanField(
        label=_("Propose from it"), required=False, help_text=_("Where the calendar has a hole in the coming weeks.")
    )

    def __init__(self, may_offer: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_offer:
            del self.fields["offered"]


class PromptForm(forms.Form):
    question = forms.CharField(
        label=_("Question"), max_length=300,
        help_text=_("One question that a photo or a sentence answers: who can show it, who knows why?"),
        widget=forms.Textarea({"rows": 2, "data-count": 300}),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why people ask this"), max_length=300, required=False, help_text=_("One sentence helps.")
    )
    about = forms.ModelChoiceField(
        label=_("What it is about"),
        queryset=Skill.objects.none(),
        required=False,
        empty_label=_("as the question says"),
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, empty_label=_("no project")
    )
    disciplines = forms.ModelMultipleChoiceField(
        label=_("Disciplines"), queryset=Discipline.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.ModelMultipleChoiceField(
        label=_("Who knows about"), queryset=Skill.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("prompt", "Colleagues"),
        queryset=NOBODY,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disciplines"].queryset = people.disciplines(person)  # type: ignore[attr-defined]
        known = Skill.objects.filter(people__is_active=True).distinct().order_by("name", "kind", "pk")
        self.declared = [(one.pk, str(one)) for one in known]
        self.fields["about"].queryset = self.fields["skills"].queryset = known  # type: ignore[attr-defined]
        self.fields["about"].choices = [("", _("as the question says")), *self.declared]  # type: ignore[attr-defined]
        self.fields["skills"].choices = self.declared[:60]  # type: ignore[attr-defined]
        self.fields["project"].queryset = contacts.projects(person)  # type: ignore[attr-defined]
        self.fields["people"].queryset = people.colleagues(person).exclude(pk=person.pk)  # type: ignore[attr-defined]

    def chosen(self, name: str) -> list[Any]:
        """What is chosen in a field for one, whether the form was sent or not; nothing when it can't be read."""
        asked = numbers.row(str(self[name].value() or ""))
        known = self.fields[name].queryset  # type: ignore[attr-defined]
        return list(known.filter(pk=asked)) if asked else []


class AnswerForm(forms.Form):
    sentence = forms.CharField(
        label=_("Your answer in one sentence"), max_length=500, required=False,
        widget=forms.Textarea({"rows": 2, "data-count": 500}),
    )  # fmt: skip


class LetterForm(forms.Form):
    """An answer from a letter: one sentence, one photo, or both."""

    sentence = forms.CharField(
        label=_("Your answer in one sentence"), max_length=500, required=False,
        widget=forms.Textarea({"rows": 3, "data-count": 500}),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("A photo"), required=False, widget=forms.FileInput({"accept": "image/*", "data-preview": ""})
    )
    who = forms.ChoiceField(
        label=_("Who is in the photo?"), choices=WhoIsIn.choices, initial=WhoIsIn.LATER, required=False,
        widget=forms.RadioSelect, help_text=_("Until we know it is not published."),
    )  # fmt: skip


class FaceForm(forms.Form):
    """One's own photo."""

    photo = forms.FileField(
        label=_("A photo of you"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/heic", "data-preview": ""}),
        help_text=_("Colleagues see it, and so does who reads what you post. Place and device are taken out of it."),
    )
