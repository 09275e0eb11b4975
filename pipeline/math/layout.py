"""What goes into the engine and what comes out: TeX, and its layout or a failure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tex:
    """One formula as written, without delimiters; `display` stands on its own.

    An environment written bare (`\\begin{align}…`) keeps its `\\begin` and `\\end`.
    """

    tex: str
    display: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the owner adds to TeX.

    `macros` are (name without backslash, definition) pairs, of as many arguments as
    the highest `#n` in the definition; `physics` loads that package, which changes
    what common commands mean.
    """

    macros: tuple[tuple[str, str], ...] = ()
    physics: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A formula typeset: MathJax's own MathML and SVG.

    `number` is the equation's number with its parentheses, `(1)`, to be set at the
    right; it is empty where there is none, and where several rows are numbered,
    which then have their numbers in a last column.
    """

    mathml: str
    svg: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a formula could not be typeset, in MathJax's words or ours; one line.

    One `of_post` is not to blame itself: the formulas before it were too many, or
    took too long. The latter is `for_now`: on a less busy day it may come out.
    """

    message: str
    of_post: bool = False
    for_now: bool = False
