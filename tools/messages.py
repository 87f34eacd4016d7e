"""The Dutch texts of every room, kept beside its code; and the few that are in more languages.

    python -m tools.messages            read all code and templates, bring every django.po up to date, compile
    python -m tools.messages --check    exit 1 and say which texts are missing, unsure, left over or do not fit
    python -m tools.messages --compile  only make the .mo files

Works with Babel alone: a bare machine has no gettext. The files carry no dates and no line numbers, and are sorted, so
that two people who add texts to one room meet as seldom as possible."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KOOR = ROOT / "koor"
LOCALE = "nl"
WIDER = "consent page"  # texts in this context are for whoever stands in a picture, and are in these languages too
LOCALES = (LOCALE, "ar", "de", "pl", "tr")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
MANIFEST_TEXTS = ("what", "label", "hint", "works_well", "why_people", "notes")
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}", re.IGNORECASE)
Found = tuple[str | tuple[str, ...], str | None, list[str]]  # message id (or singular and plural), context, comments


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a text is not complete")
    parser.add_argument("--compile", action="store_true", help="only compile")
    parser.add_argument("rooms", nargs="*", help="folders of rooms, such as koor/flow/hub (default: all)")
    asked = parser.parse_args(arguments)
    rooms = [Path(room).resolve() for room in asked.rooms] or list(all_rooms())
    if asked.compile:
        return compile_all(rooms)
    return checked(rooms) if asked.check else updated(rooms)


def compile_all(rooms: list[Path] | None = None) -> int:
    """What is stale or missing only, so that it can run before every start and every test."""
    for room in rooms or all_rooms():
        for locale in LOCALES:
            compiled(room, locale)
    return 0


def all_rooms() -> Iterator[Path]:
    """Every folder that is a Django app, and the connectors."""
    yield from sorted(path.parent for path in KOOR.rglob("apps.py"))
    if not (KOOR / "connectors" / "apps.py").exists():
        yield KOOR / "connectors"


def po_of(room: Path, locale: str = LOCALE) -> Path:
    return room / "locale" / locale / "LC_MESSAGES" / "django.po"


# What the code says


def said_in(room: Path, locale: str = LOCALE) -> Catalog:
    """All texts of a room; for the wider languages those that everybody has to be able to read."""
    catalog = Catalog(locale=locale)
    for path in sorted(room.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or not path.is_file() or _skipped(path, room):
            continue
        for message, context, comments in _texts_of(path, room):
            if locale != LOCALE and context != WIDER:
                continue
            catalog.add(message, context=context, auto_comments=comments)
    return catalog


def _skipped(path: Path, room: Path) -> bool:
    inside = path.relative_to(room).parts
    if "migrations" in inside or "tests" in inside or "fixtures" in inside or path.name == "tests.py":
        return True
    return path.suffix != ".py" and "templates" not in inside


def _texts_of(path: Path, room: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = _as_python(source, path)
    elif not ("gettext" in source or "MANIFEST" in source or "_(" in source):
        return
    for _line, message, comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        if message:
            yield message, context, list(comments)
    if room.name == "connectors" and path.name == "manifest.py":
        yield from _manifest_texts(source)


def _as_python(source: str, path: Path) -> str:
    """A template as Python that calls gettext, the way `makemessages` does it."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    return templatize(source, origin=str(path))


def _manifest_texts(source: str) -> Iterator[Found]:
    """The English sentences of a manifest: plain strings, for a connector knows no Django."""
    import ast

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in MANIFEST_TEXTS:
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.strip():
                    yield part.value, None, []


# What the translations say


def read(room: Path, locale: str = LOCALE) -> Catalog:
    path = po_of(room, locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, ignore_obsolete=True)


def updated(rooms: list[Path]) -> int:
    for room, locale in ((room, locale) for room in rooms for locale in LOCALES):
        said, known = said_in(room, locale), read(room, locale)
        if not len(said):
            continue
        merged = Catalog(locale=LOCALE, charset="utf-8")
        for message in said:
            if message.id:
                old = known.get(_key(message), message.context)
                merged.add(
                    message.id,
                    _fitting(message, old),
                    auto_comments=message.auto_comments,
                    user_comments=old.user_comments if old else (),
                    context=message.context,
                )
        po_of(room, locale).parent.mkdir(parents=True, exist_ok=True)
        po_of(room, locale).write_text(as_text(merged, locale), encoding="utf-8")
        compiled(room, locale)
        open_texts = [message for message in merged if message.id and not _complete(message)]
        print(f"{room.relative_to(ROOT)}: {len(merged)} texts in {locale}, {len(open_texts)} to translate")
    return 0


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def _fitting(message: Message, old: Message | None) -> str | tuple[str, ...]:
    """The translation there was, in the shape (one or several) that the text now has."""
    plural = isinstance(message.id, list | tuple)
    if old is None or "fuzzy" in old.flags:
        return ("", "") if plural else ""
    several = _strings(old)
    if plural:
        return (*several, "")[:2]
    return several[0]


def as_text(catalog: Catalog, locale: str = LOCALE) -> str:
    """The file without dates, names or line numbers; only what a translator needs."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, no_location=True, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {Catalog(locale=locale).plural_forms}\\n"\n\n'
    )
    return header + out.getvalue().decode().lstrip("\n").rstrip("\n") + "\n"


def compiled(room: Path, locale: str = LOCALE) -> None:
    """The .mo beside the .po, when it is not there yet or older. Two at once do no harm."""
    path, made = po_of(room, locale), po_of(room, locale).with_suffix(".mo")
    if not path.exists() or (made.exists() and made.stat().st_mtime_ns >= path.stat().st_mtime_ns):
        return
    out = io.BytesIO()
    write_mo(out, read(room, locale))
    new = made.with_suffix(f".{os.getpid()}")
    new.write_bytes(out.getvalue())
    new.replace(made)


def checked(rooms: list[Path]) -> int:
    wrong = [
        f"{room.relative_to(ROOT)} ({locale}): {line}"
        for room in rooms
        for locale in LOCALES
        for line in wrong_in(room, locale)
    ]
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} texts to mend: python -m tools.messages, then fill them in.", file=sys.stderr)
    return 1 if wrong else 0


def wrong_in(room: Path, locale: str = LOCALE) -> Iterator[str]:
    said, known = said_in(room, locale), read(room, locale)
    for message in said:
        if not message.id:
            continue
        translated = known.get(_key(message), message.context)
        if translated is None:
            yield f"missing: {_key(message)!r}"
        elif "fuzzy" in translated.flags:
            yield f"unsure: {_key(message)!r}"
        elif not _complete(translated) or isinstance(translated.id, tuple) != isinstance(message.id, tuple):
            yield f"not translated: {_key(message)!r}"
        else:
            yield from _misfits(translated)
    for message in known:
        if message.id and said.get(_key(message), message.context) is None:
            yield f"no longer used: {_key(message)!r}"


def _strings(message: Message) -> tuple[str, ...]:
    was = message.string
    return tuple(was) if isinstance(was, list | tuple) else (was or "",)


def _complete(message: Message) -> bool:
    return all(_strings(message))


def _misfits(message: Message) -> Iterator[str]:
    """Placeholders that a translation lost or invented; a singular may leave its number out."""
    dutch_texts = _strings(message)
    if isinstance(message.id, tuple):
        pairs = [(message.id[1], dutch_texts[1], False), (message.id[0], dutch_texts[0], True)]
    else:
        pairs = [(_key(message), dutch_texts[0], False)]
    for english, dutch, singular in pairs:
        wanted, given = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(dutch))
        if given - wanted or (wanted - given and not singular):
            yield f"placeholders differ: {english!r} / {dutch!r}"


if __name__ == "__main__":
    raise SystemExit(main())
