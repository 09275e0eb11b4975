"""How long short commands take: what an owner, or a test, waits for at each.

    python -m benchmarks.starting

Prints processor time, the least of several rounds, and how many times that of
`python -c pass` it is, which hardly depends on the machine. The first round of each
compiles the package and is not counted.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.run import CONFIG

ROUNDS = 7
COMMANDS = (
    ("--version",),
    ("status",),
    ("issue", "list"),
    ("subscriber", "add", "ann@example.org"),
    ("once",),
)


def cpu_seconds(folder: Path, *words: str) -> float:
    """Run Python in `folder`; return the least processor time of several rounds."""
    taken = []
    for _ in range(ROUNDS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        argv = [sys.executable, *words]
        subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        )
    return min(taken[1:])


def main() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "content").mkdir()
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        bare = cpu_seconds(folder, "-c", "pass")
        print(f"python -c pass{bare:13.3f} CPU s")
        for words in COMMANDS:
            own = cpu_seconds(folder, "-m", "pipeline", *words)
            print(f"{' '.join(words[:2]):16}{own:11.3f} CPU s{own / bare:6.0f} times")


if __name__ == "__main__":
    main()
