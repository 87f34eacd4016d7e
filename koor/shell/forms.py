"""Forms of the shell."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from koor.ground.people.actions.house import HOUSE_FIELDS
from koor.ground.people.models import House

FIRST_ZONES = ("Europe/Amsterdam", "Europe/Brussels", "Europe/Berlin", "Europe/London")


def zones() -> list[tuple[str, str]]:
    """Time zones, those of near first."""
    rest = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return [
        (zone, zone.replace("_", " ")) for zone in (*FIRST_ZONES, *(z for z in rest if z not in FIRST_ZONES), "UTC")
    ]


class LogoForm(forms.Form):
    """The sign of the house."""

    photo = forms.FileField(
        label=_("Your logo"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp", "data-preview": ""}),
        help_text=_("PNG, JPEG or WebP, at least 400 pixels wide. What is see-through becomes white."),
    )


class HouseForm(forms.ModelForm):  # type: ignore[type-arg]
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Posts go out, and the calendar runs, by this clock.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the newsroom and of letters to people outside. Colleagues each choose their own."),
    )

    allowed_late = forms.TypedChoiceField(
        label=_("How late a post may still go by itself"),
        choices=[(1, _("one hour")), (3, _("three hours")), (12, _("half a day")), (24, _("a day"))],
        coerce=int,
        help_text=_("When something was down. What is later waits for somebody to say whether it still goes."),
    )

    brake = forms.IntegerField(
        label=_("Posts on one account in ten minutes, at most"),
        min_value=1,
        max_value=10_000,
        help_text=_("More than that is seldom meant: the rest is held until somebody has looked. Answers go on."),
    )
    offers_a_week = forms.TypedChoiceField(
        label=_("Work of others that somebody is offered, a week at most"),
        choices=[(0, _("nothing")), (1, "1"), (2, "2"), (3, "3"), (5, "5")],
        coerce=int,
        help_text=_("To make their own and share. Who says no is not asked why."),
    )
    questions_a_week = forms.TypedChoiceField(
        label=_("Questions that somebody gets, a week at most"),
        choices=[(1, "1"), (2, "2"), (3, "3"), (5, "5"), (10, "10")],
        coerce=int,
    )

    unblurred_days = forms.IntegerField(
        label=_("Days that a photo from before blurring is kept"),
        min_value=0,
        max_value=30,
        help_text=_("Sealed, for who showed it alone, to undo a mistake. 0: it is gone at once."),
    )
    evergreen_rest = forms.TypedChoiceField(
        label=_("How long something evergreen rests after it was used"),
        choices=[(0, _("not at all")), (30, _("a month")), (60, _("two months")), (90, _("three months")),
                 (180, _("half a year")), (365, _("a year"))],
        coerce=int,
        help_text=_("Before that it is not proposed again. One item can have a rest of its own."),
    )  # fmt: skip

    class Meta:
        model = House
        fields = HOUSE_FIELDS
        labels = {
            "name": _("Name of the organisation"),
            "place": _("Place"),
            "what": _("What you do, in one sentence"),
            "country": _("Country"),
            "opens": _("Opens at"),
            "closes": _("Closes at"),
            "tells_works_here": _("Who shares our work on an own account says that they work here"),
            "works_here": _("In these words"),
        }
        help_texts = {
            "what": _("It stands below your name in the newsroom."),
            "tells_works_here": _("The law asks for it. It stands below the text, and only the person takes it away."),
            "works_here": _("Empty: “I work at” and your name, in the language of the house."),
            "country": _("Two letters, such as NL. The calendar knows its public holidays."),
        }
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "country": forms.TextInput(attrs={"maxlength": 2, "autocapitalize": "characters"}),
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class FirstForm(forms.Form):
    organisation = forms.CharField(label=_("Name of the organisation"), max_length=120)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    name = forms.CharField(label=_("Your own name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("A password"),
        help_text=_("Ten signs at least. Three words that only you would put together work well."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Our why"),
        max_length=600,
        widget=forms.Textarea({"rows": 3, "data-count": 600}),
        help_text=_("Such as: so that nobody in the Achterhoek has to choose between warm and affordable."),
    )
    voice = forms.CharField(
        label=_("How we sound"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 2, "data-count": 600}),
        help_text=_("Such as: plain words, no promises that we can't show, and we say it when something went wrong."),
    )


class ColleagueForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))


class ChannelForm(forms.Form):
    name = forms.CharField(label=_("Name of the newsroom"), max_length=120)


class PostForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("Such as: the oven is warm again."))
    text = forms.CharField(
        label=_("What happened"), max_length=4000, widget=forms.Textarea({"rows": 6, "data-count": 4000})
    )
