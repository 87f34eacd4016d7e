"""Today: at most three things worth doing now, each with one button, and what the last contribution did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.kernel import clock, panels

SHOWN = 3


def today(request: HttpRequest) -> HttpResponse:
    todos = panels.todos_of(request.user)[:SHOWN]
    context = {"todos": [(todo, sign(todo)) for todo in todos], "answer": answer(todos), "now": clock.now()}
    return render(request, "shell/today.html", context)


def sign(todo: panels.Todo) -> str:
    """The drawing beside something to do that is about nobody in particular, by what kind it is."""
    signs = ((10, "ohoh"), (20, "talk"), (40, "mind"), (60, "camera"), (70, "share"))
    return todo.icon or next((name for below, name in signs if todo.rank < below), "book")


def answer(todos: list[panels.Todo]) -> str:
    """What lies ahead in one sentence, such as "Three things today, four minutes altogether."."""
    if not todos:
        return _("Nothing is waiting for you.")
    minutes = sum(todo.minutes for todo in todos)
    takes = ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": number(minutes)}
    if len(todos) == 1:
        return _("One thing today, %(takes)s.") % {"takes": takes}
    return _("%(number)s things today, %(takes)s altogether.") % {
        "number": number(len(todos)).capitalize(),
        "takes": takes,
    }


def number(count: int) -> str:
    """A small number in words, as one would write it."""
    words = (
        _("no"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
        _("eleven"),
        _("twelve"),
    )
    return words[count] if 0 <= count < len(words) else str(count)
