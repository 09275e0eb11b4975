"""One QuickJS context with MathJax in it: a formula in, its layout out, within bounds.

Knows nothing of what becomes of a post whose formula went beyond a bound (`engine`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

import quickjs

from pipeline.base.errors import InputError
from pipeline.math.bounds import Bounds
from pipeline.math.layout import Failure, Layout, Options, Tex

MATHJAX_VERSION = "3.2.2"
"""What hatch_build.py brings; the files say it of themselves as well."""

# QuickJS tells an overflow by itself below this; the C stack is 8 MB, and a limit
# beyond it would end the process instead.
_MAX_STACK_BYTES = 4 << 20
_MB = 1 << 20

_LIBRARY = (
    "mathjax/startup.js",
    "mathjax/core.js",
    "mathjax/adaptors/liteDOM.js",
    "mathjax/input/tex-full.js",
    "mathjax/output/svg.js",
    "mathjax/output/svg/fonts/tex.js",
)
_OWN = ("package.js", "driver.js")

# All of tex-full but what loads files, hides errors, changes settings, or needs a
# mouse; physics is by option, since it changes what common commands mean.
_PACKAGES = (
    "base ams amscd bbox boldsymbol braket bussproofs cancel cases centernot color "
    "colortbl configmacros empheq enclose extpfeil gensymb html mathtools mhchem "
    "newcommand textcomp textmacros unicode upgreek verb post"
)

# Read by startup.js, before there is a console or a page.
_SETTING_UP = """
globalThis.console = {log() {}, warn() {}, error() {}, info() {}};
globalThis.MathJax = {
  startup: {input: ['tex'], output: 'svg', adaptor: 'liteAdaptor',
            handler: 'HTMLHandler', document: '', typeset: false},
  loader: {load: [], ready() {}},
  tex: {packages: ['base']},
  svg: {fontCache: 'none', mtextInheritFont: false},
  options: {enableAssistiveMml: false},
};
"""

# Production Char of XML 1.0, section 2.2, turned round.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ARGUMENT = re.compile("#([1-9])")


class ExhaustedError(Exception):
    """A formula went beyond a bound, and the context cannot be used again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a formula: None where it waits for a later one; and the time."""

    result: Layout | Failure | None
    seconds: float


class Interpreter:
    """MathJax, ready for the formulas of one post after another.

    Belongs to the thread that made it: QuickJS measures that thread's stack. InputError
    is raised where MathJax's files are not there.
    """

    def __init__(self, options: Options, bounds: Bounds) -> None:
        self._bounds = bounds
        self._context = quickjs.Context()
        self._context.set_max_stack_size(_MAX_STACK_BYTES)
        self._context.set_memory_limit(bounds.formula_megabytes * _MB)
        self._context.eval(f"{_SETTING_UP};0")
        for name in (*_LIBRARY, *_OWN):
            self._context.eval(f"{_script(name)};0")
        self._context.get("configure")(json.dumps(_settings(options, bounds)))
        self._context.set_time_limit(bounds.formula_seconds)

    def begin(self) -> None:
        """Forget the numbers, labels and definitions of the post before."""
        self._context.get("begin")()

    def typeset(self, index: int, formula: Tex, *, wanted: bool = True) -> Answer:
        """Typeset the next formula; unless `wanted`, only do what later ones need.

        `index` is what `resolve` knows it by, should it name a later one. Raises
        ExhaustedError.
        """
        written = {"index": index, "written": formula.tex, "display": formula.display}
        return self._call("typeset", json.dumps({**written, "wanted": wanted}))

    def resolve(self, index: int) -> Answer:
        """Typeset a formula that waited, when all have been seen. Raises likewise."""
        return self._call("resolve", index)

    @property
    def megabytes(self) -> float:
        """The memory that the context holds."""
        used: int = self._context.memory()["memory_used_size"]
        return used / _MB

    def _call(self, function: str, argument: str | int) -> Answer:
        try:
            answer = json.loads(self._context.get(function)(argument))
        except quickjs.JSException as error:
            raise self._exhausted(str(error)) from None
        # QuickJS may have no memory left to say so, and throws null.
        if answer.get("error") in {"null", "InternalError: out of memory"}:
            raise self._exhausted(answer["error"])
        return Answer(_result(answer), answer["seconds"])

    def _exhausted(self, thrown: str) -> ExhaustedError:
        if thrown.startswith("InternalError: interrupted"):
            return ExhaustedError(
                f"It takes more than {self._bounds.formula_seconds} s"
            )
        return ExhaustedError(f"It takes more than {self._bounds.formula_megabytes} MB")


def digest_scripts() -> str:
    """Return a digest of all of our own that decides what a formula looks like."""
    own = [_SETTING_UP, _PACKAGES, *map(_script, _OWN)]
    return sha256("\0".join(own).encode()).hexdigest()[:16]


def _script(name: str) -> str:
    try:
        return files("pipeline.math").joinpath(name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(
            f"MathJax's file {name} is gone from the installation, and formulas need "
            "it: install Pressroom again (pip install --force-reinstall)"
        ) from None


def _settings(options: Options, bounds: Bounds) -> dict[str, Any]:
    physics = ["physics"] if options.physics else []
    return {
        "packages": [*_PACKAGES.split(), *physics],
        "macros": {name: _macro(text) for name, text in options.macros},
        "maxSize": bounds.result_characters,
    }


def _macro(definition: str) -> list[str | int]:
    arguments = map(int, _ARGUMENT.findall(definition))
    return [definition, max(arguments, default=0)]


def _result(answer: dict[str, Any]) -> Layout | Failure | None:
    if "error" in answer:
        return _stumbled(answer["error"])
    if "fault" in answer:
        return Failure(" ".join(answer["fault"].split()))
    if "size" in answer:
        return Failure(f"It becomes too large: {answer['size']:,} characters")
    if "svg" not in answer:
        return None
    layout = Layout(mathml=answer["mathml"], svg=answer["svg"], number=answer["number"])
    control = _NOT_XML.search(layout.mathml + layout.svg + layout.number)
    if control is None:
        return layout
    return Failure(f"The character U+{ord(control[0]):04X} cannot be shown")


def _stumbled(error: str) -> Failure:
    if error.startswith("RangeError: Maximum call stack"):
        return Failure("It is nested too deeply")
    return Failure(f"MathJax cannot typeset it ({error})")
