"""Uploads in pieces over HTTP, by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): the core, and
the extensions creation, checksum, expiration and termination. Only for who is signed in, and only their own.

Two things are more than the protocol asks, so that a phone that lost the answer, or died, needs to remember nothing:
a creation with the `key` of an earlier one (in Upload-Metadata) answers with that upload and its Upload-Offset; and
DELETE where uploads are begun drops what was begun under a `key`, or under `key/…`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date

from koor.kernel import clock, resumable
from koor.kernel.models import Upload
from koor.kernel.resumable import UploadTrouble

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
PIECES = "application/offset+octet-stream"
METADATA_CHARACTERS = 2000
View = Callable[..., HttpResponse]


def _by_tus(view: View) -> View:
    """Signed in, of our version; a trouble becomes its status with a code in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            response = _checked(view, request, named)
        except UploadTrouble as trouble:
            response = JsonResponse({"code": trouble.code}, status=trouble.status)
        except OSError:
            response = JsonResponse({"code": "no_room"}, status=507)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return login_not_required(answer)


def _checked(view: View, request: HttpRequest, named: dict[str, str]) -> HttpResponse:
    if request.method == "OPTIONS":
        return _what_we_can()
    if not request.user.is_authenticated:
        raise UploadTrouble(401, "signed_out")
    if request.headers.get("Tus-Resumable") != VERSION:
        response = JsonResponse({"code": "other_version"}, status=412)
        response["Tus-Version"] = VERSION
        return response
    if request.headers.get("Koor-Person", str(request.user.pk)) != str(request.user.pk):
        raise UploadTrouble(403, "other_person")
    return view(request, **named)


def _what_we_can() -> HttpResponse:
    said = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(resumable.MOST_BYTES),
        "Tus-Checksum-Algorithm": ",".join(resumable.SUMS),
    }
    return HttpResponse(status=204, headers=said)


@_by_tus
def uploads(request: HttpRequest) -> HttpResponse:
    """Where an upload is begun, and where those under a key are dropped."""
    if request.method not in ("POST", "DELETE"):
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, POST, DELETE"})
    said = _metadata(request)
    if request.method == "DELETE":
        return _forget(request, said.get("key", ""))
    size = _number(request, "Upload-Length")
    made, new = resumable.begin(owner=_person(request), size=size, key=said.get("key", ""), name=said.get("name", ""))
    response = HttpResponse(status=201, headers={"Location": reverse("kernel:upload", args=[made.handle])})
    response["Upload-Offset"] = str(0 if new else resumable.offset(made))
    return _expiring(response)


def _forget(request: HttpRequest, key: str) -> HttpResponse:
    if not key:
        raise UploadTrouble(400, "not_readable")
    resumable.forget(_person(request), key)
    return HttpResponse(status=204)


@_by_tus
def upload(request: HttpRequest, handle: str) -> HttpResponse:
    """One upload: how far it is, the next piece, or away with it. POST may say its method in a header."""
    method = request.headers.get("X-HTTP-Method-Override", "") if request.method == "POST" else request.method
    ways = {"HEAD": _how_far, "PATCH": _piece, "DELETE": _away}
    if method not in ways:
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, HEAD, PATCH, DELETE"})
    return ways[method](request, resumable.own(_person(request), handle))


def _how_far(request: HttpRequest, found: Upload) -> HttpResponse:
    headers = {"Upload-Offset": str(resumable.offset(found)), "Upload-Length": str(found.size)}
    return _expiring(HttpResponse(status=200, headers=headers))


def _piece(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.headers.get("Content-Type") != PIECES:
        raise UploadTrouble(415, "other_content_type")
    at, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    come = resumable.append(found, at, request, length, _proof(request))
    return _expiring(HttpResponse(status=204, headers={"Upload-Offset": str(come)}))


def _away(request: HttpRequest, found: Upload) -> HttpResponse:
    resumable.drop(found)
    return HttpResponse(status=204)


def _person(request: HttpRequest) -> int:
    return int(request.user.pk)  # type: ignore[arg-type]


def _expiring(response: HttpResponse) -> HttpResponse:
    response["Upload-Expires"] = http_date((clock.now() + resumable.KEEP).timestamp())
    return response


def _number(request: HttpRequest, header: str) -> int:
    """A header that must be there and be a whole number."""
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdigit()) or len(said) > 15:
        raise UploadTrouble(400, "not_readable")
    return int(said)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """`name bmFtZQ==,key a2V5` as words; what can't be read is refused."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "")[:METADATA_CHARACTERS].split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode().replace("\x00", "")[:200]
        except (ValueError, binascii.Error):
            raise UploadTrouble(400, "not_readable") from None
    return found


def _proof(request: HttpRequest) -> tuple[str, bytes] | None:
    said = request.headers.get("Upload-Checksum", "")
    if not said:
        return None
    name, _space, value = said.partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except (ValueError, binascii.Error):
        raise UploadTrouble(400, "not_readable") from None
    if name not in resumable.SUMS:
        raise UploadTrouble(400, "other_sum")
    return name, digest
