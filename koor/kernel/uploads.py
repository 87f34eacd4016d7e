"""Limits on what comes up, before it fills a disk: a file that is too large is skipped and its name kept, so that
the page can say so while the rest of the form stays."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MAX_FILE_BYTES = 40_000_000  # of one file
MAX_REQUEST_BYTES = 420_000_000  # of all files of one form together
MAX_STRANGER_BYTES = 100_000_000  # the same on a page that is open to anybody
View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(most: int) -> Callable[[View], View]:
    """Marks a view whose form may bring larger files than `MAX_FILE_BYTES`."""

    def mark(view: View) -> View:
        view.max_file_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


class Limited(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: counts, and passes on."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.total = 0
        view = getattr(getattr(request, "resolver_match", None), "func", None)
        self.most: int = getattr(view, "max_file_bytes", MAX_FILE_BYTES)
        self.most_together = MAX_REQUEST_BYTES + max(0, self.most - MAX_FILE_BYTES)
        if request is not None and _is_of_a_stranger(request):
            self.most_together = 0 if getattr(view, "login_required", True) else MAX_STRANGER_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        self.total += len(raw_data)
        if self.size > self.most or self.total > self.most_together:
            self.total -= self.size
            too_large(self.request).append(str(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def _is_of_a_stranger(request: HttpRequest) -> bool:
    """The form is read, files and all, to look at its token; that is before a page asks for sign-in. Programs come
    with a key of their own, and are asked for it first."""
    person = getattr(request, "user", None)
    return person is not None and not person.is_authenticated and not request.path.startswith("/api/")


def too_large(request: HttpRequest | None) -> list[str]:
    """Names of the files of this request that were skipped because of their size."""
    if request is None:
        return []
    if not hasattr(request, "files_too_large"):
        request.files_too_large = []  # type: ignore[attr-defined]
    found: list[str] = request.files_too_large  # type: ignore[attr-defined]
    return found
