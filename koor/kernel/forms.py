"""Forms and refusals: what an action refuses stands at the field that it is about, and what was typed is kept;
and the fields for a day and a time that rooms share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from koor.kernel.access import Refused


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
