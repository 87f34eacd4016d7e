"""Pages of the story: read it, write on it, see how far it is carried."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.people.access import SignedIn
from koor.ground.story import access, actions, queries
from koor.ground.story.forms import StoryForm, UnderstoodForm
from koor.ground.story.models import Version
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def page(request: SignedIn) -> HttpResponse:
    """The story as everybody reads it, and the sign that it was understood."""
    version = queries.current()
    if version is None:
        return render(request, "story/none.html", {"may_write": access.may_write(request.user)})
    if request.POST.get("number", str(version.number)) != str(version.number):
        messages.warning(request, _("There is a newer version. Read that one."))
        return redirect("story:page")
    form = UnderstoodForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.acknowledge_version(by=request.user, version=version, answer=form.cleaned_data.get("answer"))
            messages.success(request, _("Thank you. You carry version %(number)s.") % {"number": version.number})
            return redirect("story:page")
    context = _shown(request, version) | {"form": form, "read": queries.has_read(request.user, version)}
    return render(request, "story/page.html", context)


def _shown(request: SignedIn, version: Version) -> dict[str, object]:
    lines = {part: [line.strip(" -•") for line in getattr(version, part).splitlines() if line.strip(" -•")]
             for part in ("values", "dos", "donts", "goals")}  # fmt: skip
    return {"version": version, "lines": lines, "may_write": access.may_write(request.user)}


@require_GET
def versions(request: SignedIn) -> HttpResponse:
    return render(request, "story/versions.html", {"versions": list(queries.versions(request.user)[:200])})


@require_GET
def version(request: SignedIn, number: int) -> HttpResponse:
    """An earlier version, to read."""
    found = queries.version(request.user, number)
    return render(request, "story/version.html", _shown(request, found))


@require_http_methods(["GET", "POST"])
def write(request: SignedIn) -> HttpResponse:
    """Write on the draft of the next version."""
    if not access.may_write(request.user):
        raise NotFound
    draft = queries.draft(request.user)
    form = StoryForm(request.POST or None, initial=_initial(draft or queries.current()))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.write_version(by=request.user, **form.parts())
            messages.success(request, _("Kept as a draft. Nobody else sees it until it is published."))
            return redirect("story:draft")
    return render(request, "story/write.html", {"form": form, "draft": draft})


def _initial(source: Version | None) -> dict[str, object]:
    if source is None:
        return {}
    found: dict[str, object] = {name: getattr(source, name) for name in StoryForm.base_fields}
    found["answers"] = "\n".join(source.answers)
    found["right_answer"] = None if source.right_answer is None else source.right_answer + 1
    if source.published_at:
        found["what_changed"] = ""
    return found


@require_GET
def draft(request: SignedIn) -> HttpResponse:
    """The draft as it will read, with the button that publishes it."""
    found = queries.draft(request.user)
    if found is None:
        raise NotFound
    context = _shown(request, found) | {
        "may_publish": access.may_publish(request.user),
        "seen": queries.fingerprint(found),
    }
    return render(request, "story/draft.html", context)


@require_POST
def publish(request: SignedIn) -> HttpResponse:
    found = queries.draft(request.user)
    if found is None:
        return redirect("story:page")  # a second click
    try:
        published = actions.publish_version(by=request.user, version=found, seen=request.POST.get("seen", ""))
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("story:draft")
    messages.success(
        request,
        _("Version %(number)s counts from now on. Everybody is asked to read it.") % {"number": published.number},
    )
    return redirect("story:page")


@require_GET
def carried(request: SignedIn) -> HttpResponse:
    """How far the story is carried, in groups of five or more."""
    found = queries.current()
    if found is None:
        return redirect("story:page")
    parts = queries.carried(found)
    return render(
        request, "story/carried.html", {"version": found, "whole": parts[0] if parts else None, "parts": parts[1:]}
    )
