"""One stylesheet for all rooms: a component has its name for itself."""

import re
from collections import Counter

from django.template import engines

from koor.kernel.icons import ICONS
from tests.architecture.house import ROOT, said, tracked
from tests.architecture.test_direction import templates

COMPONENT = re.compile(r"^  \.([a-z][\w-]*) \{", re.MULTILINE)  # at the beginning of a line of a layer
WRITTEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
CLASS = re.compile(r'\bclass="((?:[^"{]|\{[%{].*?[%}]\})*)"')
SOUGHT = re.compile(r"""\b(?:querySelector(?:All)?|closest|matches)\((['"`])(.*?)\1""")
FILLED_IN = re.compile(r"\$\{.*?\}")
LOAD = re.compile(r"\{% load (.+?) %\}")
TRANSLATED = re.compile(r"""\b_\(["']""")
DRAWN = re.compile(r'''\{% icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"''')


def test_a_component_is_drawn_in_one_place() -> None:
    """Two rooms that take the same word for different things would each change the other's pages."""
    drawn = Counter(COMPONENT.findall((ROOT / "koor/shell/static/shell/koor.css").read_text()))
    assert {name for name, times in drawn.items() if times > 1} == set()
    assert drawn["gallery"] == 1


def test_every_icon_is_drawn() -> None:
    """Also those of pages that nobody opens in a test, such as an empty list."""
    texts = [path.read_text() for end in ("*.html", "*.py") for path in (ROOT / "koor").rglob(end)]
    asked = {one or other for text in texts for one, other in DRAWN.findall(text)}
    assert asked - set(ICONS) == set()
    assert "back" in asked
    rest = "\n".join(text for text in texts if "ICONS: dict" not in text)
    assert [name for name in ICONS if f'"{name}"' not in rest and f"'{name}'" not in rest] == [], "nobody asks for them"


def test_what_is_named_for_its_looks_has_looks() -> None:
    """A class that no style and no script knows, and a token that nothing takes, say something that is not so."""
    styles, scripts = (
        "\n".join(path.read_text() for path in tracked() if path.suffix == end and "koor" in path.parts)
        for end in (".css", ".js")
    )
    assert {token for token in re.findall(r"(--[\w-]+):", styles) if f"var({token}" not in styles} == set()
    known = set(re.findall(r"\.([a-z][\w-]*)", styles)) | set(re.findall(r"""[.'"`]([a-z][\w-]*)""", scripts))
    unknown = {f"{said(path)}: {css}" for path in templates() for css in classes(path.read_text()) if css not in known}
    assert unknown == set()


def test_what_a_script_looks_for_stands_somewhere() -> None:
    """Else what it does for people is gone without a word."""
    texts = {path: path.read_text() for path in tracked() if path.suffix in {".html", ".js"} and "koor" in path.parts}
    selectors = [one for path, text in texts.items() if path.suffix == ".js" for _quote, one in SOUGHT.findall(text)]
    sought = {css for one in selectors for css in re.findall(r"\.([a-z][\w-]*)", FILLED_IN.sub("", one))}
    assert "bar" in sought
    named = set(re.findall(r"(?<![.\w-])[a-z][\w-]*", "\n".join(texts.values())))
    assert sought - named == set()


def classes(text: str) -> set[str]:
    """Those that are written out; not what a value makes."""
    whole = (WRITTEN.sub(lambda part: "\0" if part[0].startswith("{{") else " ", one) for one in CLASS.findall(text))
    return {css for one in whole for css in one.split() if "\0" not in css}


def test_a_template_loads_what_it_uses() -> None:
    """Each library costs a look at every page of it, and misleads who reads."""
    engine = engines["django"].engine
    unused = []
    for path in templates():
        text = path.read_text()
        used = LOAD.sub("", text)
        for library in [one for names in LOAD.findall(text) for one in names.rpartition(" from ")[2].split()]:
            known = engine.template_libraries[library]
            filters = any(re.search(rf"\|\s*{name}\b", used) for name in known.filters)
            tags = any(re.search(rf"\{{%-?\s*{name}\b", used) for name in known.tags)
            if not (filters or tags or (library == "i18n" and TRANSLATED.search(used))):
                unused.append(f"{said(path)}: {library}")
    assert unused == []
