"""Lists of subscribers: what is read, what is refused and why, what is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.text import fold_line
from pipeline.subscribers.address import normalise
from pipeline.subscribers.interchange import (
    Reading,
    Refused,
    Row,
    read_list,
    write_list,
)
from pipeline.subscribers.subscriber import State, Subscriber

CREATED = datetime(2026, 11, 20, 9, 0, 5, 123456, tzinfo=UTC)
ANNA = Subscriber(
    id=1,
    address="anna@example.org",
    key="anna@example.org",
    state=State.ACTIVE,
    language="zh-CN",
    created=CREATED,
    source="import of 2026-11-20",
    name='安娜, "An"',
    newsletters=("weekly", "maths"),
)


def read(text: str) -> list[Row | Refused]:
    return list(read_list(text.splitlines(keepends=True)).rows)


def rows(text: str) -> list[Row]:
    found = read(text)
    refused = [row for row in found if isinstance(row, Refused)]
    assert not refused
    return [row for row in found if isinstance(row, Row)]


def refusals(text: str) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in read(text) if isinstance(row, Refused)]


def addresses(text: str) -> list[str]:
    return [row.address.address for row in rows(text)]


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org\nbob@example.org\n",
        "email\nanna@example.org\nbob@example.org",
        "E-Mail\r\nanna@example.org\r\nbob@example.org\r\n",
        "\ufeffEmail Address,Name\nanna@example.org,Anna\nbob@example.org,Bob\n",
        "name;email\nAnna;anna@example.org\nBob;bob@example.org\n",
        "姓名\t邮箱\n安娜\tanna@example.org\n鲍勃\tbob@example.org\n",
        '"address"\n"anna@example.org"\n"bob@example.org"\n',
        "\n \nemail\n\nanna@example.org\n,,\n\nbob@example.org\n\n",
        "email,\nanna@example.org,\nbob@example.org,\n",
        "\ufeffanna@example.org\nbob@example.org\n",
        "Anna <anna@example.org>\n<bob@example.org>\n",
        "address,e-mail\n1 Main Street,anna@example.org\n,bob@example.org\n",
        "mail,email\nx,anna@example.org\ny,bob@example.org\n",
    ],
)
def test_the_column_of_addresses_is_found(text: str) -> None:
    assert addresses(text) == ["anna@example.org", "bob@example.org"]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "email\n", "email,name\n\n"])
def test_a_list_of_nobody_is_empty(text: str) -> None:
    assert read(text) == []


def test_a_row_says_all_that_its_columns_say() -> None:
    text = (
        "email,name,lang,lists,status,created,source\n"
        "Anna@Example.org,  安娜 ,zh_CN,weekly; maths weekly,Subscribed,"
        "2026-11-20T17:00:00+08:00,a fair\n"
    )
    assert rows(text) == [
        Row(
            line=2,
            last=2,
            address=normalise("Anna@example.org"),
            state=State.ACTIVE,
            name="安娜",
            language="zh-CN",
            newsletters=("weekly", "maths"),
            created=datetime(2026, 11, 20, 9, tzinfo=UTC),
            source="a fair",
        )
    ]


def test_a_row_may_stop_early() -> None:
    assert rows("email,name,language\nanna@example.org\n") == [
        Row(line=2, last=2, address=normalise("anna@example.org"))
    ]


def test_a_name_in_the_address_serves_where_no_column_tells_one() -> None:
    both = rows("email,name\nAnna <anna@example.org>,\nBob <bob@example.org>,Robert\n")
    assert [row.name for row in both] == ["Anna", "Robert"]


def test_a_name_may_hold_separators_and_quotes() -> None:
    [row] = rows('email, name\nanna@example.org, "B, Anna ""An"""\n')
    assert row.name == 'B, Anna "An"'


@pytest.mark.parametrize("time", ["", "yesterday", "31.31.2026", "0/0/2026"])
def test_what_is_no_time_is_left_out(time: str) -> None:
    [row] = rows(f"email,created\nanna@example.org,{time}\n")
    assert row.created is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("", State.ACTIVE),
        ("active", State.ACTIVE),
        ("Confirmed", State.ACTIVE),
        ("已订阅", State.ACTIVE),
        ("pending", State.PENDING),
        ("Unsubscribed", State.UNSUBSCRIBED),
        ("opted out", State.UNSUBSCRIBED),
        ("opted_out", State.UNSUBSCRIBED),
        ("已退订", State.UNSUBSCRIBED),
        ("bounced", State.BOUNCED),
        ("cleaned", State.BOUNCED),
        ("complained", State.COMPLAINED),
        ("spam", State.COMPLAINED),
        ("blocklisted", State.BLOCKED),
    ],
)
@pytest.mark.parametrize("heading", ["status", "State", "状态"])
def test_a_row_keeps_the_state_it_is_in(heading: str, word: str, state: State) -> None:
    [row] = rows(f"email,{heading}\nanna@example.org,{word}\n")
    assert row.state is state


def test_an_unknown_state_is_refused_since_it_may_mean_that_one_has_left() -> None:
    [(line, reason)] = refusals("email,status\nanna@example.org,gone fishing\n")
    assert line == 2
    assert "'gone fishing' is not known: it is one of active, pending" in reason


def test_a_language_that_is_no_code_is_refused() -> None:
    [(_, reason)] = refusals("email,language\nanna@example.org,Chinese!\n")
    assert reason == "the language 'Chinese!' is not a code, as `en` or `zh-CN` is."


def test_a_refused_line_is_told_by_number_and_the_rest_goes_on() -> None:
    found = read("email\nanna@example.org\nnobody\n\nbob@example.org\n@\n")
    assert [row.line for row in found] == [2, 3, 5, 6]
    assert [isinstance(row, Refused) for row in found] == [False, True, False, True]
    assert refusals("email\nnobody\n") == [
        (2, "'nobody' is not a mail address: it has no @.")
    ]


def test_a_heading_nobody_knows_is_refused_alone_where_there_is_one_column() -> None:
    found = read("My dear readers\nanna@example.org\n")
    assert [type(row) for row in found] == [Refused, Row]


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org,unsubscribed\nbob@example.org,active\n",
        "who,when\nanna@example.org,today\n",
        "\n\nanna@example.org;Anna\n",
    ],
)
def test_columns_without_names_are_refused_as_a_whole(text: str) -> None:
    [(line, reason)] = refusals(text)
    assert line == 1 + text.startswith("\n") * 2
    assert "name the columns in the first line, as in `email,name`" in reason
    assert len(read(text)) == 1


def test_a_cell_too_many_is_refused_since_the_others_may_have_moved() -> None:
    [(line, reason)] = refusals(
        "email,name,status\nanna@example.org,B, Anna,unsubscribed\n"
    )
    assert line == 2
    assert reason.startswith("there are 4 cells where the first line has 3")
    assert refusals("anna@example.org\nbob@example.org,unsubscribed\n") != []


def test_a_quote_that_is_never_closed_swallows_nobody_in_silence() -> None:
    found = read(
        'email,name\nanna@example.org,"Anna\nbob@example.org,Bob\neve@example.org,Eve\n'
    )
    assert found == [
        Refused(
            2,
            "a quote opened here is not closed before line 4; "
            "close it, or write it twice where it is meant as a quote.",
            last=4,
            raw='anna@example.org,"Anna\nbob@example.org,Bob\neve@example.org,Eve\n',
        )
    ]


def test_a_quote_never_closed_in_a_column_nobody_reads_is_told_too() -> None:
    lines = "".join(f"reader{n}@example.org,\n" for n in range(30))
    [(line, _)] = refusals(f'email,note\nanna@example.org,"x\n{lines}')
    assert line == 2


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    found = read('email,note\nanna@example.org,"1 Main St\nTown"\nnobody,\n')
    assert [row.line for row in found] == [2, 4]


def test_what_is_no_csv_is_told_and_the_rest_goes_on() -> None:
    huge = '"' + "x" * 200_000 + '"'
    found = read(f"email\nanna@example.org\n{huge}\nbob@example.org\n")
    assert [(row.line, type(row)) for row in found] == [
        (2, Row),
        (3, Refused),
        (4, Row),
    ]
    assert refusals(f"email\n{huge}\n")[0][1].startswith("this cannot be read as CSV:")


def test_a_first_line_that_is_no_csv_does_not_end_the_file() -> None:
    found = list(read_list(["x\ry\n", "email,name\n", "anna@example.org,Anna\n"]).rows)
    assert [(row.line, type(row)) for row in found] == [(1, Refused), (3, Row)]


def test_rows_come_one_by_one() -> None:
    def lines() -> Iterator[str]:
        yield "email\n"
        yield "anna@example.org\n"
        raise AssertionError("read too far")

    assert isinstance(next(read_list(lines()).rows), Row)


def test_a_file_begins_with_its_columns_and_has_a_line_a_subscriber() -> None:
    assert list(write_list([ANNA])) == [
        "email,name,language,newsletters,status,created,confirmed,ended,tags,"
        "source\r\n",
        'anna@example.org,"安娜, ""An""",zh-CN,weekly maths,active,'
        "2026-11-20T09:00:05.123456+00:00,,,,import of 2026-11-20\r\n",
    ]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("'=1", "''=1"),
        ("'An' B", "'An' B"),
        ("O'Hara", "O'Hara"),
    ],
)
def test_no_cell_is_a_formula_to_a_spreadsheet(name: str, cell: str) -> None:
    [_, line] = write_list([replace(ANNA, name=name)])
    assert line.split(",")[1] == cell


@pytest.mark.parametrize("address", ["=1+1@example.org", "+1@example.org"])
def test_an_address_that_looks_like_a_formula_comes_back_whole(address: str) -> None:
    [header, line] = write_list([replace(ANNA, address=address)])
    assert line.startswith("'")
    assert addresses(header + line) == [address]


def test_a_line_that_is_no_text_is_refused() -> None:
    [(line, reason)] = refusals("email,name\nanna@example.org,\udce8\n")
    assert line == 2
    assert "not in the encoding of the rest" in reason


@pytest.mark.parametrize(
    "text",
    [
        'email,note\nanna@example.org,\nbob@example.org,"x\ny"\nnobody,\n',
        "\nanna@example.org\n\nnobody\nbob@example.org\n",
        "who,when\nanna,now\n",
        "x\ry\nemail\nanna@example.org\n",
    ],
)
def test_reading_goes_on_after_any_line(text: str) -> None:
    whole = read(text)
    for row in whole:
        lines = text.splitlines(keepends=True)
        rest = read_list(lines, Reading(after=row.last))
        assert list(rest.rows) == [one for one in whole if one.last > row.last]


subscribers = st.builds(
    Subscriber,
    id=st.integers(1),
    address=st.sampled_from(["anna@example.org", "-B'o@xn--fsqu00a.xn--fiqs8s"]),
    key=st.just(""),
    state=st.sampled_from(State),
    language=st.sampled_from(["", "en", "zh-CN", "zh-Hant-TW"]),
    created=st.datetimes(timezones=st.just(timezone(timedelta(hours=8)))),
    source=st.text(),
    name=st.text() | st.text("'=+-@ \"\n,;a", max_size=6),
    newsletters=st.lists(
        st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True), unique=True
    ).map(tuple),
    tags=st.lists(
        st.text(" \"',;[]=a标签", min_size=1).map(fold_line).filter(bool), unique=True
    ).map(tuple),
    confirmed=st.none() | st.datetimes(timezones=st.just(UTC)),
    ended=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(subscribers))
def test_what_is_written_is_read_again(given: list[Subscriber]) -> None:
    found = list(read_list(write_list(given)).rows)
    assert found == [
        Row(
            line=line,
            last=line,
            address=normalise(one.address),
            state=one.state,
            name=fold_line(one.name),
            language=one.language,
            newsletters=one.newsletters,
            created=one.created,
            confirmed=one.confirmed,
            ended=one.ended,
            tags=one.tags,
            source=fold_line(one.source),
        )
        for line, one in enumerate(given, start=2)
    ]
