"""What the house holds on one person, as a file that a program and a person can read: a zip with `data.json`, a page
and the files themselves."""

from __future__ import annotations

import json
import mimetypes
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db.models import BinaryField, F, QuerySet

from koor.kernel import clock, files
from koor.kernel.models import StoredFile
from koor.kernel.personal import Held, Subject, finding

SECRET_WORDS = ("digest", "password", "sealed", "token", "secret")
PACKED = {
    "image/jpeg",
    "image/webp",
    "video/mp4",
    "audio/mp4",
    "audio/x-m4a",
    "audio/m4a",
    "application/pdf",
}  # small already
Page = Callable[[dict[str, Any]], str]


def write(subject: Subject, out: IO[bytes], *, page: Page, naming: bool = True) -> dict[str, int]:
    """Write the zip; how many rows and files it holds. `page` draws what is read by people; `naming`: also what others
    wrote in which they are named."""
    told = told_of(subject, naming=naming)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        told["files"] = list(_files(subject, packed))
        packed.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        packed.writestr("index.html", page(told))
    parts = [*told["held"], *told["named"]]
    return {"rows": sum(len(part["rows"]) for part in parts), "files": len(told["files"])}


def told_of(subject: Subject, *, naming: bool = True) -> dict[str, Any]:
    """Everything, by table: each row with all its columns but secrets."""
    named = finding.naming_them(subject) if naming else []
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "person": {
            "kind": subject.kind,
            "number": subject.pk,
            "name": subject.name,
            "addresses": [{"platform": platform, "value": value} for platform, value in sorted(subject.addresses)],
        },
        "held": [part for one, rows in finding.about_them(subject) if (part := _part(one, rows))],
        "named": [part for one, rows in named if (part := _part(one, rows))],
    }


def _part(one: Held, rows: QuerySet[Any]) -> dict[str, Any] | None:
    names = [field.attname for field in finding.columns(one.table) if not is_secret(one, field)]
    read = {f"_read_{number}": F(way) for number, way in enumerate(one.shown)}
    found = list(rows.annotate(**read).order_by("pk").values(*names, *read))
    if not found:
        return None
    return {
        "table": one.model,
        "label": str(one.label),
        "aside": one.aside,
        "rows": [{name: row[name] for name in names} for row in found],
        "read": [
            {
                "at": (at := row.get(one.when) if one.when else None),
                "said": finding.read(one, [row[way] for way in read], at),
            }
            for row in found
        ],
    }


def is_secret(one: Held, field: Any) -> bool:
    """What opens something is nobody's to take along."""
    return (
        isinstance(field, BinaryField) or field.name in one.secret or any(word in field.name for word in SECRET_WORDS)
    )


def weight(subject: Subject) -> int:
    """Bytes of the files that go along."""
    ways = [(one.taken(rows), way) for one, rows in finding.about_them(subject) for way in one.files]
    sizes = [rows.values_list(f"{way}__digest", f"{way}__size") for rows, way in ways]
    return sum({digest: size for found in sizes for digest, size in found if digest is not None}.values())


def _files(subject: Subject, packed: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for one, rows in finding.about_them(subject):
        for way in one.files:
            for pk, number in one.taken(rows).filter(**{f"{way}__isnull": False}).values_list("pk", way):
                stored = StoredFile.objects.get(pk=number)
                if stored.digest in seen:
                    continue
                seen.add(stored.digest)
                name = f"files/{one.model.lower().replace('.', '-')}-{pk}{mimetypes.guess_extension(stored.mime) or ''}"
                yield _packed(packed, name, stored, one, pk)


def _packed(packed: zipfile.ZipFile, name: str, stored: StoredFile, one: Held, pk: int) -> dict[str, Any]:
    """One file in the zip; one that is not there any more is told all the same."""
    told = {"table": one.model, "row": pk, "name": stored.name, "mime": stored.mime, "size": stored.size}
    told |= {"label": str(one.label), "at": stored.at}
    try:
        pieces = files.part(stored, 0, stored.size)
        with packed.open(_entry(name, stored.mime), "w", force_zip64=True) as target:
            for piece in pieces:
                target.write(piece)
    except OSError:
        return {**told, "missing": True}
    return {**told, "path": name}


def _entry(name: str, mime: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if mime in PACKED else zipfile.ZIP_DEFLATED
    return entry
