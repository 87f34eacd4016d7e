"""Forms of listening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koor.flow.listening import queries
from koor.flow.listening.choices import Form, Promise
from koor.flow.listening.logic.builder import Boxes, expression_of
from koor.flow.listening.logic.query import LONGEST, Hint, Query, QueryError, read_query
from koor.flow.listening.logic.reading import FORMATS
from koor.ground.channels.contract import SourceKind
from koor.ground.contacts.logic.handles import PLATFORMS
from koor.ground.people.access import Colleague
from koor.kernel import numbers
from koor.kernel.templatetags.koor import language_name

BIGGEST = 40_000_000  # bytes of a file that comes in by a page; larger ones by the command line
SUFFIXES = {"csv": Form.CSV, "tsv": Form.CSV, "txt": Form.CSV, "xml": Form.RSS, "rss": Form.RSS, "atom": Form.RSS}


def filters_of(person: Colleague, asked: QueryDict) -> queries.Filters:
    """The filters of the stream out of an address; what makes no sense is left out. One query, with who said it."""
    label = asked.get("label", "all")
    filters = queries.Filters(
        label=label if label in queries.LABELS else "all",
        query=numbers.row(asked.get("query", "")) or None,
        source=numbers.row(asked.get("source", "")) or None,
        words=_line(asked.get("q", "")),
        language=_line(asked.get("language", ""))[:10],
        topic=_line(asked.get("topic", ""))[:80],
        who=_line(asked.get("who", "")),
        same=numbers.row(asked.get("same", "")) or None,
    )
    return queries.with_who(person, filters)


def _line(typed: str) -> str:
    return " ".join(typed.replace("\x00", "").split())[:200]


class FilterForm(forms.Form):
    """Narrow the stream."""

    query = forms.ChoiceField(label=_("Saved query"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    topic = forms.ChoiceField(label=pgettext_lazy("listening", "Topic"), required=False)
    who = forms.CharField(
        label=_("Who said it"), required=False, max_length=200, help_text=_("The whole name, or the handle")
    )

    def __init__(
        self,
        filters: queries.Filters,
        kept: list[queries.Kept],
        sources: list[Any],
        languages: list[str],
        topics: list[tuple[str, str]],
    ) -> None:
        first = {"query": filters.query or "", "source": filters.source or ""}
        super().__init__(initial=first | {name: getattr(filters, name) for name in ("language", "topic", "who")})
        self.fields["query"].choices = [("", _("All queries")), *((one.query.pk, one.query.name) for one in kept)]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("All sources")), *((one.pk, one.name) for one in sources)]  # type: ignore[attr-defined]
        self.misread = queries.misread(filters.words)
        spoken = [(code, language_name(code)) for code in languages]
        self.fields["language"].choices = [("", _("All languages")), *spoken]  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", pgettext_lazy("listening", "All topics")), *topics]  # type: ignore[attr-defined]


class ViewForm(forms.Form):
    """A view of the stream to come back to."""

    name = forms.CharField(label=_("Name of this view"), max_length=60)
    shared = forms.BooleanField(label=_("For everybody who listens"), required=False)

    def __init__(self, may_share: bool, *data: Any, **more: Any) -> None:
        super().__init__(*data, **more)
        if not may_share:
            self.fields.pop("shared")


class PromiseForm(forms.Form):
    """How far the learner may go."""

    promise = forms.TypedChoiceField(
        label=_("When may it mark by itself?"), choices=Promise.choices, coerce=int, widget=forms.RadioSelect
    )


class TopicForm(forms.Form):
    """How a topic is called, and the words that speak for it."""

    name = forms.CharField(label=_("Name of the topic"), max_length=40)
    words = forms.CharField(
        label=_("Words that speak for it"),
        required=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("A word or a short phrase on each line, as your customers write it."),
    )


class WordsForm(forms.Form):
    """The words by which the learner begins, a field for each answer."""

    def __init__(self, answers: Sequence[queries.Answer], *data: Any, topics: bool = False) -> None:
        super().__init__(*data)
        self.answers = answers
        for number, answer in enumerate(answers):
            self.fields[f"words{number}"] = forms.CharField(
                label=answer.name,
                required=False,
                initial="\n".join(answer.words),
                help_text=_("Your own words. Leave it empty for those that Koor brings.") if answer.own else "",
                widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocapitalize": "off"}),
            )
            if topics:
                left_out = _("We don’t use this topic") if answer.brought else _("Take this topic away")
                self.fields[f"unused{number}"] = forms.BooleanField(
                    label=format_lazy("{}: {}", answer.name, left_out), required=False, initial=answer.unused
                )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """The words of each answer, with the tick that leaves it out where there is one."""
        ticks = [self[name] if (name := f"unused{n}") in self.fields else None for n in range(len(self.answers))]
        return [(self[f"words{number}"], tick) for number, tick in enumerate(ticks)]

    def unused(self) -> set[str]:
        """Which topics are left out, by label."""
        named = enumerate(self.answers)
        return {answer.label for number, answer in named if self.cleaned_data.get(f"unused{number}")}

    def chosen(self) -> dict[str, str]:
        """What was typed, by label."""
        return {answer.label: self.cleaned_data[f"words{number}"] for number, answer in enumerate(self.answers)}


class QueryForm(forms.Form):
    """A saved query. What can't be read is shown with its place."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as: our name, also misspelt"))
    expression = forms.CharField(
        label=_("What to look for"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocapitalize": "off", "data-count": LONGEST}),
        help_text=_("Words, “words in a row”, the beginning of a word with *, and AND, OR, NOT and brackets."),
    )
    read: Query | None = None
    error: QueryError | None = None

    def __init__(self, *args: Any, trying: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if trying:
            self.fields["name"].required = False  # it is asked when the query is kept

    def clean_expression(self) -> str:
        expression = self.cleaned_data["expression"]
        try:
            self.read = read_query(expression)
        except QueryError as error:
            self.error = error
            raise forms.ValidationError(_(error.message), params=dict(error.values)) from None
        return str(expression)

    @property
    def begun(self) -> Query | None:
        """What was sent, or what the form begins with; None when it can't be read."""
        try:
            return self.read if self.is_bound else read_query(str(self.initial.get("expression", "")))
        except QueryError:
            return None

    @property
    def hints(self) -> tuple[Hint, ...]:
        return self.read.hints if self.read else ()


class BuildForm(forms.Form):
    """A query put together out of boxes."""

    every = forms.CharField(
        label=_("All of these words"),
        max_length=500,
        required=False,
        help_text=_("With spaces or commas between them; each has to be there."),
    )
    phrase = forms.CharField(
        label=_("These words in a row"),
        max_length=500,
        required=False,
        help_text=_("One row. Do you have several? Then put them under “One of these”."),
    )
    one_of = forms.CharField(
        label=_("One of these"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Words or groups of words, each on a line or with commas between them. With * at the end: every word that"
            " begins like this."
        ),
    )
    none_of = forms.CharField(
        label=_("None of these"), max_length=2_000, required=False, widget=forms.Textarea({"rows": 2})
    )
    tags = forms.CharField(label=_("One of these hashtags"), max_length=500, required=False)
    author = forms.CharField(
        label=_("Said by"),
        max_length=200,
        required=False,
        help_text=_("A name or a handle; several with commas, of which one will do"),
    )
    language = forms.ChoiceField(label=_("In which language"), required=False)
    pictures = forms.BooleanField(label=_("Only with a photo, a film or a voice"), required=False)

    def __init__(self, languages: Sequence[str], data: Any, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        known = {code.lower().replace("_", "-") for code in languages} | {"nl", "en"}
        if initial.get("language"):
            known.add(initial["language"])  # also one that nobody spoke yet
        spoken = [(code, language_name(code)) for code in sorted(known)]
        self.fields["language"].choices = [("", _("All languages")), *spoken]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        self.expression = expression_of(Boxes(**self.cleaned_data)) if not self.errors else ""
        try:
            read_query(self.expression)
        except QueryError as error:
            raise forms.ValidationError(_(error.message), params=dict(error.values)) from None
        return self.cleaned_data


class SourceForm(forms.Form):
    """A name, and what the kind of source asks."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As you want to see it in the stream"))

    def __init__(self, asked: SourceKind | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in asked.asks if asked else ():
            options: dict[str, Any] = {"label": _(one.label), "required": one.required, "initial": one.default}
            options["help_text"] = _(one.hint) if one.hint else ""
            if one.choices:
                self.fields[one.key] = forms.ChoiceField(choices=[(k, _(name)) for k, name in one.choices], **options)
            else:
                self.fields[one.key] = forms.CharField(max_length=1000, **options)

    def settings(self) -> dict[str, str]:
        return {key: str(value) for key, value in self.cleaned_data.items() if key != "name"}


class RemoveSourceForm(forms.Form):
    """What becomes of what was heard."""

    mentions = forms.ChoiceField(
        label=_("What was heard there"),
        choices=[
            ("stay", _("It stays in the stream, as long as mentions are kept")),
            ("go", _("It goes too, a day from now; until then everything can come back")),
        ],
        initial="stay",
        widget=forms.RadioSelect,
    )

    def only_stays(self) -> None:
        """Of a colleague's own account."""
        field = cast(forms.ChoiceField, self.fields["mentions"])
        field.choices = [("stay", _("It stays, for the colleague whose account it is"))]

    def takes_along(self) -> bool:
        return bool(self.cleaned_data["mentions"] == "go")


class ImportForm(forms.Form):
    """A file, and under which name its posts stand in the stream."""

    source = forms.CharField(
        label=_("Name of the source"),
        max_length=120,
        widget=forms.TextInput({"list": "sources", "autocomplete": "off"}),
        help_text=_("A new name makes a new source."),
    )
    platform = forms.ChoiceField(
        label=_("Where it was said"),
        choices=[("", _("Somewhere else")), *((key, each.name) for key, each in PLATFORMS.items())],
        required=False,
        help_text=_("Then Koor knows people by their name there."),
    )
    file = forms.FileField(label=_("File"), allow_empty_file=True)
    form = forms.ChoiceField(
        label=_("What kind of file"),
        choices=[("", _("Tell by its name")), *((key, Form(key).label) for key in FORMATS)],
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(_("By this page a file can be 40 MB. Larger ones go by: koor listen import"))
        return file

    def chosen_form(self) -> str:
        """What was chosen, else what the file's name tells; JSON lines when it tells nothing."""
        suffix = self.cleaned_data["file"].name.rpartition(".")[2].lower()
        return str(self.cleaned_data["form"] or SUFFIXES.get(suffix, Form.JSONL))


class EventForm(forms.Form):
    """What could not be read, to be mended by hand."""

    body = forms.CharField(
        label=_("As it came in"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false", "autocapitalize": "off"}),
    )
