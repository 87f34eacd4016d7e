"""Forms of publishing. The compose page has fields for each account and each picture; `ComposeForm` reads them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from koor.ground.channels.models import Account
from koor.kernel.forms import DayInput, TimeInput

NOW, LATER = "now", "later"


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
    when = forms.ChoiceField(
        label=_("When"), choices=[(NOW, _("Now")), (LATER, _("At a moment"))], widget=forms.RadioSelect, initial=NOW
    )
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    time = forms.TimeField(label=_("Time"), required=False, widget=TimeInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == LATER and not (cleaned.get("day") and cleaned.get("time")):
            self.add_error("time" if cleaned.get("day") else "day", _now("Choose a day and a time."))
        return cleaned

    @property
    def due_local(self) -> datetime | None:
        said = self.cleaned_data
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
    numbers = [int(pk) for pk in data.getlist("medium")[:20] if pk.isdecimal() and len(pk) < 18]
    return [(pk, data.get(f"alt-{pk}", "").strip()) for pk in numbers if f"drop-{pk}" not in data]


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


class AgreeForm(forms.Form):
    text = forms.CharField(
        label=_("In your own words"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), required=False
    )


class HoldForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("Colleagues read this on every page of a post."))
