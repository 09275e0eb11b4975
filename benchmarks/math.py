"""How fast formulas are typeset, cold and from the cache, and what memory they take.

Prints formulas a second, the price of a cached rebuild as a share of the cold one
(under 5 %), and the memory after 10,000 formulas as a share of that after the first
1,000 (under 120 %): run by `make bench`. A post has 20 formulas, all different.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.cache.disk import Cache
from pipeline.config.settings import MathSettings
from pipeline.math.layout import Tex
from pipeline.runs.sites.typesetting import Typesetter

FORMULAS = 1_000
MANY_FORMULAS = 10_000
IN_A_POST = 20
CACHE_BYTES = 1_000_000_000

# `{n}` makes each its own: no picture or layout is met twice.
INLINE = (
    "x_{{{n}}}",
    r"\alpha + {n}",
    r"\frac{{x_{{{n}}}}}{{1 + x^2}}",
    r"\mathcal{{L}}_{{{n}}}(\theta)",
    r"\sqrt{{{n} + \lambda}}",
    r"p(\mathbf{{x}}_{{{n}}} \mid y)",
    r"O(n^{{{n}}} \log n)",
)
DISPLAY = (
    r"\sum_{{i=1}}^{{{n}}} \frac{{x_i^2}}{{i!}} = \int_0^\infty e^{{-{n} t}}\,dt",
    r"\begin{{align}} a &= {n} b \label{{eq:{n}}} \\ c &= \max(0, d) \end{{align}}",
    r"A_{{{n}}} = \begin{{pmatrix}} 1 & {n} \\ 0 & \cos\theta \end{{pmatrix}}",
)


def posts(first: int, count: int) -> Iterator[list[Tex]]:
    """Yield the formulas of posts, `count` in all, numbered from `first`."""
    for start in range(first, first + count, IN_A_POST):
        yield [formula(number) for number in range(start, start + IN_A_POST)]


def formula(number: int) -> Tex:
    """Return the formula of a number: seven of ten are inline."""
    written = (*INLINE, *DISPLAY)[number % 10]
    return Tex(written.format(n=number), display=number % 10 >= len(INLINE))


def rate(typesetter: Typesetter, waiting: Sequence[Sequence[Tex]]) -> float:
    """Return formulas a second."""
    start = time.perf_counter()
    for formulas in waiting:
        typesetter.typeset(formulas)
    return sum(map(len, waiting)) / (time.perf_counter() - start)


def resident_megabytes() -> float:
    """Return the memory this process holds now, as Linux tells it."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Typeset cold, typeset again, typeset many; print what it took."""
    with TemporaryDirectory() as folder:
        cache = Cache(Path(folder), CACHE_BYTES)
        waiting = list(posts(0, FORMULAS))
        typesetter = Typesetter(MathSettings(), cache)
        cold = rate(typesetter, waiting)
        first_megabytes = resident_megabytes()
        cached = rate(Typesetter(MathSettings(), cache), waiting)
        print(f"cold:    {cold:10,.0f} formulas/s")
        print(f"cached:  {cached:10,.0f} formulas/s")
        print(f"ratio:   {cold / cached:10.2%} of a cold rebuild")
        for formulas in posts(FORMULAS, MANY_FORMULAS - FORMULAS):
            typesetter.typeset(formulas)
        megabytes = resident_megabytes()
    print(f"memory:  {first_megabytes:10,.0f} MB after {FORMULAS:,} formulas")
    print(f"         {megabytes:10,.0f} MB after {MANY_FORMULAS:,}")
    print(f"growth:  {megabytes / first_megabytes - 1:10.1%}")


if __name__ == "__main__":
    main()
