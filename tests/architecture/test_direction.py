"""What points somewhere without an import points down too: foreign keys in words, links and parts in templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver

from tests.architecture.house import ROOMS, ROOT, code, height, label_of, name, said, tracked

URL = re.compile(r"""\{%\s*url\s+["']([\w-]+):([\w-]+)["']""")
PART = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
REVERSE = re.compile(r"""(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w-]+):[\w-]+["']""")
SHELL_SHOWS = ("frame/", "part/")


def templates() -> list[Path]:
    return [path for path in tracked() if path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts]


def test_a_key_to_another_row_points_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for room in ROOMS
        for model in apps.get_app_config(name(room)).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and hasattr(field.related_model, "_meta")
        if height(field.related_model._meta.app_label) > height(name(room))
    ]
    assert wrong == []


def test_a_link_in_a_template_points_down() -> None:
    wrong = [
        f"{said(path)} → {space}:{page}"
        for path in templates()
        for space, page in URL.findall(path.read_text())
        if height(space) > height(label_of(path)) and f"{space}:{page}" not in OF_THE_SHELL
    ]
    assert wrong == []


def test_a_way_in_code_points_down() -> None:
    wrong = [
        f"{said(path)} → {space}"
        for path in code()
        if label_of(path) not in {"", "kernel"}  # the kernel has examples in its words only
        for space in REVERSE.findall(path.read_text())
        if height(space) > height(label_of(path)) and space != "shell"
    ]
    assert wrong == []


OF_THE_SHELL = {"shell:today", "shell:search"}  # every room may lead home


def test_a_part_of_another_room_lies_below_or_is_the_frame() -> None:
    wrong = []
    for path in templates():
        for part in PART.findall(path.read_text()):
            if part.startswith(SHELL_SHOWS):
                continue
            origin = Path(get_template(part).origin.name)
            if origin.is_relative_to(ROOT / "koor") and height(label_of(origin)) > height(label_of(path)):
                wrong.append(f"{said(path)} → {part}")
    assert wrong == []


def test_a_link_in_a_template_leads_somewhere() -> None:
    known = {
        f"{space}:{page}"
        for space, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for page in resolver.reverse_dict
        if isinstance(page, str)
    }
    lost = {
        f"{said(path)} → {space}:{page}"
        for path in templates()
        for space, page in URL.findall(path.read_text())
        if f"{space}:{page}" not in known
    }
    assert lost == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_migration_stands_by_itself(room: str) -> None:
    """An old migration must run for ever; code of the house changes."""
    leaning = [
        said(path)
        for path in (ROOT / "koor" / room / "migrations").glob("*.py")
        if re.search(r"^\s*(?:from|import) koor\b|\bkoor\.\w+\.\w+", path.read_text(), re.MULTILINE)
    ]
    assert leaning == []
