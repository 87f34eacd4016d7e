"""Forms of the academy."""

from typing import Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from koor.growth.academy.models import Lesson, Question


class QuizForm(forms.Form):
    """One radio group a question, in order."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.pk}"] = forms.TypedChoiceField(
                label=question.text, choices=list(enumerate(question.answers)), coerce=int, widget=forms.RadioSelect
            )

    def answers(self) -> list[int | None]:
        return [self.cleaned_data.get(f"q{question.pk}") for question in self.questions]


HINT = _(
    "A line for the question, under it a line for each answer: begin the right one with * and the others with -. "
    "An empty line between questions. A line that begins with > says why."
)


class LessonForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    about = forms.CharField(label=_("What one can do after it"), max_length=300, required=False)
    text = forms.CharField(
        label=_("Lesson"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Short. An empty line between paragraphs, ## before a heading, - before a point."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=60, initial=3)
    questions = forms.CharField(
        label=_("Questions"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 8}), help_text=HINT
    )
    order = forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=999,
        initial=0,
        required=False,
        help_text=_("Low numbers come first; lessons with the same number stand in the order in which they were made."),
    )
    published = forms.BooleanField(label=_("Everybody may follow it"), required=False)

    def clean_order(self) -> int:
        return self.cleaned_data["order"] or 0

    def clean_questions(self) -> list[dict[str, Any]]:
        return [_question(block) for block in _blocks(self.cleaned_data["questions"])]


def _blocks(text: str) -> list[list[str]]:
    blocks = [
        [line.strip() for line in block.splitlines() if line.strip()] for block in text.replace("\r", "").split("\n\n")
    ]
    return [block for block in blocks if block]


def _question(block: list[str]) -> dict[str, Any]:
    answers = [line for line in block[1:] if line[0] in "*-"]
    right = [n for n, line in enumerate(answers) if line[0] == "*"]
    if len(right) != 1 or block[0][0] in "*->":
        raise forms.ValidationError(
            __("“%(line)s”: one line for the question, and one right answer with a *.") % {"line": block[0][:80]}
        )
    return {
        "text": block[0][:300],
        "answers": [line[1:].strip()[:200] for line in answers],
        "right": right[0],
        "because": " ".join(line[1:].strip() for line in block[1:] if line[0] == ">")[:300],
    }


def written(lesson: Lesson, questions: list[Question]) -> dict[str, Any]:
    """A lesson as the form shows it."""
    blocks = [
        "\n".join(
            [question.text]
            + [f"{'*' if n == question.right else '-'} {answer}" for n, answer in enumerate(question.answers)]
            + ([f"> {question.because}"] if question.because else [])
        )
        for question in questions
    ]
    plain = {name: getattr(lesson, name) for name in ("title", "about", "text", "minutes", "order", "published")}
    return plain | {"questions": "\n\n".join(blocks)}
