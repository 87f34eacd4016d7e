"""Draws what is made of parts: the faces of colleagues and of people outside, and the house's own mark in pixels.

    python -m tools.drawings

Its output is committed (koor/shell/static/shell/), so that nobody needs this to run Koor. The faces are placeholders
for the demo and for whoever has no photograph; each is put together from the parts below."""

# ruff: noqa: E501 a drawing is one line
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "koor" / "shell" / "static" / "shell"

WORK = "#27476e"  # the blue of the firm's work clothes
SKIN = {
    "light": "#f0cdb4",
    "rosy": "#eec2a8",
    "olive": "#e4b48f",
    "tan": "#cf9a72",
    "brown": "#b98560",
    "dark": "#7d5238",
}
BACK = ("#e7ded9", "#d9e0d5", "#d3dce6", "#e9e0cc", "#e8dcd9", "#e6e0d3", "#dde2e8", "#dfe2d8", "#e2dce4", "#e3dccb")

SHORT = "M14.6 21.5C12.8 12 17.5 7 24.5 7c7 0 10.5 4.7 9 14.5-.7-3.5-1.4-5.2-2.8-6.9-3.7.5-8.2-.9-10.2-3.1-.9 3.5-4.7 4.6-5.9 10Z"
NEAT = "M14.6 21C13 11 18 7.6 24.2 7.6c6.6 0 10.8 4 9.2 13.4-.8-3.6-2-5.6-4.2-6.6-4.4 1.2-9 .6-11-.2-2 1.4-2.8 3.4-3.6 6.8Z"
SIDE = "M14.7 21C13.1 11.8 17.8 6.7 24.8 6.7c6.7 0 10.2 4.7 8.7 14.1-.6-3.2-1.5-5.2-3.3-6.6-4.2.9-9.6-.1-12.3-2.8-1 2.7-2.5 5.6-3.2 9.6Z"
CROP = "M15.2 19.2c-.5-7.6 3.2-11.3 8.8-11.3s9.3 3.7 8.8 11.3c-1-3.7-2.3-6-4-7-3.2.9-6.4.9-9.6 0-1.7 1-3 3.3-4 7Z"
PULLED = "M14.7 21.5C13.5 12 18 8 24 8s10.5 4 9.3 13.5c-1-4.7-4-8.3-9.3-8.3s-8.3 3.6-9.3 8.3Z"
PARTED = "M14.9 22c0-9.6 3.7-12.6 9.1-12.6S33.1 12.4 33.1 22c-1.9-3-5.3-5.4-8.1-9.6-2.2 4-7.2 6-10.1 9.6Z"
BOB = "M14.8 21c.2-9 4-11.6 9.4-11.6S33 12 33.2 21c-1.6-2.2-2.6-4.2-3-6.2-4.2 2.6-10 2.2-12.6.6-.6 2-1.6 4-2.8 5.6Z"
FRINGE = (
    "M14.9 21.5c-.7-9.3 3.3-12.7 9.1-12.7s9.8 3.4 9.1 12.7c-.5-1.8-.8-3.2-1-4.7-5.2 1-11 1-16.2 0-.2 1.5-.5 2.9-1 4.7Z"
)
LONG_BEHIND = "M12.4 42C9.6 14 15.4 6.6 24 6.6S38.4 14 35.6 42Z"
BOB_BEHIND = "M12.6 31.5C10.2 14 15.6 6.8 24 6.8S37.8 14 35.4 31.5c-3 1.6-6 1.2-6 1.2H18.6s-3 .4-6-1.2Z"
WAVY_BEHIND = "M11.5 37c-2-4.5 1-6.5-.2-11C8.8 14.5 14.5 6.3 24 6.3S39.2 14.5 36.7 26c-1.2 4.5 1.8 6.5-.2 11-2.5 2-5 .8-6.5-.5H18c-1.5 1.3-4 2.5-6.5.5Z"
SCARF_BEHIND = "M11.5 40C10 16 14.5 6 24 6s14 10 12.5 34Z"
SCARF = "M24 6c8 0 12 7 11 20-.6 7-5 11-11 11s-10.4-4-11-11C12 13 16 6 24 6Zm0 6.4c-5 0-7.6 3.6-7.6 9.2 0 6 3.2 9.6 7.6 9.6s7.6-3.6 7.6-9.6c0-5.6-2.6-9.2-7.6-9.2Z"
BEARD = "M15.5 21.5C15.3 31 19 34.2 24 34.2s8.7-3.2 8.5-12.7c-.8 3.6-2.3 4.3-4.5 4.3h-8c-2.2 0-3.7-.7-4.5-4.3Z"
BALD_SIDES = "M14 22c-1-4 0-7 1-8v10Zm20 0c1-4 0-7-1-8v10Z"
BALD_TOP = "M15 18.5c.6-6 4-9.7 9-9.7s8.4 3.7 9 9.7c-1.5-4-4.5-6.3-9-6.3s-7.5 2.3-9 6.3Z"
CAP = "M14 18.6C13.6 11 17.6 6.8 24 6.8S34.4 11 34 18.6c-6-2.6-14-2.6-20 0Z"
CAP_RIM = "M14 18.6c6-2.6 14-2.6 20 0v-2.4c-6-2.4-14-2.4-20 0Z"


def circles(*places: tuple[float, float, float]) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="{r}"/>' for x, y, r in places)


CURLS_BEHIND = circles((16, 16, 5), (19.5, 10.5, 5), (26, 9.2, 5.2), (31.4, 13, 5), (33, 19, 4.2), (14.8, 21, 4))
CURLS = circles((20, 13, 3.4), (25, 12, 3.4), (29.4, 14, 3))
LONG_CURLS_BEHIND = CURLS_BEHIND + circles((13.8, 26, 4.4), (34.2, 25, 4.4), (14.6, 31.5, 4), (33.4, 31, 4))
AFRO_BEHIND = circles((24, 16.5, 12.6), (14.5, 20, 5), (33.5, 20, 5))
BRAIDS = "".join(circles((14.2, y, 2.3), (33.8, y, 2.3)) for y in (27, 30.6, 34.2, 37.6))


def path(shape: str, colour: str, extra: str = "") -> str:
    return f'<path fill="{colour}"{extra} d="{shape}"/>'


def group(shapes: str, colour: str) -> str:
    return f'<g fill="{colour}" stroke="{colour}" stroke-width="0">{shapes}</g>'


# Each style: what lies behind the head, and what lies over it.
STYLES: dict[str, tuple[str, str]] = {
    "long": (path(LONG_BEHIND, "{c}"), path(PARTED, "{c}")),
    "fringe": (path(LONG_BEHIND, "{c}"), path(FRINGE, "{c}")),
    "bob": (path(BOB_BEHIND, "{c}"), path(BOB, "{c}")),
    "pageboy": (path(BOB_BEHIND, "{c}"), path(FRINGE, "{c}")),
    "wavy": (path(WAVY_BEHIND, "{c}"), path(PARTED, "{c}")),
    "short": ("", path(SHORT, "{c}")),
    "neat": ("", path(NEAT, "{c}")),
    "side": ("", path(SIDE, "{c}")),
    "crop": ("", path(CROP, "{c}")),
    "curls": (group(CURLS_BEHIND, "{c}"), group(CURLS, "{c}")),
    "long-curls": (group(LONG_CURLS_BEHIND, "{c}"), group(CURLS, "{c}")),
    "afro": (group(AFRO_BEHIND, "{c}"), path(CROP, "{c}")),
    "bald": (path(BALD_SIDES, "{c}"), path(BALD_TOP, "{c}")),
    "bare": ("", ""),
    "bun": ('<circle fill="{c}" cx="24" cy="6.8" r="4.6"/>', path(PULLED, "{c}")),
    "ponytail": (path("M31.5 12c6 2.5 7 11 4.5 21-3.2-1-5.5-7.5-5.5-15Z", "{c}"), path(PULLED, "{c}")),
    "braids": (group(BRAIDS, "{c}"), path(PARTED, "{c}")),
    "scarf": (path(SCARF_BEHIND, "{c}"), path(SCARF, "{c}", ' fill-rule="evenodd"')),
    "cap": ("", path(CAP, "{c}") + path(CAP_RIM, "#000", ' opacity=".16"')),
    "turban": (
        "",
        path("M13.6 18.5C12 10 17 5 24 5s12 5 10.4 13.5C31 13.5 27 12 24 12s-7 1.5-10.4 6.5Z", "{c}")
        + '<path fill="none" stroke="#000" stroke-opacity=".16" stroke-width=".9" d="M15 13.5c4-4 10-5.5 16-4.5M17 9.5c3-2 7-3 10-2.5"/>',
    ),
}


@dataclass(frozen=True)
class Face:
    name: str
    hair: str
    colour: str
    skin: str = "light"
    clothes: str = WORK
    back: int = 0
    beard: str = ""
    stubble: bool = False
    moustache: str = ""
    glasses: bool = False
    older: bool = False
    mouth: str = ""  # usual; "open", "lips" or "calm"
    collar: bool = False
    freckles: bool = False
    earrings: str = ""


def drawn(face: Face) -> str:
    behind, over = (part.replace("{c}", face.colour) for part in STYLES[face.hair])
    skin = SKIN[face.skin]
    parts = [
        path("M0 0h48v48H0z", BACK[face.back]),
        behind,
        path("M4 50c0-11 8-15 20-15s20 4 20 15Z", face.clothes),
        path("M18.7 35.3 24 41.6l5.3-6.3-1.7-.6L24 38.2l-3.6-3.5Z", "#fff", ' opacity=".88"') if face.collar else "",
        path("M19.6 27h8.8v7.6c0 5.6-8.8 5.6-8.8 0Z", skin),
        path("M19.6 30.4c3 1.8 6 1.8 8.8 0v2.4c-2.8 2-5.8 2-8.8 0Z", "#00000018"),
        f'<ellipse cx="24" cy="21.5" rx="8.9" ry="10.3" fill="{skin}"/>',
        _cheeks(face),
        path(BEARD, face.beard) if face.beard else "",
        path(BEARD, face.colour, ' opacity=".2"') if face.stubble else "",
        '<g fill="#2b2621"><circle cx="20.5" cy="21.3" r=".95"/><circle cx="27.5" cy="21.3" r=".95"/></g>',
        '<path d="M24 21.6c.5 1.5.8 2.3-.4 2.6" fill="none" stroke="#000" stroke-opacity=".22" stroke-width=".8" stroke-linecap="round"/>',
        _mouth(face),
        path(
            "M20.2 25.7c1.1-1.5 2.7-1.5 3.8-.7 1.1-.8 2.7-.8 3.8.7-1.3.7-2.7.8-3.8.2-1.1.6-2.5.5-3.8-.2Z",
            face.moustache,
        )
        if face.moustache
        else "",
        '<g fill="none" stroke="#2b2621" stroke-width=".9"><circle cx="20.5" cy="21.3" r="2.7"/><circle cx="27.5" cy="21.3" r="2.7"/><path d="M23.2 21h1.6"/></g>'
        if face.glasses
        else "",
        over,
        f'<g fill="{face.earrings}"><circle cx="15.2" cy="25.8" r=".9"/><circle cx="32.8" cy="25.8" r=".9"/></g>'
        if face.earrings
        else "",
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">{"".join(parts)}</svg>\n'


def _cheeks(face: Face) -> str:
    marks = ""
    if face.older:
        marks += '<path d="M18.3 24.1c.9.6 2 .7 3 .3M29.7 24.1c-.9.6-2 .7-3 .3M19.7 17.3c2.7-.7 5.9-.7 8.6 0" fill="none" stroke="#000" stroke-opacity=".13" stroke-width=".7" stroke-linecap="round"/>'
    if face.freckles:
        marks += (
            '<g fill="#a8643a" opacity=".45">'
            + circles(
                (18.2, 24, 0.4),
                (19.6, 24.8, 0.4),
                (17.6, 25.4, 0.35),
                (28.6, 24.8, 0.4),
                (29.9, 24, 0.4),
                (30.3, 25.4, 0.35),
            )
            + "</g>"
        )
    return marks


def _mouth(face: Face) -> str:
    if face.mouth == "open":
        return '<path d="M20.7 26.3c2.2.6 4.4.6 6.6 0-.5 2-1.7 3-3.3 3s-2.8-1-3.3-3Z" fill="#fff" stroke="#8c4a3c" stroke-width=".5" stroke-linejoin="round"/>'
    if face.mouth == "lips":
        return '<path d="M21 26.7c1-.6 2-.8 3-.4 1-.4 2-.2 3 .4-1.8 2.1-4.2 2.1-6 0Z" fill="#b0564c"/>'
    colour = "#f3d8cc" if face.beard and face.skin != "dark" else ("#5b2c22" if face.skin == "dark" else "#8c4a3c")
    bend = ".7" if face.mouth == "calm" else "1.5"
    return f'<path d="M21.3 26.9c1.7 {bend} 3.7 {bend} 5.4 0" fill="none" stroke="{colour}" stroke-width="1" stroke-linecap="round"/>'


COLLEAGUES = (
    Face("bram", "neat", "#8a5a2b", back=2, beard="#9a6a3a"),
    Face("yusuf", "neat", "#1f1a17", "olive", back=1, beard="#1f1a17"),
    Face("hanna", "bob", "#7b4a2c", clothes="#2e2a26", back=4, glasses=True),
    Face("anneke", "long", "#d3b071", clothes="#8c3b3b", back=3),
    Face("marloes", "bun", "#b4532a", clothes="#3c6a5a", back=6),
    Face("rob", "bald", "#8d8a86", clothes="#33485f", back=8, glasses=True),
    Face("samira", "scarf", "#3d5f72", "olive", clothes="#2f4a5a", back=5),
    Face("winston", "curls", "#171310", "dark", back=1),
    Face("henk", "cap", "#34536f", back=0, beard="#b9b2a8"),
    Face("jelle", "short", "#caa25a", back=9),
    Face("femke", "bob", "#2c2320", clothes="#4d4a7a", back=4),
    Face("sanne", "fringe", "#4a3527", clothes="#6b6f75", back=7),
    Face("tom", "side", "#6b4426", back=2, stubble=True),
    Face("lotte", "ponytail", "#c99a52", back=3, freckles=True, mouth="open"),
    Face("mirjam", "wavy", "#8a4b2c", clothes="#5d4a6b", back=8, mouth="lips"),
    Face("dirk", "bald", "#b9b4ad", back=6, moustache="#a9a39b", older=True),
    Face("esther", "pageboy", "#bdb8b1", clothes="#7c5a3c", back=5, glasses=True, older=True),
    Face("kevin", "crop", "#caa25a", back=7, stubble=True, mouth="open"),
    Face("naomi", "braids", "#171310", "dark", clothes="#a5603a", back=9, earrings="#e2b65c"),
    Face("piet", "cap", "#4b5a3c", "rosy", back=1, moustache="#c9c2b6", older=True),
    Face("aisha", "scarf", "#6a4c3b", "tan", clothes="#4b3a32", back=0, mouth="lips"),
    Face("gijs", "curls", "#a9793f", "rosy", back=2, freckles=True, mouth="open"),
    Face("ingrid", "bob", "#dcd8d1", clothes="#3f5d73", back=8, older=True, collar=True),
    Face("mehmet", "side", "#231d19", "olive", back=3, moustache="#231d19"),
    Face("roos", "long", "#b4532a", "rosy", clothes="#50683f", back=7, freckles=True),
    Face("bas", "short", "#5c3a22", back=6, beard="#5c3a22", glasses=True),
    Face("chantal", "long-curls", "#2c2320", "brown", clothes="#8c3b4f", back=4, mouth="lips", earrings="#d8b45a"),
    Face("wim", "bald", "#dcd8d1", "rosy", clothes="#4a5560", back=5, glasses=True, older=True, collar=True),
    Face("sem", "crop", "#1f1a17", "brown", back=9, mouth="open"),
    Face("linda", "fringe", "#caa25a", clothes="#2f5a6b", back=0),
    Face("joop", "bare", "#000", "rosy", back=1, beard="#c9c2b6", older=True),
    Face("fleur", "bun", "#4a3527", clothes="#a04f4f", back=3, mouth="open"),
    Face("ravi", "turban", "#7a3030", "brown", back=2, beard="#1f1a17"),
    Face("tamara", "wavy", "#d3b071", clothes="#33485f", back=6, glasses=True),
    Face("daan", "side", "#a8743c", back=8, mouth="calm"),
    Face("nienke", "ponytail", "#5c3a22", back=7),
    Face("erik", "neat", "#8d8a86", clothes="#3a3f46", back=0, collar=True, older=True),
    Face("zeynep", "long", "#231d19", "olive", clothes="#6d5675", back=5, mouth="lips"),
    Face("marieke", "pageboy", "#7b4a2c", clothes="#75806a", back=1),
    Face("stefan", "crop", "#5a4a3a", back=2, beard="#6b5238"),
    Face("gloria", "afro", "#171310", "dark", clothes="#b07a2e", back=4, mouth="open"),
    Face("ruud", "short", "#bdb8b1", "rosy", back=3, glasses=True, stubble=True, older=True),
    Face("jamal", "crop", "#171310", "dark", back=6, beard="#1b1512"),
    Face("ellen", "bob", "#a8663a", clothes="#2e4a3f", back=9, earrings="#d9d3c6"),
)
OUTSIDE = (
    Face("els", "bob", "#bdb8b1", clothes="#6d5675", back=0, glasses=True),
    Face("thijs", "curls", "#5a3b22", clothes="#75806a", back=6),
    Face("fatma", "scarf", "#7a3f5a", "olive", clothes="#4b3a4a", back=5),
    Face("gerben", "bald", "#6e6a64", clothes="#5b6b4a", back=7),
    Face("karin", "bun", "#5c3a22", clothes="#a8663a", back=2),
    Face("ilse", "long", "#c58b4a", clothes="#3f5d73", back=4),
    Face("joost", "short", "#3a2a1e", clothes="#8a7350", back=1, glasses=True),
    Face("dewi", "long", "#1b1614", "brown", clothes="#a04f4f", back=8),
    Face("wout", "short", "#a8743c", clothes="#7c4f4f", back=9),
    Face("truus", "pageboy", "#dcd8d1", "rosy", clothes="#6f7a8c", back=3, older=True, glasses=True),
    Face("hassan", "neat", "#231d19", "tan", clothes="#5f6f5a", back=0, beard="#231d19"),
    Face("marijke", "wavy", "#8d8a86", clothes="#8c3b3b", back=6, older=True, mouth="lips"),
    Face("olga", "braids", "#d3b071", "rosy", clothes="#4d6b5a", back=4),
    Face("pieter", "side", "#8d8a86", clothes="#33485f", back=2, collar=True, older=True),
    Face("sjaak", "cap", "#6a3b2c", "rosy", clothes="#55504a", back=5, stubble=True, older=True),
    Face("anouk", "fringe", "#2c2320", clothes="#b07a2e", back=8),
    Face("patrice", "crop", "#171310", "dark", clothes="#7a4a5a", back=7, glasses=True),
    Face("greet", "bun", "#bdb8b1", clothes="#5d5a7a", back=1, older=True),
    Face("lars", "short", "#d8bd7a", clothes="#4a5f6b", back=9, beard="#cdae6a"),
    Face("mei", "pageboy", "#1f1a17", "olive", clothes="#3c6a5a", back=3),
    Face("carmen", "long-curls", "#3a2a1e", "tan", clothes="#8c3b4f", back=0, mouth="open"),
    Face("harm", "bald", "#b9b4ad", "rosy", clothes="#6b5a3c", back=6, beard="#c9c2b6", older=True),
)


def mark() -> dict[str, bytes]:
    """The house's mark in the sizes that a phone asks for."""
    import pyvips

    round_mark = (STATIC / "koor.svg").read_text()
    full = round_mark.replace('rx="15"', 'rx="0"').replace(
        "<g fill", '<g transform="translate(6.4 6.4) scale(.8)" fill'
    )
    wanted = {
        "koor-192": (192, round_mark),
        "koor-512": (512, round_mark),
        "koor-180": (180, full),
        "koor-maskable": (512, full),
    }
    return {
        f"{name}.png": pyvips.Image.svgload_buffer(svg.encode(), scale=size / 64).pngsave_buffer(
            compression=9, palette=True
        )
        for name, (size, svg) in wanted.items()
    }


def main() -> None:
    faces = STATIC / "faces"
    faces.mkdir(parents=True, exist_ok=True)
    for face in COLLEAGUES + OUTSIDE:
        (faces / f"{face.name}.svg").write_text(_shorter(drawn(face)))
    for name, content in mark().items():
        (STATIC / name).write_bytes(content)
    print(f"{len(COLLEAGUES)} colleagues, {len(OUTSIDE)} people outside")


def _shorter(svg: str) -> str:
    """Without the noughts that end a fraction."""
    import re

    return re.sub(r"(\.\d*?[1-9])0+(?!\d)", r"\1", svg)


if __name__ == "__main__":
    main()
