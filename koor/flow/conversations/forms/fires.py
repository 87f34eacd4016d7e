"""What people fill in while something burns: few fields, each on one line where that is enough."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations.forms.deeds import ColleagueField
from koor.flow.conversations.logic import drills
from koor.flow.conversations.logic.holding import Text
from koor.flow.conversations.models import Duty
from koor.flow.listening.models import Query
from koor.flow.publishing.queries.pausing import Pausable
from koor.ground.channels.models import Account
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, numbers
from koor.kernel.forms import TimeInput
from koor.kernel.once import digest_of


class FireForm(forms.Form):
    """Open a fire: a name is enough."""

    title = forms.CharField(label=gettext_lazy("What burns?"), max_length=160)
    fact = forms.CharField(label=gettext_lazy("What do we know?"), max_length=500, required=False)
    source = forms.CharField(
        label=gettext_lazy("Who told it, or where does it stand?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty, it is you who tells it."),
    )


class DutyForm(forms.Form):
    """Who of PR has duty."""

    rota: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Who of PR has duty"), required=False)

    def __init__(self, *arguments: Any, by: Person, duty: Duty | None, **named: Any) -> None:
        named["initial"] = {"rota": duty.rota_id if duty else None}
        super().__init__(*arguments, **named)
        field: Any = self.fields["rota"]
        field.queryset, field.empty_label = people.rotas(by), _("All of PR")


class DrillForm(forms.Form):
    """An exercise: which."""

    scenario = forms.ChoiceField(label=gettext_lazy("What would burn?"))

    def __init__(self, *arguments: Any, language: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        spoken = language if language in drills.LANGUAGES else "en"
        field: Any = self.fields["scenario"]
        field.choices = [(key, told[spoken].title) for key, told in drills.SCENARIOS.items()]


class FactForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What do we know?"), max_length=500)
    source = forms.CharField(label=gettext_lazy("Who told it, or where does it stand?"), max_length=200)
    time = forms.TimeField(label=gettext_lazy("Since when?"), required=False, widget=TimeInput)

    @property
    def at(self) -> datetime | None:
        """That time today, or yesterday when it is still to come; nothing means now."""
        chosen = self.cleaned_data.get("time")
        if chosen is None:
            return None
        zone = ZoneInfo(people.house().zone)
        moment = datetime.combine(clock.now().astimezone(zone).date(), chosen, zone)
        return moment if moment <= clock.now() else moment - timedelta(days=1)


class UnknownForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What don't we know yet?"), max_length=500)


class SpeakerForm(forms.Form):
    person = ColleagueField(queryset=Person.objects.none(), label=gettext_lazy("Who speaks for us?"))

    def __init__(self, *arguments: Any, by: Person, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _colleagues(self.fields["person"], by)


class TaskForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What has to be done?"), max_length=200)
    person = ColleagueField(
        queryset=Person.objects.none(),
        label=gettext_lazy("By whom"),
        required=False,
        empty_label=gettext_lazy("Anybody"),
    )

    def __init__(self, *arguments: Any, by: Person, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _colleagues(self.fields["person"], by)


def _colleagues(field: Any, by: Person) -> None:
    field.queryset = people.colleagues(by).select_related(None).only("name", "job", "autonomy")


class AccountsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django does not subscript it at run time
    widget = forms.CheckboxSelectMultiple


class StatementForm(forms.Form):
    """What the house says, and where."""

    title = forms.CharField(label=gettext_lazy("Heading"), max_length=160, required=False)
    text = forms.CharField(
        label=gettext_lazy("What we say"), max_length=5000, strip=True, widget=forms.Textarea(attrs={"rows": 7})
    )
    short = forms.CharField(
        label=gettext_lazy("The same, short"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For places that take few words."),
    )
    accounts = AccountsField(queryset=Account.objects.none(), label=gettext_lazy("Where it goes"), required=False)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, offered: Sequence[Account], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["accounts"]
        field.queryset = Account.objects.filter(pk__in=[one.pk for one in offered])
        field.choices = [(one.pk, one.name) for one in offered]


class PauseForm(forms.Form):
    accounts = AccountsField(
        queryset=Account.objects.none(), label=gettext_lazy("Where nothing goes now"), required=False
    )

    def __init__(self, *arguments: Any, offered: Sequence[Pausable], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["accounts"]
        free = [one for one in offered if not one.paused]
        field.queryset = Account.objects.filter(pk__in=[one.account.pk for one in free])
        field.choices = [(one.account.pk, _said(one)) for one in free]


def _said(one: Pausable) -> str:
    if not one.to_come:
        return _("%(account)s, nothing planned") % {"account": one.account.name}
    return _("%(account)s, %(number)s planned") % {"account": one.account.name, "number": one.to_come}


class TellForm(forms.Form):
    say = forms.CharField(
        label=gettext_lazy("What colleagues say"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    point = forms.CharField(
        label=gettext_lazy("Where they point to"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("An address, a number or a name."),
    )


class PreparedForm(forms.Form):
    question = forms.CharField(label=gettext_lazy("What people ask"), max_length=200)
    answer = forms.CharField(
        label=gettext_lazy("What we answer"), max_length=1500, widget=forms.Textarea(attrs={"rows": 3})
    )


class GatherForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Words that people use"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A comma means “or”: leak, water school"),
    )
    query = forms.ModelChoiceField(
        queryset=Query.objects.filter(active=True),
        label=gettext_lazy("Or a saved query"),
        required=False,
        empty_label=gettext_lazy("None"),
    )


class ReplyForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Your answer"), strip=False, widget=forms.Textarea(attrs={"rows": 5}))
    last_message = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    begun = forms.CharField(widget=forms.HiddenInput, required=False)  # the mark of the words that Koor began it with

    @property
    def typed(self) -> bool:
        """Whether somebody wrote in it."""
        text = str(self["text"].value() or "")
        return bool(text.strip()) and mark_of(text) != self["begun"].value()

    @property
    def latest(self) -> int:
        """The newest message on the page that it was written on; 0 when that is not known."""
        return numbers.row(str(self["last_message"].value() or ""))


def mark_of(text: str) -> str:
    """To see whether a text is still the same; how its lines end says nothing."""
    return digest_of(" ".join(text.split()))[:16]


class LearntForm(forms.Form):
    cause = forms.CharField(
        label=gettext_lazy("What caused it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    done = forms.CharField(label=gettext_lazy("What we did"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    learnt = forms.CharField(
        label=gettext_lazy("What we learnt"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ThanksForm(forms.Form):
    thanks = forms.CharField(
        label=gettext_lazy("It is out: what everybody should hear, with thanks"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HoldingForm(forms.Form):
    """A text that statements begin with."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    language = forms.ChoiceField(choices=[("nl", "Nederlands"), ("en", "English")], label=gettext_lazy("Language"))
    name = forms.CharField(label=gettext_lazy("When it fits"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("The text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Between { and } stands what is filled in later."),
    )


def of_text(one: Text) -> HoldingForm:
    """The form of one of them, filled in."""
    initial = {"key": one.key, "language": one.language, "name": one.name, "text": one.text}
    return HoldingForm(initial=initial, auto_id=f"{one.key}-{one.language}_%s")
