"""Forms of publishing. The compose page has fields for each account and each picture; `ComposeForm` reads them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.models import Slot
from koor.flow.publishing.choices import Every
from koor.flow.publishing.logic import repeats
from koor.flow.publishing.queries import speaking
from koor.flow.publishing.queries.compose import moment_of
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.forms import ColleagueField
from koor.ground.people.models import Person
from koor.ground.people.queries import away_on, today
from koor.kernel import numbers
from koor.kernel.access import Refused
from koor.kernel.forms import DayInput, TimeInput
from koor.kernel.templatetags.koor import when

NOW, LATER, PLACE = "now", "later", "slot"


WHEN = [(NOW, _("Now")), (LATER, _("At a moment"))]


KINDS = [
    ("correct", _("Correct it: the words are changed")),
    ("apologise", _("Apologise: it stays, with what we have to say about it")),
    ("withdraw", _("Take it back: it goes away everywhere")),
]


def _place_said(slot: Slot) -> str:
    said = f"{when(slot.day, 'day')}, {slot}"
    return f"{said} ({slot.account.name})" if slot.account else said


class AgainForm(forms.Form):
    """How a planned post comes back, beside the rest of the compose page."""

    every = forms.ChoiceField(label=_("It comes back"), required=False, choices=[("", _("no, once")), *Every.choices])
    until = forms.DateField(label=_("Up to and including"), required=False, widget=DayInput())
    times = forms.IntegerField(label=_("So many times in all"), required=False, min_value=2, max_value=500)
    anew = forms.BooleanField(
        label=_("I write it anew each time"), required=False,
        help_text=_("You find a draft on Today. Without you nothing goes."),
    )  # fmt: skip
    others = forms.CharField(
        label=_("Other words for the next times"),
        required=False,
        max_length=100_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Put a line with three dashes between two texts. They take turns."),
    )

    @property
    def chosen(self) -> dict[str, Any] | None:
        """What was filled in, when it is to come back; ask only when it is valid."""
        said = self.cleaned_data
        if not said.get("every"):
            return None
        texts = [] if said["anew"] else repeats.variants(said["others"])
        return {name: said[name] for name in ("every", "until", "times", "anew")} | {"texts": texts}


class ComposeForm(forms.Form):
    """The fields that every post has. What is there for each account and picture is read by `of_accounts` and so on."""

    text = forms.CharField(
        label=_("In one thought"),
        required=False,
        strip=True,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("For the newsroom. Without one the first sentence."),
    )
    link = forms.URLField(label=_("Link"), required=False, max_length=1000, assume_scheme="https")
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Platforms show a post to who reads its language, and read it aloud in it."),
    )
    when = forms.ChoiceField(label=_("When"), choices=WHEN, widget=forms.RadioSelect, initial=NOW)
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    time = forms.TimeField(label=_("Time"), required=False, widget=TimeInput())
    open_slot = forms.ChoiceField(
        label=_("Which place in the calendar"),
        required=False,
        error_messages={"invalid_choice": _("Somebody took that place just now. Choose another one.")},
    )

    def __init__(self, *args: Any, open_slots: Sequence[Slot] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.again = AgainForm(self.data if self.is_bound else None)
        chosen = str(self["language"].value() or "")
        also = chosen if speaking.known(chosen) else ""
        self.fields["language"].choices = [("", _("As the words are")), *speaking.offered(also)]  # type: ignore[attr-defined]
        self.open_slots = {str(slot.pk): slot for slot in open_slots}
        self.fields["open_slot"].choices = [(pk, _place_said(slot)) for pk, slot in self.open_slots.items()]  # type: ignore[attr-defined]
        if open_slots or self.data.get("when") == PLACE:
            self.fields["when"].choices = [*WHEN, (PLACE, _("In an open place"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == PLACE and not cleaned.get("open_slot") and "open_slot" not in self.errors:
            self.add_error("open_slot", gettext("Choose a place in the calendar."))
        if cleaned.get("when") == LATER and not (cleaned.get("day") and cleaned.get("time")):
            self.add_error("time" if cleaned.get("day") else "day", gettext("Choose a day and a time."))
        if not self.again.is_valid():
            self.add_error(None, gettext("Look at how it comes back."))
        elif self.again.chosen and cleaned.get("when") == NOW:
            self.again.add_error("every", gettext("Choose a day and a time; then it can come back."))
            self.add_error(None, gettext("Look at how it comes back."))
        return cleaned

    def put(self, refused: Refused) -> None:
        """Why it could not be done, at the field that it is about."""
        if refused.field in self.again.fields:
            self.again.add_error(refused.field, str(refused))
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    @property
    def slot(self) -> Slot | None:
        """The open place that was chosen."""
        said = getattr(self, "cleaned_data", {})
        return self.open_slots.get(said.get("open_slot", "")) if said.get("when") == PLACE else None

    @property
    def due_local(self) -> datetime | None:
        said = self.cleaned_data
        if self.slot is not None:
            return moment_of(self.slot)
        if said.get("when") != LATER or not (said.get("day") and said.get("time")):
            return None
        return datetime.combine(said["day"], said["time"])


def chosen_accounts(data: QueryDict, offered: Sequence[Account]) -> list[Account]:
    wanted = set(data.getlist("accounts"))
    return [account for account in offered if str(account.pk) in wanted]


def own_texts(data: Mapping[str, str], accounts: Sequence[Account]) -> dict[int, str]:
    """Words of their own, by account. Empty means: as in the thought above."""
    found = {account.pk: str(data.get(f"text-{account.pk}", "")).strip()[:20_001] for account in accounts}
    return {pk: text for pk, text in found.items() if text}


def chosen_options(data: Mapping[str, str], accounts: Sequence[Account], asked: Mapping[int, Any]) -> dict[int, Any]:
    """What was chosen for a platform, by account."""
    return {
        account.pk: {one.key: str(data.get(f"option-{account.pk}-{one.key}", "")).strip() for one in asked[account.pk]}
        for account in accounts
        if asked.get(account.pk)
    }


def kept_pictures(data: QueryDict) -> list[tuple[int, str]]:
    """Pictures that stay, with what they show in words."""
    kept = numbers.rows(data.getlist("medium"), most=20)
    return [(pk, data.get(f"alt-{pk}", "").strip()) for pk in kept if f"drop-{pk}" not in data]


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("What would you like to say?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MomentForm(forms.Form):
    """Another moment for one row."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    time = forms.TimeField(label=_("Time"), widget=TimeInput())

    @property
    def due_local(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])


class LinkForm(forms.Form):
    """Where it stands, when there is an address."""

    url = forms.URLField(
        label=_("Its address"), required=False, max_length=1000, assume_scheme="https",
        help_text=_("Paste the link of your post. Without it we only know that it is up."),
    )  # fmt: skip


class EffectForm(forms.Form):
    """What came of it, as far as somebody wants to tell."""

    url = forms.URLField(label=_("Its address"), required=False, max_length=1000, assume_scheme="https")
    reacted = forms.IntegerField(label=_("How many people reacted"), required=False, min_value=0)
    said = forms.CharField(label=_("A word of what somebody said"), required=False, max_length=300)
    who = forms.CharField(
        label=_("Who that was"), required=False, max_length=200, widget=forms.TextInput(attrs={"list": "names"}),
        help_text=_("When it is one of our people, it stands with them too."),
    )  # fmt: skip


class CorrectionForm(forms.Form):
    """What was wrong and what is right. What is said on each place is read by `corrected_places`."""

    kind = forms.ChoiceField(label=_("What do you want to do?"), choices=KINDS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was wrong, and what is right?"),
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read this: in the newsroom, and under the post where we can say it there."),
    )
    text = forms.CharField(
        label=_("The right words"),
        required=False,
        max_length=20_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    title = forms.CharField(
        label=_("The right title"),
        required=False,
        max_length=160,
        strip=True,
        help_text=_("Where people see one. Left as it is, or empty: it stays."),
    )


def corrected_places(data: Mapping[str, str]) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """By row the way that was chosen, and the words with the mark that the place was shown with."""
    ways, said = {}, {}
    for name, value in list(data.items())[:400]:
        kind, _dash, number = name.partition("-")
        if kind in ("way", "mark") and (pk := numbers.row(number)):
            if kind == "way":
                ways[pk] = str(value)[:10]
            else:
                said[pk] = (str(data.get(f"text-{pk}", "")).replace("\r\n", "\n").strip()[:20_001], str(value)[:60])
    return ways, said


class MannerForm(forms.Form):
    """How links go out, and who is told when the newsroom changes."""

    tags = forms.BooleanField(
        label=_("Links tell where they were followed from"), required=False,
        help_text=_("As utm_source, utm_medium and utm_campaign, for the statistics of your own site."),
    )  # fmt: skip
    medium = forms.CharField(
        label=_("Kind of source"), max_length=40, required=False, help_text=_("Goes as utm_medium.")
    )
    short = forms.BooleanField(
        label=_("Links go by a short address of our own"), required=False,
        help_text=_("Then we see how often they are followed, by day, without knowing who."),
    )  # fmt: skip
    hub = forms.URLField(
        label=_("Hub for the feeds"), required=False, max_length=300, assume_scheme="https",
        help_text=_(
            "WebSub: it is told as soon as the newsroom changes, and tells who follows. Empty: nobody is told."
        ),
    )  # fmt: skip


class TagSetForm(forms.Form):
    name = forms.CharField(label=_("Name of the set"), max_length=60)
    tags = forms.CharField(label=_("Hashtags"), max_length=600, help_text=_("With spaces between them."))


class ReaderField(ColleagueField):
    """Who is away is told beside it."""

    away: Mapping[int, tuple[date, Person | None]] = {}

    def label_from_instance(self, person: Person) -> str:  # type: ignore[override]
        label = super().label_from_instance(person)
        if person.pk not in self.away:
            return label
        until = gettext("away until %(day)s") % {"day": when(self.away[person.pk][0], "day")}
        return f"{label}, {until}"


class ReaderForm(forms.Form):
    """Who reads along, among the others who work here and whose own words go out."""

    person = ReaderField(
        label=_("Who reads it first"),
        help_text=_("They say what they think of it, or let it go. Until then nobody outside sees it."),
    )

    def __init__(self, *args: Any, maker: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["person"]
        others = field.queryset.exclude(pk=maker.pk)  # type: ignore[attr-defined]
        field.away = away_on(today())  # type: ignore[attr-defined]
        field.queryset = others.exclude(autonomy=Autonomy.PRACTISE)  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Colleagues read this on every page of a post."))


class OfferForm(forms.Form):
    """Work of a colleague in one's own words: the words, where, and when if not now."""

    text = forms.CharField(
        label=_("In your words"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 7}), strip=True
    )
    account = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    time = forms.TimeField(label=_("Time"), required=False, widget=TimeInput())

    def __init__(self, places: Sequence[Account], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.places = {str(one.pk): one for one in places}
        self.fields["account"].choices = [(pk, one.name) for pk, one in self.places.items()]  # type: ignore[attr-defined]

    @property
    def due_local(self) -> datetime | None:
        """The moment, when planning was pressed."""
        said = self.cleaned_data
        return datetime.combine(said["day"], said["time"]) if self.data.get("do") == "plan" else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.data.get("do") == "plan" and not (cleaned.get("day") and cleaned.get("time")):
            self.add_error("time" if cleaned.get("day") else "day", gettext("Choose a day and a time."))
        return cleaned


class OfferToForm(forms.Form):
    """One more colleague."""

    person = forms.ModelChoiceField(queryset=Person.objects.none())

    def __init__(self, colleagues: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].queryset = colleagues  # type: ignore[attr-defined]
