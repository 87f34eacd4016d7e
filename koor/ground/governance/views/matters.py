"""Pages of governance: who may what, what happened, who is responsible."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from koor.ground.governance import access, actions, queries
from koor.ground.governance.choices import Purpose
from koor.ground.governance.forms import AuditForm, ResponsibilityForm
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import Role
from koor.kernel import audit, tables
from koor.kernel.forms import refused_at
from koor.kernel.models import AuditEntry


@require_http_methods(["GET", "POST"])
def permissions(request: SignedIn) -> HttpResponse:
    """Which role may do what; an administrator changes it."""
    rooms = queries.matrix(request.user)
    if request.method == "POST":
        pairs = (value.partition("|") for value in request.POST.getlist("allow"))
        allowed = {(role, permission) for role, sign, permission in pairs if sign}
        changed = actions.set_permissions(by=request.user, allowed=allowed)
        messages.success(request, _("Kept.") if changed else _("Nothing was different."))
        return redirect("governance:access")
    context = {
        "rooms": rooms,
        "roles": list(Role),
        "may_change": access.may_change_access(request.user),
        "changed": sum(cell.changed for _room, rows in rooms for _permission, cells in rows for cell in cells),
    }
    return render(request, "governance/access.html", context)


@require_GET
def trail(request: SignedIn) -> HttpResponse:
    """What happened, and who did it."""
    form = AuditForm(request.GET or None, person=request.user)
    wanted = form.wanted() if request.GET else queries.Wanted()
    found, following = queries.entries_after(request.user, wanted, request.GET.get("after", ""))
    who = queries.actors(found)
    rows = [(entry, who.get(entry.actor_id or 0), audit.sentence(entry), audit.page_of(entry)) for entry in found]
    context = {"form": form, "rows": rows, "following": following, "filtered": wanted != queries.Wanted()}
    return render(request, "governance/audit.html", context)


@require_http_methods(["POST"])
def trail_as_file(request: SignedIn) -> StreamingHttpResponse:
    """The trail as CSV, harmless in a spreadsheet."""
    wanted = AuditForm(request.POST, person=request.user).wanted()
    actions.export_audit(by=request.user)
    language = translation.get_language() or "en"
    rows = _rows(queries.all_entries(request.user, wanted), language, ZoneInfo(people.house().zone))
    response = StreamingHttpResponse(
        tables.written(rows),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="koor-audit.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _rows(entries: Iterator[AuditEntry], language: str, zone: ZoneInfo) -> Iterator[list[object]]:
    """Rows of the file. It is written after the request, so each row sets the language for itself."""
    with translation.override(language):
        heading = [_("moment"), _("who"), _("what"), "verb", _("about"), _("road")]
    yield list(heading)
    written = 0
    for entry in entries:
        with translation.override(language):
            moment = entry.at.astimezone(zone).isoformat(timespec="seconds")
            row = [moment, entry.actor_name, audit.sentence(entry), entry.verb, entry.target_name, entry.via]
        written += 1
        yield list(row)
    if written >= queries.MOST_IN_FILE:
        with translation.override(language):
            yield ["", "", _("A file holds at most this many lines. Choose an earlier period for the rest.")]


@require_GET
def responsibility(request: SignedIn) -> HttpResponse:
    """Whom to ask about what."""
    rows = queries.responsibilities(request.user)
    context = {
        "rows": rows,
        "open": sum(agreed is None or not (agreed.person_id or agreed.discipline_id) for _purpose, agreed in rows),
        "may_set": access.may_set_responsibility(request.user),
    }
    return render(request, "governance/responsibility.html", context)


@require_http_methods(["GET", "POST"])
def agree(request: SignedIn, purpose: str) -> HttpResponse:
    """Agree who is responsible for one purpose."""
    agreed = queries.responsibility(request.user, purpose)
    form = ResponsibilityForm(request.POST or None, agreed=agreed)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.set_responsibility(by=request.user, purpose=purpose, **form.cleaned_data)
            messages.success(request, _("Agreed."))
            return redirect("governance:responsibility")
    context = {"form": form, "purpose": Purpose(purpose), "may_set": access.may_set_responsibility(request.user)}
    return render(request, "governance/agree.html", context)
