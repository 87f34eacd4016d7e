"""A room is known by its files; what stands in them has one form."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from tests.architecture.house import ORDER, ROOMS, ROOT, code, functions, of_file, parsed, said, tracked

FILES = {
    "apps", "models", "choices", "events", "logic", "access", "queries", "actions", "tasks", "receivers", "panels",
    "forms", "views", "urls", "personal", "__init__",
}  # fmt: skip
FOLDERS = {"migrations", "templates", "templatetags", "static", "locale", "tests"}
MORE = {  # each with its reason in ARCHITECTURE.md
    "ground/governance": {"permissions"},
    "ground/channels": {"contract"},
    "flow/hub": {"media"},
}
NO_WRITER = {"refuse_unless_open", "asked_by"}  # say why not, or what is asked; write nothing
OPEN = {
    "ambassador_by_link",
    "answer_link",
    "application",
    "contact_by_handle",
    "connector",
    "covered",
    "feed_of",
    "invitation_by_secret",
    "kept_consent",
    "letter_to_confirm",
    "line_by_link",
    "pushed_source",
    "signing",
    "way_back",
}  # a platform is no secret; a secret link is its own key, and what a platform sends is signed
FOR_EVERY_COLLEAGUE = {  # reads that answer the same whoever is signed in, of what everybody sees or has already
    "flow/calendar": (
        "accounts_named agreement agreements around_month around_week campaign campaigns "
        "channel_for_silence choices_of chosen_region coming history holiday_list holiday_lists month "
        "placed_of_campaign posting_time posting_times rested_on slot stock week"
    ),
    "flow/conversations": "changes_told holding_texts learnt odds of_alarm promises ties_among",
    "flow/hub": "contacts_of example_of likeness picture_of_item publishable shapes_of subjects_of with_copies",
    "ground/contacts": "merges_of",
    "ground/governance": "rooms_told",
    "ground/people": (
        "absences discipline disciplines disciplines_with_size how_many own_absences rotas skill "
        "skills_of teams who_can_what"
    ),
    "ground/story": "versions",
    "growth/insight": "went_well",
}
VAGUE = {"utils", "helpers", "services", "common", "base", "misc", "util"}
LONG_FILE, LONG_BODY = 400, 25
LONGER = {
    "koor/flow/conversations/actions/arriving.py open_from_mention",
    "koor/flow/hub/media/worker.py picture",
    "koor/flow/listening/views/stream.py stream",
    "koor/flow/relations/actions/line.py note_touch",
    "koor/flow/publishing/actions/answer.py reply",
    "koor/flow/publishing/actions/write.py create_post",
    "koor/ground/contacts/actions/ties.py introduce",
    "koor/ground/people/actions/managing.py add_person",
    "koor/ground/people/logic/lists.py entry",
    "koor/shell/demo/talking.py _conversation",
}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_the_files_of_a_room_and_no_others(room: str) -> None:
    folder = ROOT / "koor" / room
    kept = {path.relative_to(folder).parts[0] for path in tracked() if path.is_relative_to(folder)}
    strange = {part.removesuffix(".py") for part in kept} - FILES - FOLDERS - MORE.get(room, set())
    assert not strange, f"{room} holds {sorted(strange)}"


def test_every_room_stands_in_the_order() -> None:
    rooms = {
        f"{path.parent.parent.name}/{path.parent.name}"
        for path in tracked()
        if path.name == "apps.py" and path.parent.parent.name in {"ground", "flow", "growth"}
    }
    assert rooms == set(ROOMS)
    assert ORDER[0] == "shell"
    assert ORDER[-1] == "kernel"


def test_no_module_is_named_after_nothing() -> None:
    assert [said(path) for path in code(tests=True) if path.stem in VAGUE] == []


def test_no_file_takes_the_name_of_what_a_folder_hands_on() -> None:
    """Python puts the file in its place as soon as somebody imports it."""
    hidden = [
        f"{said(path)}: {alias.name} of {node.module}"
        for path in code()
        if path.name == "__init__.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (path.parent / f"{(node.module or '').split('.')[-1]}.py").exists()
        for alias in node.names
        if (path.parent / f"{alias.name}.py").exists() and not f"{node.module}".endswith(f".{alias.name}")
    ]
    assert hidden == []


def test_a_module_says_what_it_is_for() -> None:
    """But for those whose name says all."""
    silent = [
        said(path)
        for path in code()
        if path.read_text().strip()
        and path.stem not in {"apps", "choices", "urls"}
        and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_a_file_stays_readable() -> None:
    longer = [said(path) for path in code() if len(path.read_text().splitlines()) > LONG_FILE]
    assert longer == []
    assert len((ROOT / "koor/settings.py").read_text().splitlines()) <= 200


def test_a_function_stays_short() -> None:
    """Those that are longer are mostly a list of named fields. The list may only grow shorter."""
    longer = {
        f"{said(path)} {function.name}"
        for path in code()
        for function in functions(path)
        if lines_of_body(function) > LONG_BODY
    }
    assert longer <= LONGER


def lines_of_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def public(room: str, file: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in of_file(room, file):
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{said(path)}:{node.lineno} {node.name}", node


@pytest.mark.parametrize("room", ROOMS)
def test_who_writes_is_named(room: str) -> None:
    """`by` is never a place in a row of arguments: a call says it."""
    positional = [
        where
        for where, function in public(room, "actions")
        if "by" in {argument.arg for argument in (*function.args.posonlyargs, *function.args.args)}
    ]
    assert positional == []


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_view_calls_to_write_has_a_by(room: str) -> None:
    writers = {where.split()[-1]: (where, function) for where, function in public(room, "actions")}
    nameless = {
        where
        for called in called_in_views("actions", room)
        if called in writers and called not in NO_WRITER
        for where, function in [writers[called]]
        if "by" not in {argument.arg for argument in function.args.kwonlyargs}
    }
    assert nameless == set()


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_view_looks_up_it_looks_up_for_a_person(room: str) -> None:
    """The person comes first wherever something is found by what stands in an address. What has a row already
    (`ties_of`) or asks about the house (`today`) needs none: whoever has the row was allowed to see it."""
    readers = {where.split()[-1]: (where, function) for where, function in public(room, "queries")}
    open_to_all = {
        where
        for called in called_in_views("queries", room)
        if called in readers and called not in OPEN
        for where, function in [readers[called]]
        if looks_up(function) and function.args.args[0].arg not in {"person", "by"}
    }
    assert open_to_all == set()


@pytest.mark.parametrize("room", ROOMS)
def test_who_asks_is_looked_at(room: str) -> None:
    """A `person` that a read takes and never looks at promises a check that nobody makes."""
    for where, function in public(room, "queries"):
        first = function.args.args[0].arg if function.args.args else ""
        if first == "person" and function.name not in FOR_EVERY_COLLEAGUE.get(room, "").split():
            seen = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            assert "person" in seen, f"{where} looks at nobody: check, or name it among FOR_EVERY_COLLEAGUE"


def looks_up(function: ast.FunctionDef) -> bool:
    """Whether its first argument comes from outside: an id, a word."""
    first = function.args.args[:1]
    kind = ast.unparse(first[0].annotation) if first and first[0].annotation else ""
    return first != [] and not re.match(r"[A-Z]|list\[[A-Z]|date", kind)


def called_in_views(kind: str, room: str) -> Iterator[str]:
    """Names that the room's own pages take from its queries or actions."""
    for path in of_file(room, "views"):
        for node in ast.walk(parsed(path)):
            if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == kind) or (
                isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == kind
            ):
                yield node.attr
            if isinstance(node, ast.ImportFrom) and node.module and f".{kind}" in node.module:
                yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_views_never_touch_models(room: str) -> None:
    touching = [
        f"{said(path)}:{node.lineno}"
        for path in of_file(room, "views")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert touching == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_fact_is_made_of_ids(room: str) -> None:
    if not of_file(room, "events"):
        return
    module = importlib.import_module(f"koor.{room.replace('/', '.')}.events")
    for fact in (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__):
        assert is_dataclass(fact), fact
        assert fact.__dataclass_params__.frozen, fact  # type: ignore[attr-defined]
        for part in fields(fact):
            assert part.type in {int, "int", int | None, "int | None", tuple[int, ...]}, f"{fact}.{part.name}"
            assert part.name == "id" or part.name.endswith(("_id", "_ids")), f"{fact}.{part.name}"


def test_the_brain_of_a_room_knows_no_django() -> None:
    knowing = [
        f"{said(path)}:{node.lineno}"
        for room in ROOMS
        for path in of_file(room, "logic")
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "django")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "django" for alias in node.names))
    ]
    assert knowing == []
