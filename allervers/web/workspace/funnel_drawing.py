"""People drawn as circles that can be counted, five to a column; past two hundred, a bar. Two drawings, desk and thumb. Pure."""

from dataclasses import dataclass

_ROWS = 5
_PITCH = 14.5
_MOST = 200
_WIDTHS = {"wide": 390.0, "thumb": 288.0}


@dataclass(frozen=True)
class Drawing:
    """One SVG: its size, and the path of its circles or bar."""

    width: str
    height: str
    path: str


def drawings(count: int, whole: int) -> dict[str, Drawing]:
    """The desk's and the thumb's drawing of `count` people, at the scale of the `whole` that the funnel begins with."""
    return {name: _drawing(count, whole, width) for name, width in _WIDTHS.items()}


def _drawing(count: int, whole: int, width: float) -> Drawing:
    if whole > _MOST:
        length = width * count / whole
        return Drawing(f"{width:g}", "28", f"M1 1h{length:.1f}v26h-{length:.1f}z")
    columns = max(1, -(-whole // _ROWS))
    pitch = min(_PITCH, width / columns)
    radius = pitch * 0.36
    circles = [_circle((n // _ROWS + 0.5) * pitch, (n % _ROWS + 0.5) * pitch, radius) for n in range(count)]
    own = max(1, -(-count // _ROWS))
    return Drawing(f"{own * pitch:.1f}", f"{_ROWS * pitch:.1f}", "".join(circles))


def _circle(x: float, y: float, radius: float) -> str:
    two = f"{2 * radius:.1f}"
    return f"M{x - radius:.1f} {y:.1f}a{radius:.2f} {radius:.2f} 0 1 0 {two} 0a{radius:.2f} {radius:.2f} 0 1 0-{two} 0"
