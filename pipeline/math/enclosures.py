"""`<menclose>` as CSS, which is all that MathML Core has for boxes and strikes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_RULE = "0.06em"
_LINE = f"{_RULE} solid"
_BORDERS: Final = {
    "top": ("top",), "bottom": ("bottom",), "left": ("left",), "right": ("right",),
    "actuarial": ("top", "right"), "madruwb": ("bottom", "right"),
    "longdiv": ("top", "left"), "radical": ("top", "left"), "phasorangle": ("bottom",),
}  # fmt: skip
_FRAMES: Final = {
    "box": f"border:{_LINE};padding:0.2em",
    "roundedbox": f"border:{_LINE};border-radius:0.3em;padding:0.2em",
    "circle": f"border:{_LINE};border-radius:50%;padding:0.25em",
}
_CORNERS: Final = {"longdiv": "border-top-left-radius:0.3em"}


def _diagonal(direction: str) -> str:
    edges = f"calc(50% - {_RULE}/2)", f"calc(50% + {_RULE}/2)"
    stops = f"transparent {edges[0]},currentColor {edges[0]}"
    return (
        f"linear-gradient(to {direction},{stops},currentColor {edges[1]},"
        f"transparent {edges[1]})"
    )


def _bar(place: str) -> str:
    return f"linear-gradient(currentColor,currentColor) {place} no-repeat"


_UP, _DOWN = _diagonal("bottom right"), _diagonal("bottom left")
# An arrow's head is two strokes along the corner that it points to.
_HEAD = _bar(f"100% 0/0.3em {_RULE}"), _bar(f"100% 0/{_RULE} 0.3em")
_STROKES: Final = {
    "updiagonalstrike": (_UP,),
    "downdiagonalstrike": (_DOWN,),
    "horizontalstrike": (_bar(f"0 50%/100% {_RULE}"),),
    "verticalstrike": (_bar(f"50% 0/{_RULE} 100%"),),
    "updiagonalarrow": (_UP, *_HEAD),
    "northeastarrow": (_UP, *_HEAD),
    "phasorangle": (f"{_diagonal('bottom right')} 0 0/0.5em 100% no-repeat",),
}


def enclosure_style(notation: str) -> str:
    """Return the CSS of a `notation`: names with spaces between, `longdiv` for none.

    A name that is not known draws nothing.
    """
    names = notation.split() or ["longdiv"]
    rules = [_FRAMES[name] for name in names if name in _FRAMES]
    sides = _unique(side for name in names for side in _BORDERS.get(name, ()))
    rules += (f"border-{side}:{_LINE};padding-{side}:0.1em" for side in sides)
    rules += (_CORNERS[name] for name in names if name in _CORNERS)
    if "phasorangle" in names:
        rules.append("padding-left:0.6em")
    strokes = _unique(stroke for name in names for stroke in _STROKES.get(name, ()))
    if strokes:
        rules.append(f"background:{','.join(strokes)}")
    return ";".join(rules)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
