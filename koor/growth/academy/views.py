"""Pages of the academy: lessons, a quiz, writing a lesson."""

import nh3
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markdown_it import MarkdownIt

from koor.flow.conversations.queries import fires
from koor.flow.hub import queries as hub
from koor.ground.people.access import SignedIn
from koor.growth.academy import access, actions, queries
from koor.growth.academy.forms import LessonForm, QuizForm, written
from koor.growth.academy.models import Lesson
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "em", "strong", "blockquote", "a", "br", "code"}
_markdown = MarkdownIt("commonmark", {"html": False})


def clean(text: str) -> SafeString:
    """Markdown as clean HTML: a few tags, links only to the web."""
    html = nh3.clean(_markdown.render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
    return mark_safe(html)  # noqa: S308 cleaned by nh3 a line above


@require_GET
def lessons(request: SignedIn) -> HttpResponse:
    followed = queries.lessons(request.user)
    context = {
        "followed": followed,
        "passed": sum(row.passed for row in followed),
        "may_write": access.may_write_lessons(request.user),
        "learnt": list(fires.learnt(request.user)[:3]),
        "examples": [hub.with_picture(one) for one in hub.of_this_week(request.user)],
    }
    return render(request, "academy/lessons.html", context)


@require_http_methods(["GET", "POST"])
def lesson(request: SignedIn, slug: str) -> HttpResponse:
    """A lesson, its questions under it; the answer says which were right and why."""
    found = queries.lesson(request.user, slug)
    questions = queries.questions(found)
    form = QuizForm(request.POST or None, questions=questions)
    marks = []
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        result = actions.answer_quiz(by=request.user, lesson=found, answers=answers)
        if result.passed_at and queries.grade(found, answers).passed:
            messages.success(request, _("Passed: %(title)s.") % {"title": found.title})
            return redirect("academy:lessons")
        marks = [(q, given == q.right) for q, given in zip(questions, answers, strict=True)]
    context = {
        "lesson": found,
        "text": clean(found.text),
        "form": form,
        "marks": marks,
        "result": queries.result(request.user, found),
        "may_write": access.may_write_lessons(request.user),
    }
    return render(request, "academy/lesson.html", context)


@require_http_methods(["GET", "POST"])
def write(request: SignedIn, slug: str = "") -> HttpResponse:
    if not access.may_write_lessons(request.user):
        raise NotFound
    found = queries.lesson(request.user, slug) if slug else None
    form = LessonForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            once = request.POST.get("once", "")
            saved = actions.write_lesson(by=request.user, lesson=found, once=once, **form.cleaned_data)
            return redirect("academy:lesson", saved.slug)
    return render(request, "academy/write.html", {"form": form, "lesson": found})


@require_POST
def drop(request: SignedIn, slug: str) -> HttpResponse:
    found = queries.lesson(request.user, slug)
    try:
        actions.drop_lesson(by=request.user, lesson=found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("academy:edit", found.slug)
    messages.success(request, _("“%(title)s” is thrown away.") % {"title": found.title})
    return redirect("academy:lessons")


def _initial(found: Lesson | None) -> dict[str, object]:
    return written(found, queries.questions(found)) if found else {}


@require_GET
def practice(request: SignedIn) -> HttpResponse:
    """The stage on which nobody outside looks, and what one did there."""
    context = {"stage": queries.practice_account(request.user), "posts": list(queries.practised(request.user)[:20])}
    return render(request, "academy/practice.html", context)


@require_POST
def take_step(request: SignedIn) -> HttpResponse:
    try:
        person = actions.take_step(by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("From now on: %(step)s.") % {"step": person.get_autonomy_display()})
    return redirect("people:me")


@require_GET
def followed(request: SignedIn) -> HttpResponse:
    """How far groups of five or more are with the lessons."""
    return render(request, "academy/followed.html", {"parts": queries.followed_by_groups()})
