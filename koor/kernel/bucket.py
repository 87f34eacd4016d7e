"""Files in a bucket that speaks S3. Nothing in it is public: the house passes the bytes on after its own check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]

PIECE = 1_048_576  # bytes


class Bucket(S3Storage):  # type: ignore[misc]
    """With parts of a file, and a list of what is old, which the house asks of its storage."""

    def part(self, name: str, first: int, after: int) -> Iterator[bytes]:
        """The bytes from `first` up to `after`, without fetching the rest. Raises FileNotFoundError at once."""
        held = self.bucket.Object(self._normalize_name(name))
        try:
            body = held.get(Range=f"bytes={first}-{after - 1}")["Body"]
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                raise FileNotFoundError(name) from error
            raise
        pieces: Iterator[bytes] = body.iter_chunks(PIECE)
        return pieces

    def put(self, name: str, path: Path) -> None:
        """A file of this machine, in parts read as they go: those of an open one would all stay in memory."""
        settings = {"ContentType": "application/octet-stream"}
        self.bucket.Object(self._normalize_name(name)).upload_file(str(path), ExtraArgs=settings)

    def fetch(self, name: str, path: Path) -> None:
        """All of it into a file of this machine, without holding it in memory. Raises FileNotFoundError."""
        try:
            self.bucket.Object(self._normalize_name(name)).download_file(str(path))
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                raise FileNotFoundError(name) from error
            raise

    def older_than(self, moment: datetime) -> Iterator[str]:
        """The names of what was put here before this moment."""
        folder: Any = self.location.strip("/")
        for held in self.bucket.objects.filter(Prefix=f"{folder}/" if folder else ""):
            if held.last_modified < moment:
                yield held.key.removeprefix(f"{folder}/") if folder else held.key
