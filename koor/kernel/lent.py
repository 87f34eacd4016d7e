"""A file of the house that a stranger may fetch for some hours by an address that nobody can guess: for platforms that
take no files but fetch them. By the house itself, or by a bucket that the world can reach."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from koor.kernel.bucket import Bucket
from koor.kernel.files import plain_name
from koor.kernel.models import StoredFile

HOURS = 6
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "audio/mp4": "m4a", "application/pdf": "pdf"}
_INSIDE = (".local", ".internal", ".lan", ".home.arpa", ".localhost", ".test", ".invalid")


def is_reachable() -> bool:
    """Whether anybody outside can fetch what is lent, as far as addresses tell."""
    return _open_to_all(settings.KOOR_URL) or _bucket() is not None


def address_of(stored: StoredFile) -> str:
    """Where it can be fetched for the coming hours; empty where nobody outside reaches the house or its bucket."""
    name = f"media.{_ENDINGS.get(stored.mime, 'bin')}"
    if _open_to_all(settings.KOOR_URL):
        return str(settings.KOOR_URL) + reverse("kernel:lent", args=[_signer().sign(stored.handle), plain_name(name)])
    bucket = _bucket()
    if bucket is None:
        return ""
    parameters = {"ResponseContentType": stored.mime}
    return str(bucket.url(stored.path, parameters=parameters, expire=HOURS * 3600))


def handle_in(ticket: str) -> str:
    """The handle that a ticket was made for; empty when it is none of ours, or too old."""
    try:
        return _signer().unsign(ticket, max_age=HOURS * 3600)
    except BadSignature:
        return ""


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="koor.lent", sep="~")


def _bucket() -> Bucket | None:
    """The bucket, where it is one of a provider on the internet."""
    storage = getattr(default_storage, "_wrapped", default_storage)
    if not isinstance(storage, Bucket):
        return None
    endpoint = storage.endpoint_url
    return storage if not endpoint or _open_to_all(endpoint) else None


def _open_to_all(address: str) -> bool:
    """By https, under a name or number that is not of a house's own network."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or not host or host == "localhost" or host.endswith(_INSIDE):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
