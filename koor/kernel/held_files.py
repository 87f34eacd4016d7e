"""The bucket of the house's files, for a backup and for putting one back. No Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from koor.kernel import storage
from koor.kernel.trouble import Trouble


def bucket_of_house() -> Bucket | None:
    """None where files lie in the folder. Raises Trouble when the bucket can't be reached."""
    said = storage.of_house(Path(), os.environ)
    return Bucket(said["OPTIONS"]) if said["BACKEND"] == "koor.kernel.bucket.Bucket" else None


class Bucket:
    """The house's bucket. Names are those that the database knows."""

    def __init__(self, options: dict[str, Any]) -> None:
        import boto3  # type: ignore[import-untyped]
        from botocore.config import Config  # type: ignore[import-untyped]

        styles = {"addressing_style": options["addressing_style"]}
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=options["endpoint_url"],
            region_name=options["region_name"],
            aws_access_key_id=options["access_key"],
            aws_secret_access_key=options["secret_key"],
            config=Config(signature_version=options["signature_version"], s3=styles),
        )
        self.name = options["bucket_name"]
        self.before = f"{options['location']}/" if options["location"] else ""

    def names(self) -> Iterator[str]:
        pages = self._told(self.client.get_paginator("list_objects_v2").paginate, Bucket=self.name, Prefix=self.before)
        for page in self._each(pages):
            for held in page.get("Contents", ()):
                yield held["Key"].removeprefix(self.before)

    def open(self, name: str) -> tuple[IO[bytes], int]:
        """The bytes and how many. Raises FileNotFoundError when they are gone."""
        from botocore.exceptions import ClientError  # type: ignore[import-untyped]

        try:
            found = self.client.get_object(Bucket=self.name, Key=self.before + name)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                raise FileNotFoundError(name) from error
            raise Trouble(f"the bucket {self.name} does not give {name}: {error}") from error
        return found["Body"], found["ContentLength"]

    def take_in(self, folder: Path) -> None:
        """Put every file of a folder where the house looks for it."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                key = self.before + path.relative_to(folder).as_posix()
                self._told(self.client.upload_file, str(path), self.name, key)

    def _each(self, pages: Any) -> Iterator[Any]:
        steps = iter(pages)
        while (page := self._told(next, steps, None)) is not None:
            yield page

    def _told(self, ask: Any, *given: Any, **named: Any) -> Any:
        """Ask the bucket; what goes wrong is said in words."""
        from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return ask(*given, **named)
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise Trouble(f"the bucket {self.name} cannot be used: {error}") from error
