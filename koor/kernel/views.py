"""The kernel's only page: a file of the house, sent so that a browser can't be talked into running it."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from koor.kernel.access import NotFound
from koor.kernel.models import StoredFile

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # anything else is saved, not opened
YEAR = 60 * 60 * 24 * 365  # seconds; what lies under a handle never changes


@login_not_required
@require_safe
def file(request: HttpRequest, handle: str, name: str) -> HttpResponse:
    """For whoever is signed in and has the address, or for everyone when the file is public."""
    stored = StoredFile.objects.filter(handle=handle).first()
    if stored is None or not (stored.public or request.user.is_authenticated):
        raise NotFound
    etag = f'"{stored.digest[:32]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _guarded(HttpResponseNotModified(), stored, etag)
    try:
        content = default_storage.open(stored.path)
    except FileNotFoundError:
        raise NotFound from None
    shown = stored.mime in SHOWN
    mime = stored.mime if shown else "application/octet-stream"
    response = FileResponse(content, as_attachment=not shown, filename=stored.name or name, content_type=mime)
    response["Last-Modified"] = http_date(stored.at.timestamp())
    return _guarded(response, stored, etag)


def _guarded(response: HttpResponse | FileResponse, stored: StoredFile, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = f"{'public' if stored.public else 'private'}, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if stored.public else "same-origin"
    return response  # type: ignore[return-value]
