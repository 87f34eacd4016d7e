"""A rule as one fills it in: when, and whom to ask; and how much one wants in hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations.choices import Hours
from koor.flow.conversations.forms.deeds import ColleagueField
from koor.flow.conversations.models import Rule
from koor.flow.conversations.queries.channels import channel_name
from koor.flow.conversations.queries.reasons import LANGUAGE_NAMES
from koor.flow.conversations.queries.ruled import LABEL_NAMES, Names
from koor.flow.listening.logic.query import LONGEST, Hint, Query, QueryError, read_query
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.choices import Role
from koor.ground.people.models import Person

PLACES = ("ask_1", "ask_2", "ask_3")
NUMBERS = ("person", "team", "discipline", "skill")


class RuleForm(forms.Form):
    """Conditions of which all that are given must hold, and up to three whom it asks."""

    words = forms.CharField(
        label=gettext_lazy("and it holds"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}),
        help_text=gettext_lazy("As in a saved query: storing OR kapot, “koude douche”, warmtepomp*"),
    )
    where = forms.ChoiceField(label=gettext_lazy("When somebody writes on"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("on an account for"), required=False)
    label = forms.ChoiceField(label=gettext_lazy("and it is marked as"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("and it is in"), required=False)
    hours = forms.ChoiceField(label=gettext_lazy("and it comes"), required=False)
    project = forms.ChoiceField(label=gettext_lazy("and they belong to the project"), required=False)
    buying = forms.BooleanField(label=gettext_lazy("and it is a question about buying"), required=False)
    ask_1 = forms.ChoiceField(label=gettext_lazy("then ask"))
    ask_2 = forms.ChoiceField(label=gettext_lazy("or"), required=False)
    ask_3 = forms.ChoiceField(label=gettext_lazy("or also"), required=False)
    read: Query | None = None
    error: QueryError | None = None

    def __init__(self, data: Any = None, *, known: Names, **named: Any) -> None:
        super().__init__(data, **named)
        anything = ("", _("no matter"))
        choices: dict[str, Any] = {
            "where": [("", _("any channel")), *_where(known)],
            "purpose": [anything, *Purpose.choices],
            "label": [anything, *LABEL_NAMES.items()],
            "language": [anything, *LANGUAGE_NAMES.items()],
            "hours": [("", _("at any time")), *Hours.choices],
            "project": [anything, *((pk, name) for pk, name in known.projects.items())],
        }
        asked = _asked(known)
        choices |= {place: [("", _("Choose") if place == "ask_1" else _("nobody else")), *asked] for place in PLACES}
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        expression = str(self.cleaned_data["words"])
        if not expression.strip():
            return ""
        try:
            self.read = read_query(expression, text_only=True)
        except QueryError as error:
            self.error = error
            raise forms.ValidationError(_(error.message), params=dict(error.values)) from None
        return expression

    @property
    def hints(self) -> tuple[Hint, ...]:
        return self.read.hints if self.read else ()

    @property
    def when(self) -> dict[str, Any]:
        """The conditions as they are kept."""
        said = {name: value for name, value in self.cleaned_data.items() if value and name not in PLACES}
        if "project" in said:
            said["project"] = int(said["project"])
        return said

    @property
    def ask(self) -> list[tuple[str, int | str]]:
        given = [self.cleaned_data[place].partition(":") for place in PLACES if self.cleaned_data.get(place)]
        return [(kind, int(which) if kind in NUMBERS else which) for kind, _colon, which in given]


def as_given(rule: Rule) -> dict[str, Any]:
    """What stands in the form of a rule that there is."""
    asked = {place: f"{kind}:{which}" for place, (kind, which) in zip(PLACES, rule.ask, strict=False)}
    return {**rule.when, **asked}


def _where(known: Names) -> list[Any]:
    platforms = [(f"platform:{key}", channel_name(key)) for key in known.platforms]
    accounts = [(f"account:{pk}", name) for pk, name in known.accounts.items()]
    return [(_("Channels"), platforms), (_("Our accounts"), accounts)]


def _asked(known: Names) -> list[Any]:
    colleagues = [(f"person:{pk}", _named(one)) for pk, one in known.people.items() if one.is_active]
    groups = [
        (_("Teams"), [(f"team:{pk}", name) for pk, name in known.teams.items()]),
        (_("Disciplines"), [(f"discipline:{pk}", name) for pk, name in known.disciplines.items()]),
        (_("Who knows about"), [(f"skill:{pk}", name) for pk, name in known.skills.items()]),
        (_("Roles"), [(f"role:{role}", label) for role, label in Role.choices]),
        (_("Colleagues"), colleagues),
    ]
    return [group for group in groups if group[1]]


def _named(one: Any) -> str:
    return f"{one.name}, {one.job}" if one.job else str(one.name)


class WhereToForm(forms.Form):
    """To whom a question should have gone, and whether such questions always go there."""

    person = ColleagueField(queryset=Person.objects.none(), label=gettext_lazy("Who knows about this?"))
    always = forms.BooleanField(required=False)
    words = forms.CharField(
        label=gettext_lazy("Always ask them when it holds"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "By which word such questions can be known, such as: storing OR kapot. Empty: only now."
        ),
    )

    def __init__(self, *arguments: Any, by: Person, words: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["person"]
        field.queryset = people.colleagues(by).select_related(None).exclude(pk=by.pk)
        field.empty_label = _("Choose a colleague")
        if words:
            self.fields["always"].label = _("Always ask them when it holds “%(words)s”") % {"words": words}
            self.fields["words"].label = _("Or always when it holds something else")
        else:
            del self.fields["always"]


class OwnLimitForm(forms.Form):
    """How many people may wait for me at once."""

    most = forms.IntegerField(
        label=gettext_lazy("People who wait for me, at most"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=gettext_lazy("Empty: as many as there are. Who is yours, or asks for you, always reaches you."),
    )
