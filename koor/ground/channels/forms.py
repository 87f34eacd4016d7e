"""Forms of the channels room; what a platform asks comes from its manifest."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.ground.channels.choices import May
from koor.ground.channels.contract import Asked, Manifest, Place
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person

ASKED = "asked-"  # before the keys of a manifest, so that they meet no field of ours


class AccountForm(forms.Form):
    """Name, purpose and what the platform asks. Credentials are never shown again, so they come back empty."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("By which colleagues know it"))
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    audience = forms.CharField(
        label=_("Who hears it"), max_length=300, required=False,
        help_text=_("Such as: customers in the Achterhoek, jobseekers. The same words at another account mean the same "
                    "people; Koor minds that they do not hear from us too often."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.none(), help_text=_("Who looks after it"), required=False
    )

    def __init__(self, *args: Any, asks: tuple[Asked, ...] = (), owners: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owners is None:
            del self.fields["owner"]
        else:
            self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
            self.fields["owner"].required = True
            self.fields["owner"].empty_label = None  # type: ignore[attr-defined]
        for asked in asks:
            field = self.fields[f"{ASKED}{asked.key}"] = field_for(asked)
            if asked.secret and self.is_bound:
                field.help_text = gettext("Fill it in once more: what is secret does not come back.")
        self.order_fields([name for name in self.fields if name != "audience"])  # what may stay empty comes last
        self.folded = {f"{ASKED}{asked.key}" for asked in asks if asked.seldom}

    @property
    def seldom(self) -> list[forms.BoundField]:
        """What nearly everybody leaves as it is; not when something is wrong with it."""
        return [] if self.folded & set(self.errors) else [self[name] for name in self.fields if name in self.folded]

    @property
    def often(self) -> list[forms.BoundField]:
        away = {field.name for field in self.seldom}
        return [self[name] for name in self.fields if name not in away]

    def answers(self) -> dict[str, str]:
        """What was filled in for the platform, by the keys of its manifest."""
        return {key.removeprefix(ASKED): str(v) for key, v in self.cleaned_data.items() if key.startswith(ASKED)}

    def refuse(self, sentence: str, field: str) -> None:
        """Put a refusal at the field that it is about."""
        name = field if field in self.fields else f"{ASKED}{field}"
        self.add_error(name if name in self.fields else None, sentence)


class SecretsForm(AccountForm):
    """Only the credentials."""

    def __init__(self, *args: Any, manifest: Manifest, **kwargs: Any) -> None:
        super().__init__(*args, asks=tuple(asked for asked in manifest.asks if asked.secret), **kwargs)
        del self.fields["name"], self.fields["purpose"], self.fields["audience"]


class MemberForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Colleague"), queryset=Person.objects.none(), empty_label=_("Choose a colleague")
    )
    may = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=May.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[May.DRAFT],
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class ApplicationForm(forms.Form):
    """How Koor is registered at a platform. The secret is never shown again, so it comes back empty."""

    client_id = forms.CharField(label=_("Number of the application"), max_length=300, help_text=_("Also “client id”"))
    client_secret = forms.CharField(
        label=_("Secret of the application"), max_length=2000, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, asks: tuple[Asked, ...] = (), known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        if known:
            self.fields["client_secret"].help_text = gettext("Kept. Leave it empty to keep it as it is.")
        for asked in asks:
            self.fields[asked.key] = field_for(asked)

    def registered(self) -> dict[str, Any]:
        """As `actions.register_application` takes it."""
        given = {asked.key: self.cleaned_data[asked.key] for asked in self.asks}
        return {
            "client_id": self.cleaned_data["client_id"],
            "client_secret": self.cleaned_data["client_secret"],
            "settings": given,
        }


class PlacesForm(forms.Form):
    """Which of the places that the platform told become accounts."""

    places = forms.MultipleChoiceField(label=_("Where Koor may speak"), widget=forms.CheckboxSelectMultiple)
    whose = forms.ChoiceField(
        label=_("Whose account is it?"),
        choices=[("house", _("Of the house")), ("mine", _("My own"))],
        widget=forms.RadioSelect,
        initial="house",
    )
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)

    def __init__(self, *args: Any, places: list[Place], both: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(place.key, f"{place.name} ({place.handle})" if place.handle else place.name) for place in places]
        self.fields["places"].choices = named  # type: ignore[attr-defined]
        if not both:
            del self.fields["whose"]


def field_for(asked: Asked) -> forms.Field:
    """A form field for what a platform asks."""
    about: Mapping[str, Any] = {
        "label": gettext(asked.label),
        "help_text": gettext(asked.hint) if asked.hint else "",
        "required": asked.required or bool(asked.choices and asked.default),
        "initial": asked.default,
    }
    if asked.choices:
        return forms.ChoiceField(choices=[(value, gettext(name)) for value, name in asked.choices], **about)
    if asked.secret:
        hidden = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        return forms.CharField(max_length=2000, widget=hidden, **about)
    return forms.CharField(max_length=2000, **about)
