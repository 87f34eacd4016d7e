"""Forms and refusals: what an action refuses stands at the field that it is about, and what was typed is kept;
the fields for a day and a time, and the step that reads a list, that rooms share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.kernel.access import Refused
from koor.kernel.uploads import too_large

Draft = TypeVar("Draft")


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time, to the minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Renderer(DjangoTemplates):
    """Draws forms as Django does, but a choice among thousands in a moment: a template an option takes seconds."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return _choice(context["widget"])
        return super().render(template_name, context, request)


def _choice(widget: dict[str, Any]) -> SafeString:
    drawn = []
    for name, options, _index in widget["optgroups"]:
        inside = mark_safe("".join(map(_option, options)))  # noqa: S308 each is escaped
        drawn.append((format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside,))
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), format_html_join("", "{}", drawn)
    )


def _option(one: dict[str, Any]) -> str:
    """Written plainly: a page has hundreds of them."""
    attributes = flatatt(one["attrs"]) if one["attrs"] else ""
    return f'<option value="{conditional_escape(one["value"])}"{attributes}>{conditional_escape(one["label"])}</option>'


@contextmanager
def refused_at(form: forms.BaseForm) -> Iterator[None]:
    """Do a deed inside; a refusal becomes an error of the form, and the view goes on to show it.

    with refused_at(form):
        actions.approve_post(by=request.user, …)
        return redirect(…)
    return render(…)"""
    try:
        yield
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused))


def list_read(request: HttpRequest, form: forms.Form, read: Callable[[str, bytes], Draft]) -> Draft | None:
    """What `read(name, data)` makes of the list in the form's `file`. None when nothing was sent yet, or when it was
    refused: then the form says why."""
    if request.method == "POST" and too_large(request):
        form.errors.pop("file", None)  # that nothing came
        form.add_error("file", _("This file is too large. Bring it in in parts."))
    elif request.method == "POST" and form.is_valid():
        with refused_at(form):
            file = form.cleaned_data["file"]
            return read(file.name, file.read())
    return None
