"""Forms of the shell."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from koor.ground.people.models import House

FIRST_ZONES = ("Europe/Amsterdam", "Europe/Brussels", "Europe/Berlin", "Europe/London")


def zones() -> list[tuple[str, str]]:
    """Time zones, those of near first."""
    rest = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return [
        (zone, zone.replace("_", " ")) for zone in (*FIRST_ZONES, *(z for z in rest if z not in FIRST_ZONES), "UTC")
    ]


class HouseForm(forms.ModelForm):
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Posts go out, and the calendar runs, by this clock.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the newsroom and of letters to people outside. Colleagues each choose their own."),
    )

    class Meta:
        model = House
        fields = ("name", "place", "what", "language", "country", "zone", "opens", "closes")
        labels = {
            "name": _("Name of the organisation"),
            "place": _("Place"),
            "what": _("What you do, in one sentence"),
            "country": _("Country"),
            "opens": _("Opens at"),
            "closes": _("Closes at"),
        }
        help_texts = {
            "what": _("It stands below your name in the newsroom."),
            "country": _("Two letters, such as NL. The calendar knows its public holidays."),
        }
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "country": forms.TextInput(attrs={"maxlength": 2, "autocapitalize": "characters"}),
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()
