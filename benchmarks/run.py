"""How long `pressroom once` takes over 1,000 posts: cold, again, and with one touched.

    python -m benchmarks.run [POSTS]

The posts are Chinese and English by turns, with formulas, code and a picture each, and
96 tags with feeds of their own. Prints seconds and peak memory of each run, and what
part of the cold run's processor time it took, which hardly depends on the machine. The
second run and the touched one are the best of several: others only slow one down.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

POSTS = 1_000
TAGS = 48
ROUNDS = 3
PARAGRAPHS = 12

CONFIG = """\
sites:
  - folder: content
    url: https://example.org/
    title: 双语 Bilingual
    language: zh-CN
feeds:
  tags: all
mail:
  unsubscribe_address: leave@example.org
newsletters:
  - name: weekly
    title: Weekly
    schedule: every monday 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
    backfill: 20
"""

PARAGRAPH_OF = (
    "第 {n} 段：设 $x_{n} \\in \\mathbb{{R}}^{{{n}}}$，则**注意**，下式成立：\n"
    "$$\\sum_{{k=1}}^{{{n}}} (2k - 1) = {n}^2$$\n其中“奇数之和”见 https://example.org/。",
    "Paragraph {n}: let $x_{n} > 0$; *mind* a price of $5 and a [link](post-1.md).\n"
    "\\begin{{equation}}\\int_0^{n} t\\,dt = \\frac{{{n}^2}}{{2}}\\end{{equation}}",
)
CODE = "```python\nprint(sum(2 * k - 1 for k in range(1, 10)))\n```"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: wall and processor time in seconds, peak memory in MiB."""

    seconds: float
    cpu_seconds: float
    mebibytes: float


def write_post(folder: Path, n: int, words: str = "") -> None:
    """Write post `n`; `words` make it another than before."""
    day = date(2023, 1, 1) + timedelta(days=n)
    tags = f"标签{n % TAGS}, tag-{n * 7 % TAGS}"
    paragraph = PARAGRAPH_OF[n % 2]
    body = "\n\n".join(paragraph.format(n=k) for k in range(1, PARAGRAPHS))
    (folder / f"post-{n}.md").write_text(
        f"---\ntitle: 文章 Post {n}\ndate: {day}\ntags: [{tags}]\n---\n"
        f"![Figure {n}](figure.png)\n\n{body}\n\n{CODE}\n{words}\n",
        encoding="utf-8",
    )


def write_site(folder: Path, posts: int) -> None:
    """Write a configuration and all its posts."""
    content = folder / "content"
    content.mkdir(parents=True)
    (content / "figure.png").write_bytes(b"")
    for n in range(posts):
        write_post(content, n)
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")


def measure(folder: Path, *words: str, status: int = 0) -> Measured:
    """Run `pressroom` with `words`; raise CalledProcessError unless it ends so."""
    argv = [sys.executable, "-m", "pipeline", *words]
    start = perf_counter()
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL)
    _, ended, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode != status:
        raise subprocess.CalledProcessError(process.returncode, argv)
    cpu_seconds = used.ru_utime + used.ru_stime
    # Linux counts ru_maxrss in KiB.
    return Measured(perf_counter() - start, cpu_seconds, used.ru_maxrss / 1024)


def best(runs: Sequence[Measured]) -> Measured:
    """Return the quickest run."""
    return min(runs, key=lambda run: run.cpu_seconds)


def touched(folder: Path, n: int) -> Measured:
    """Measure a run after the newest post was edited."""
    write_post(folder / "content", n, f"Edited at {perf_counter()}.")
    return measure(folder, "once")


def run_all(folder: Path, posts: int) -> dict[str, Measured]:
    """Return each kind of run by its name; the first is the yardstick."""
    write_site(folder, posts)
    cold = measure(folder, "once")
    # What was written within the last run's clock tick is read once more; not counted.
    measure(folder, "once")
    kinds: dict[str, Callable[[], Measured]] = {
        "again": lambda: measure(folder, "once"),
        "one touched": lambda: touched(folder, posts - 1),
        "start-up": lambda: measure(folder, "--version"),
    }
    return {"cold": cold} | {
        name: best([run() for _ in range(ROUNDS)]) for name, run in kinds.items()
    }


def main() -> None:
    """Run every kind and print what came out."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with tempfile.TemporaryDirectory() as scratch:
        found = run_all(Path(scratch) / "site", posts)
    print(f"{f'{posts:,} posts':<15}{'wall s':>9}{'CPU s':>9}{'of cold':>9}{'MiB':>9}")
    for name, run in found.items():
        part = run.cpu_seconds / found["cold"].cpu_seconds
        print(
            f"{name:<15}{run.seconds:9.2f}{run.cpu_seconds:9.2f}{part:9.0%}"
            f"{run.mebibytes:9.0f}"
        )


if __name__ == "__main__":
    main()
