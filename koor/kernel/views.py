"""Files of the house, sent so that a browser can't be talked into running them."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header, http_date, parse_etags
from django.views.decorators.http import require_safe

from koor.kernel import files, lent
from koor.kernel.access import NotFound
from koor.kernel.models import StoredFile

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/mp4"})  # else saved
YEAR = 60 * 60 * 24 * 365  # seconds; what lies under a handle never changes
A_WHILE = 600  # seconds


@login_not_required
@require_safe
def file(request: HttpRequest, handle: str, name: str) -> HttpResponse:
    """For whoever is signed in and has the address, or for everyone when the file is public."""
    stored = StoredFile.objects.filter(handle=handle).first()
    if stored is None or not (stored.public or request.user.is_authenticated):
        raise NotFound
    return _answered(request, stored, name)


@login_not_required
@require_safe
def lent_file(request: HttpRequest, ticket: str, name: str) -> HttpResponse:
    """For a platform that fetches what is posted there, as long as its ticket lasts."""
    handle = lent.handle_in(ticket)
    stored = StoredFile.objects.filter(handle=handle).first() if handle else None
    if stored is None:
        raise NotFound
    response = _answered(request, stored, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _answered(request: HttpRequest, stored: StoredFile, name: str) -> HttpResponse:
    etag = f'"{stored.digest[:32]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _guarded(HttpResponseNotModified(), stored, etag)
    wanted = _wanted(request, stored, etag)
    if wanted == ():
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
        return _guarded(refused, stored, etag)
    try:
        return _guarded(_sent(stored, name, wanted or None), stored, etag)
    except FileNotFoundError:
        raise NotFound from None


def _sent(stored: StoredFile, name: str, wanted: tuple[int, int] | None) -> FileResponse:
    """The whole or a part. Raises FileNotFoundError."""
    first, after = wanted or (0, stored.size)
    streams = bool(wanted) or (stored.size > 0 and not files.path_of(stored))  # else all of it would be fetched first
    content = files.part(stored, first, after) if streams else default_storage.open(stored.path)
    shown = stored.mime in SHOWN
    mime = stored.mime if shown else "application/octet-stream"
    response = FileResponse(content, as_attachment=not shown, filename=stored.name or name, content_type=mime)
    response["Last-Modified"] = http_date(stored.at.timestamp())
    if streams:
        response["Content-Disposition"] = content_disposition_header(not shown, stored.name or name) or "inline"
        response["Content-Length"] = str(after - first)
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{after - 1}/{stored.size}"
    return response


def _wanted(request: HttpRequest, stored: StoredFile, etag: str) -> tuple[int, int] | tuple[()] | None:
    """The bytes that a player asks for (RFC 9110, 14.2): from, up to and without; empty when there are none such,
    None for the whole. Several parts at once are answered with the whole, as the standard allows."""
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").strip())
    condition = request.headers.get("If-Range", "")
    if found is None or found.group() == "bytes=-" or (condition and condition != etag):
        return None
    begin, end = found.groups()
    first = int(begin) if begin else max(0, stored.size - int(end))
    after = min(stored.size, int(end) + 1) if begin and end else stored.size
    return (first, after) if first < after else ()


def _guarded(response: HttpResponse | FileResponse, stored: StoredFile, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    # What everybody may see now may be taken away: nobody between here and them keeps it for long.
    response["Cache-Control"] = f"public, max-age={A_WHILE}" if stored.public else f"private, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    played = "media-src 'self'; " if stored.mime.startswith(("video/", "audio/")) else ""
    response["Content-Security-Policy"] = f"default-src 'none'; {played}sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if stored.public else "same-origin"
    return response  # type: ignore[return-value]
