"""The small site that faults befall, who reads it, and what must have come of it.

Two posts and two readers, a batch for each. A relay may be quick, and have taken and
swept whatever is public before the next run: then only the store knows what was sent.
Or it may be idle, and everything still lies there.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.outbox.spool import Spool
from tests.faults.trials import Ended, Fate, Trials
from tests.world import CONFIG, World, part, read_message

READERS = ("ann@example.org", "bob@example.org")
POSTS = ("https://example.org/a/", "https://example.org/b/")
PAGE = (
    "{% for post in posts %}{{ post.url }} {{ post.html }} {% endfor %}"
    "{{ archive_url }} {{ unsubscribe_url }}"
)
ARCHIVED = "{% for post in posts %}{{ post.url }} {{ post.html }} {% endfor %}"
ISSUE = "archive/weekly/1/"
DUE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

Sent = Counter[tuple[str, str]]
"""How often each reader was sent each post."""

EVERY_POST_ONCE: Sent = Counter(
    {(reader, post): 1 for reader in READERS for post in POSTS}
)
NOTHING: Sent = Counter()

Relay = Callable[[Path], Sent]


def prepare_site(folder: Path) -> Path:
    """Make a site with everything to do and nothing done; return its folder."""
    text = CONFIG.replace("mail:", "mail:\n  batch_size: 1")
    text = text.replace("tags: all", "formats: [atom]")
    world = World(folder, config=text)
    world.post("a", body="$$\\frac{a}{b}$$")
    world.post("b", body="$\\sqrt{2}$")
    # Small templates: the real ones would take half the time of every run.
    world.write("templates/digest.html", f"<html><body>{PAGE}</body></html>")
    world.write("templates/digest.txt", PAGE)
    world.write("templates/archive/issue.html", ARCHIVED)
    world.write("templates/archive/index.html", "{{ issues|length }}")
    for reader in READERS:
        world.join(reader)
    _warm_cache(world.folder)
    return world.folder


def _warm_cache(folder: Path) -> None:
    """Have the formulas typeset: starting their engine takes half a run's time."""
    warm = World(shutil.copytree(folder, folder.with_name("warm")), config=CONFIG)
    warm.run()
    shutil.copytree(warm.folder / "var" / "cache", folder / "var" / "cache")


def read(files: Iterable[Path]) -> Sent:
    """Return who is sent which post by these messages."""
    messages = map(read_message, files)
    return Counter(
        (str(message["To"]), post)
        for message in messages
        for post in part(message, "plain").split()
        if post in POSTS
    )


def lying(folder: Path) -> Sent:
    """Return what lies in the outbox for a relay to take."""
    return read(sorted(folder.glob("outbox/new/[!.]*/*.eml")))


def quick_relay(folder: Path) -> Sent:
    """Take and sweep what is public; return what was sent."""
    spool = Spool(folder / "outbox")
    sent = lying(folder)
    for name in spool.unclaimed():
        spool.claim(name)
        spool.finish(name)
        shutil.rmtree(folder / "outbox" / "sent" / name)
    return sent


def idle_relay(_: Path) -> Sent:
    """Take nothing yet."""
    return Counter()


def everything_written(folder: Path) -> dict[str, bytes]:
    """Return what lies for others to take: feeds and outbox, by path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for place in ("public", "outbox")
        for path in sorted((folder / place).rglob("*"))
        if path.is_file()
    }


def feeds(folder: Path) -> dict[str, bytes]:
    """Return every file that a web server would show, but for when its issue was due.

    Here that is the time of the run.
    """
    written = everything_written(folder)
    return {
        name: DUE.sub(b"DUE", data) if name.startswith("public/archive/") else data
        for name, data in written.items()
        if name.startswith("public/") and "/." not in name
    }


def assert_no_leftovers(folder: Path) -> None:
    hidden = [
        path
        for place in ("public", "outbox", "var")
        for path in (folder / place).rglob(".*")
        if "cache" not in path.parts
    ]
    assert hidden == []


def assert_no_link_leads_nowhere(folder: Path) -> None:
    """Before a mail is public that leads to an issue's page, the page is there."""
    for path in folder.glob("outbox/new/[!.]*/*.eml"):
        assert f"https://example.org/{ISSUE}" in part(read_message(path), "plain")
        assert (folder / "public" / ISSUE / "index.html").is_file()


def assert_told(ended: Ended, *words: str) -> None:
    """Assert that the owner was told on one line, with these words, and no more."""
    assert "Traceback" not in ended.output, ended.output
    lines = ended.output.splitlines()
    told = [line for line in lines if line.startswith("error: ") or " error " in line]
    assert len(told) == 1, ended.output
    for word in words:
        assert word in told[0], ended.output


def run_again(
    trials: Trials, folder: Path, good_feeds: dict[str, bytes], relay: Relay
) -> Sent:
    """Let the relay work, then run: that mends all. Return what both have sent."""
    assert feeds(folder).items() <= good_feeds.items()
    sent = relay(folder)
    mended = trials.run(folder)
    assert mended.status == 0, mended.output
    assert feeds(folder) == good_feeds
    assert_no_leftovers(folder)
    return sent + lying(folder)


def assert_all_comes_right(
    trials: Trials,
    folder: Path,
    good_feeds: dict[str, bytes],
    relay: Relay = quick_relay,
    sent: Sent = NOTHING,
) -> Sent:
    """Run again: feeds must be whole, and each reader have each post once."""
    sent = sent + run_again(trials, folder, good_feeds, relay)
    assert sent == EVERY_POST_ONCE
    return sent


ACCEPT = Fate(words=("restore", "accept"))
NOTHING_TO_ACCEPT = 66


def accept_restore(trials: Trials, folder: Path) -> Sent:
    """Let a run find that a backup was put back, and its owner accept what is out."""
    found = trials.run(folder)
    assert found.status == 0, found.output
    sent = quick_relay(folder)
    accepted = trials.run(folder, ACCEPT)
    assert accepted.status in (0, NOTHING_TO_ACCEPT), accepted.output
    return sent


def assert_nothing_is_left_to_do(trials: Trials, folder: Path) -> None:
    before = everything_written(folder)
    assert "Nothing new" in trials.run(folder, Fate()).output
    assert everything_written(folder) == before
