"""Films in HDR (HLG of phones, PQ) in the colours of every screen: a table of colours for the filter `lut3d`.

Light as the film means it (BT.2100), white at 203 nits (BT.2408), what is brighter bent in smoothly, then BT.709."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Colours = np.ndarray[Any, np.dtype[np.float64]]

PQ, HLG = 16, 18  # how a film says it: transfer characteristics of ITU-T H.273
TABLE = "colours.cube"
POINTS = 33  # of the table, along each colour
WHITE, PEAK = 203.0, 1000.0  # nits
KNEE = 0.5  # of white: darker than this stays as it is
SCREEN = 2.4  # the exponent of an ordinary screen, BT.1886
WEIGHTS = (0.2627, 0.6780, 0.0593)  # of red, green and blue in the light of BT.2020
TO_709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))


def is_hdr(frame: Any) -> bool:
    return int(frame.color_trc) in (PQ, HLG)


def steps(frame: Any, width: int, height: int, folder: Path) -> list[str]:
    """The filters instead of a plain `scale`; writes the table into `folder`."""
    path = folder / TABLE
    path.write_text(table(int(frame.color_trc)))
    name = str(path).replace("\\", "\\\\").replace(":", "\\:").replace("'", "\\'")
    small = f"scale={width}:{height}:flags=bilinear:in_color_matrix=bt2020"
    flat = "scale=out_color_matrix=bt709:out_range=tv"
    return [small, "format=gbrp10le", f"lut3d=file={name}:interp=trilinear", flat]


def table(transfer: int) -> str:
    """A .cube: red goes fastest."""
    import numpy as np

    along = np.linspace(0, 1, POINTS)
    blue, green, red = np.meshgrid(along, along, along, indexing="ij")
    made = ordinary(np.stack([red, green, blue], axis=-1).reshape(-1, 3), transfer)
    rows = "\n".join(f"{r:.5f} {g:.5f} {b:.5f}" for r, g, b in made)
    return f"LUT_3D_SIZE {POINTS}\n{rows}\n"


def ordinary(signal: Colours, transfer: int) -> Colours:
    """Colours as an HDR film holds them (0 to 1, BT.2020), as an ordinary screen wants them."""
    import numpy as np

    light = (_from_pq(signal) if transfer == PQ else _from_hlg(signal)) / WHITE
    brightest = np.maximum(light.max(axis=-1, keepdims=True), 1e-6)
    bent = light * (_bent(brightest) / brightest)
    here: Colours = np.clip(bent @ np.array(TO_709).T, 0, 1) ** (1 / SCREEN)
    return here


def _from_pq(signal: Colours) -> Colours:
    """Nits, SMPTE ST 2084."""
    import numpy as np

    root = signal ** (32 / 2523)
    light: Colours = 10_000 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (16384 / 2610)
    return light


def _from_hlg(signal: Colours) -> Colours:
    """Nits on a screen of 1,000, ARIB STD-B67."""
    import numpy as np

    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    shown: Colours = PEAK * scene * (scene @ np.array(WEIGHTS))[..., None] ** 0.2
    return shown


def _bent(light: Colours) -> Colours:
    """As it is up to the knee, from there ever flatter, up to 1 at the peak."""
    import numpy as np

    most = (PEAK / WHITE - KNEE) / (1 - KNEE)
    over = np.clip((light - KNEE) / (1 - KNEE), 0, most)
    bent: Colours = np.where(light <= KNEE, light, KNEE + (1 - KNEE) * over * (1 + over / most**2) / (1 + over))
    return bent
