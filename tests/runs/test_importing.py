"""Files of readers come in as they say, and bring nobody in who should be out."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.base.errors import InputError, OutputError
from pipeline.runs.readers import importing
from pipeline.runs.readers.exporting import Choice, chosen_readers, write_file
from pipeline.runs.readers.importing import (
    REFUSED,
    FileTally,
    Imported,
    Plan,
    import_files,
    total,
)
from pipeline.runs.readers.listfiles import look_at
from pipeline.runs.readers.signup import Outcome
from pipeline.store.database import Database
from pipeline.store.subscribers import find_subscriber
from pipeline.subscribers.dialects.every import DIALECTS
from pipeline.subscribers.interchange import Reading, write_list
from pipeline.subscribers.subscriber import State, Subscriber
from tests.world import World

MANY = 25
BATCH = 4


@contextmanager
def store_of(world: World) -> Iterator[Database]:
    database = world.store()
    try:
        yield database
    finally:
        database.close()


def bring(
    world: World,
    *lines: str,
    name: str = "readers.csv",
    refusals: Path | None = None,
    reading: Reading | None = None,
) -> Imported:
    file = look_at(world.write(name, "".join(f"{line}\n" for line in lines)))
    names = [newsletter.name for newsletter in world.configuration().newsletters]
    plan = Plan(
        newsletters=names, refusals=refusals, reading=reading or importing.PLAINLY
    )
    with store_of(world) as database:
        return import_files(database, [file], plan, world.time)


def counts(imported: Imported) -> Counter[str]:
    return +total(imported.tallies)


def reader(world: World, address: str) -> Subscriber:
    with store_of(world) as database, database.transaction() as tx:
        found = find_subscriber(tx, address)
    assert found is not None
    return found


def everyone(world: World, dialect: str = "plain") -> str:
    with store_of(world) as database:
        return "".join(write_list(chosen_readers(database), DIALECTS[dialect]))


def test_a_file_that_says_somebody_left_has_them_leave(world: World) -> None:
    world.post("a")
    world.join("ann@example.org")
    world.run()
    imported = bring(
        world,
        "email,status,ended",
        "ann@example.org,complained,2020-01-02T00:00:00Z",
    )
    assert counts(imported) == Counter({Outcome.LEFT: 1})
    ann = reader(world, "ann@example.org")
    assert (ann.state, ann.newsletters) == (State.COMPLAINED, ())
    assert ann.ended == datetime(2020, 1, 2, tzinfo=UTC)
    world.run()
    assert world.messages() == []


def test_one_who_left_keeps_the_reason_they_left_for(world: World) -> None:
    world.join("ann@example.org")
    world.leave("ann@example.org")
    imported = bring(world, "email,status", "ann@example.org,bounced")
    assert counts(imported) == Counter({Outcome.KEPT_OUT: 1})
    assert reader(world, "ann@example.org").state is State.UNSUBSCRIBED


def test_a_row_joins_the_newsletters_it_names_and_no_other(world: World) -> None:
    second = world.config.split("newsletters:\n")[1].replace("weekly", "daily")
    world.configure(world.config + second)
    imported = bring(
        world,
        "email,newsletters",
        "ann@example.org,daily",
        "bob@example.org,",
        "eve@example.org,private-list",
    )
    assert reader(world, "ann@example.org").newsletters == ("daily",)
    assert reader(world, "bob@example.org").newsletters == ("daily", "weekly")
    (refused,) = imported.tallies[0].refused
    assert refused.line == 4
    assert "private-list; see --list" in refused.reason


def test_another_programs_list_is_the_newsletter_it_is_said_to_be(
    world: World,
) -> None:
    second = world.config.split("newsletters:\n")[1].replace("weekly", "daily")
    world.configure(world.config + second)
    reading = Reading(lists={"monday mail": "weekly"})
    bring(world, "email,lists", "ann@example.org,Monday Mail", reading=reading)
    assert reader(world, "ann@example.org").newsletters == ("weekly",)


def test_when_and_how_somebody_joined_comes_along(world: World) -> None:
    bring(
        world,
        "email,created,source",
        "ann@example.org,2020-01-02T03:04:05+00:00,the form at the fair",
        "bob@example.org,,",
    )
    ann, bob = (reader(world, f"{name}@example.org") for name in ("ann", "bob"))
    assert ann.created == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ann.source == "the form at the fair"
    assert (bob.created, bob.source) == (world.time, "import of readers.csv")


def test_an_address_twice_in_a_file_is_one_reader(world: World) -> None:
    imported = bring(
        world, "ann@EXAMPLE.org", "Ann@example.org", "ann@ｅxample.org", "ann@例子.测试"
    )
    assert counts(imported) == Counter({Outcome.ADDED: 2, Outcome.KNOWN: 2})


def test_whoever_left_stays_out_whichever_of_two_files_comes_first(
    world: World,
) -> None:
    for first, second in (("ann", "bob"), ("bob", "ann")):
        bring(world, f"{first}@example.org", name=f"{first}-subscribed.csv")
        bring(world, f"{second}@example.org", name=f"unsubscribed-{second}.csv")
    for name in ("ann", "bob"):
        assert reader(world, f"{name}@example.org").state is State.UNSUBSCRIBED


class Interrupted(Exception):
    """Stands for the power cut."""


def cut_after(batches: int) -> Iterator[None]:
    """Yield so often, then raise."""
    for _ in range(batches):
        yield
    raise Interrupted


@pytest.mark.parametrize("begun", [0, 1, 3, 6])
def test_an_import_cut_short_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, begun: int
) -> None:
    monkeypatch.setattr(importing, "IMPORT_ROWS", BATCH)
    monkeypatch.setattr(importing, "_CHECKPOINT_ROWS", BATCH * 2)
    undisturbed = World(world.folder / "undisturbed")
    whole = bring_two(undisturbed, undisturbed.time)
    steps = cut_after(begun)
    with pytest.raises(Interrupted):
        bring_two(world, world.time, lambda lines: next(steps))
    refused = world.folder / "refused.csv"
    with refused.open("ab") as file:
        # What was written after the last commit is cut off again.
        file.write(b"half a li")
    read: list[int] = []
    later = world.time + timedelta(days=bool(begun))
    imported = bring_two(world, later, read.append)
    assert (imported.resumed is not None) == bool(begun)
    assert counts(imported) == counts(whole)
    assert counts(whole)[REFUSED] == MANY // 5
    assert refused.read_bytes() == (undisturbed.folder / "refused.csv").read_bytes()
    assert everyone(world) == everyone(undisturbed)
    assert sum(read) == sum(tally.file.lines for tally in imported.tallies)


def bring_two(
    world: World, time: datetime, advance: Callable[[int], None] = lambda lines: None
) -> Imported:
    """Import two files together, the refused lines into refused.csv."""
    header = "email,status"
    files = [
        look_at(world.write("a.csv", text([header, *readers(MANY)]))),
        look_at(world.write("b.csv", text([header, *readers(2, "more")]))),
    ]
    plan = Plan(newsletters=["weekly"], refusals=world.folder / "refused.csv")
    with store_of(world) as database:
        return import_files(database, files, plan, time, advance)


def readers(number: int, word: str = "reader") -> list[str]:
    """Return rows of many kinds: every fifth is no address, others left."""
    kinds = ("active", "unsubscribed", "bounced", "active")
    return [
        f"{word}{n},active"
        if n % 5 == 4
        else f"{word}{n // 2}@example.org,{kinds[n % 4]}"
        for n in range(number)
    ]


def text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_an_import_that_has_ended_begins_anew(world: World) -> None:
    bring(world, "ann@example.org")
    again = bring(world, "ann@example.org")
    assert again.resumed is None
    assert counts(again) == Counter({Outcome.KNOWN: 1})


def test_refused_lines_go_into_a_file_as_they_stand(world: World) -> None:
    path = world.folder / "refused.csv"
    bring(
        world,
        "email,name",
        'nobody,"B, Ann"',
        "ann@example.org,Ann",
        refusals=path,
    )
    assert path.read_bytes().decode() == (
        "file,line,reason,original\r\n"
        "readers.csv,2,'nobody' is not a mail address: it has no @.,"
        '"nobody,""B, Ann"""\r\n'
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    bring(world, "ann@example.org", refusals=path)
    assert path.read_bytes() == b"file,line,reason,original\r\n"


def test_a_file_of_refusals_that_cannot_be_written_is_told(world: World) -> None:
    with pytest.raises(OutputError, match="folder of that name"):
        bring(world, "ann@example.org", refusals=world.folder)


def test_only_the_first_refusals_are_kept_in_mind(world: World) -> None:
    imported = bring(world, *(f"nobody{n}" for n in range(90)))
    (tally,) = imported.tallies
    assert (len(tally.refused), tally.counts[REFUSED]) == (20, 90)
    assert isinstance(tally, FileTally)


NAMES = 'email,name\nann@example.org,"{}"\n'


@pytest.mark.parametrize(
    ("data", "encoding", "guessed", "name"),
    [
        (NAMES.format("Zoë").encode(), "utf-8", False, "Zoë"),
        (NAMES.format("Zoë").encode("utf-8-sig"), "utf-8", False, "Zoë"),
        (
            b"\xff\xfe" + NAMES.format("读者").encode("utf-16-le"),
            "utf-16-le",
            False,
            "读者",
        ),
        (
            NAMES.format("数学爱好者，订阅者，老朋友们").encode("gb18030"),
            "gb18030",
            True,
            "数学爱好者，订阅者，老朋友们",
        ),
        (
            NAMES.format("Zoë Brontë, née Müller, “garçon”").encode("cp1252"),
            "windows-1252",
            True,
            "Zoë Brontë, née Müller, “garçon”",
        ),
    ],
)
def test_a_file_may_be_in_another_encoding(
    world: World, data: bytes, encoding: str, guessed: bool, name: str
) -> None:
    path = world.write("readers.csv", data)
    file = look_at(path)
    assert (file.encoding, file.guessed) == (encoding, guessed)
    with store_of(world) as database:
        import_files(database, [file], Plan(newsletters=["weekly"]), world.time)
    assert reader(world, "ann@example.org").name == name


def test_an_encoding_that_is_named_is_no_guess(world: World) -> None:
    path = world.write("readers.csv", NAMES.format("Zoë").encode("latin-1"))
    file = look_at(path, "latin-1")
    assert (file.encoding, file.guessed, file.lines) == ("latin-1", False, 2)
    with pytest.raises(InputError, match="no encoding 'klingon'"):
        look_at(path, "klingon")


def test_a_damaged_line_is_refused_and_the_rest_goes_on(world: World) -> None:
    good = "".join(f"r{n}@example.org,读者{n}\n" for n in range(9)).encode()
    path = world.write("readers.csv", b"email,name\n" + good + b"z@example.org,\xe8\n")
    with store_of(world) as database:
        imported = import_files(
            database, [look_at(path)], Plan(newsletters=["weekly"]), world.time
        )
    (refused,) = imported.tallies[0].refused
    assert (refused.line, counts(imported)[Outcome.ADDED]) == (11, 9)
    assert "encoding" in refused.reason


def test_a_file_that_is_not_what_it_was_said_to_be_in_is_told(world: World) -> None:
    path = world.write("readers.csv", b"email\nann@example.org\n1")
    with store_of(world) as database, pytest.raises(InputError, match="as utf-16-le"):
        import_files(
            database,
            [look_at(path, "utf-16-le")],
            Plan(newsletters=["weekly"]),
            world.time,
        )


def test_a_file_that_goes_away_is_told(world: World) -> None:
    file = look_at(world.write("readers.csv", "ann@example.org\n"))
    file.path.unlink()
    with store_of(world) as database, pytest.raises(InputError, match="cannot be read"):
        import_files(database, [file], Plan(newsletters=["weekly"]), world.time)


def test_only_the_readers_asked_for_are_exported(world: World) -> None:
    bring(world, "email,status", "ann@example.org,", "bob@example.org,bounced")
    with store_of(world) as database:
        bounced = Choice(states=frozenset({State.BOUNCED}))
        weekly = Choice(newsletters=frozenset({"weekly"}))
        assert [one.key for one in chosen_readers(database, bounced)] == [
            "bob@example.org"
        ]
        assert [one.key for one in chosen_readers(database, weekly)] == [
            "ann@example.org"
        ]


def test_an_export_is_written_whole_or_not_at_all(world: World) -> None:
    path = world.folder / "readers.csv"
    path.write_text("old")

    def break_off() -> Iterator[str]:
        yield "new"
        raise Interrupted

    with pytest.raises(Interrupted):
        write_file(path, break_off())
    assert path.read_text() == "old"
    assert [one.name for one in world.folder.glob(".readers*")] == []
    write_file(path, ["né", "w\r\n"])
    assert path.read_bytes() == "néw\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_store_that_was_exported_comes_back_from_the_file(
    world: World, dialect: str
) -> None:
    kinds = ["active", "pending", "unsubscribed", "bounced", "complained", "blocked"]
    bring(
        world,
        "email,name,status,tags,language,created",
        *(
            f'{state}@example.org,安 A. {state},{state},"a, ""b, c""",zh-CN,2020-01-02'
            for state in kinds
        ),
    )
    exported = everyone(world, dialect)
    other = World(world.folder / "other")
    other.write("all.csv", exported)
    with store_of(other) as database:
        plan = Plan(newsletters=["weekly"])
        file = look_at(other.folder / "all.csv")
        imported = import_files(database, [file], plan, other.time)
    assert counts(imported) == Counter({Outcome.ADDED: len(kinds)})
    if dialect == "plain":
        assert everyone(other) == exported
    assert [line.split(",")[0] for line in everyone(other).splitlines()] == [
        line.split(",")[0] for line in everyone(world).splitlines()
    ]
    assert reader(other, "active@example.org").newsletters == ("weekly",)
    for state in kinds[1:]:
        assert not reader(other, f"{state}@example.org").state.gets_mail
