"""How long a million readers take to import, and how much memory.

    python -m benchmarks.importing [ROWS]

The list is Mailchimp's, with names and tags; one line in a hundred is no address, and
one reader in ten has left. Prints seconds, processor time and peak memory of a preview,
of the import, of one that finds everybody known, and of the export.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.run import CONFIG, measure

ROWS = 1_000_000
MOST_MEBIBYTES = 200
REFUSED_STATUS = 65

_HEADER = "Email Address,First Name,Last Name,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,TAGS\n"
_TIME = "2023-04-21 11:16:57"
_NAMES = ("Ann,Müller", "安娜,王", "Bob,Smith", ",")


def rows(count: int) -> Iterator[str]:
    """Yield the lines of the list."""
    yield _HEADER
    for n in range(count):
        address = f"nobody{n}" if n % 100 == 99 else f"reader{n}@mail{n % 997}.example"
        left = _TIME if n % 10 == 5 else ""
        tags = f'"""a"",""b {n % 7}"""'
        yield f"{address},{_NAMES[n % 4]},{_TIME},{_TIME},{left},{tags}\n"


def main() -> None:
    """Print a line for each kind of run."""
    count = int(sys.argv[1]) if sys.argv[1:] else ROWS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "content").mkdir()
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        with (folder / "readers.csv").open("w", encoding="utf-8") as file:
            file.writelines(rows(count))
        words = ("import", "readers.csv", "--refused", "refused.csv")
        for kind, status, command in (
            ("preview", REFUSED_STATUS, (*words, "--preview")),
            ("import", REFUSED_STATUS, words),
            ("again", REFUSED_STATUS, words),
            ("export", 0, ("export", "all.csv")),
        ):
            measured = measure(folder, "subscriber", *command, status=status)
            each = count / measured.cpu_seconds
            print(
                f"{kind:8}{measured.seconds:8.1f} s{measured.cpu_seconds:8.1f} CPU s"
                f"{each:9,.0f} rows a CPU s{measured.mebibytes:5.0f} MiB"
            )
            assert measured.mebibytes < MOST_MEBIBYTES, "the memory is not bounded"


if __name__ == "__main__":
    main()
