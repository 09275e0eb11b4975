"""What each program writes, read as it was meant; and what is written for it.

The samples have the columns of real exports; their people are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.text import fold_line
from pipeline.subscribers.address import normalise
from pipeline.subscribers.columns import read_tags, state_of_file, write_tags
from pipeline.subscribers.dialects.every import DIALECTS
from pipeline.subscribers.interchange import (
    Listing,
    Reading,
    Refused,
    Row,
    read_list,
    write_list,
)
from pipeline.subscribers.subscriber import State, Subscriber

MAILCHIMP = (
    "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,"
)
SUBSCRIBED = MAILCHIMP + (
    "LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    "ann@example.org, Ann ,Li,,2,2018-02-12 10:54:27,192.0.2.1,2018-02-12 10:55:00,,,,"
    ',,,,,2018-02-12 10:55:00,1,2,,"""Editors"",""Big, bold"""\n'
)
UNSUBSCRIBED = MAILCHIMP + (
    "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,"
    "UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\n"
    "bob@example.org,,,,,2018-02-12 10:54:27,,,,,,,,,,,2020-05-13 10:18:25,,,NORMAL,,"
    "1,2,,\n"
    "eve@example.org,,,,,2018-02-12 10:54:27,,,,,,,,,,,2020-05-13 10:18:25,,,SPAM,,"
    "1,2,,\n"
)
CLEANED = MAILCHIMP + (
    "CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS\n"
    "cid@example.org,,,,1,2018-02-05 19:28:23,,,,,,,,,,,2020-03-23 17:30:05,,,1,2,,x\n"
)
SUBSTACK = (
    "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
    "ann@example.org,true,2027-01-01T00:00:00.000Z,yearly,false,"
    "2018-08-27T15:06:27.713Z,\n"
    "bob@example.org,false,,other,true,2018-08-29T20:50:03.435Z,\n"
)
DASHBOARD = (
    "Email,Name,Subscription type,Activity,Subscription date,Revenue,"
    "Receiving emails for,Is Bestseller\n"
    "ann@example.org,Ann Li,Free,5,2024-01-10,0,Weekly,No\n"
    "bob@example.org,Bob,Free,0,2024-01-10,0,None,No\n"
)
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,"
    "created_at,deleted_at,labels,tiers\n"
    "5f1,ann@example.org,Ann Li,,true,false,,2024-01-15T10:00:00.000Z,,"
    '"vip,early bird",\n'
    "5f2,bob@example.org,Bob,,false,false,,2024-01-15T10:00:00.000Z,,,\n"
    "5f3,cid@example.org,Cid,,true,false,,2024-01-15T10:00:00.000Z,"
    "2025-01-15T10:00:00.000Z,,\n"
)
BUTTONDOWN = (
    "id,email_address,type,creation_date,notes,metadata,tags,source,referrer_url\n"
    '1,ann@example.org,regular,2019-08-24T14:15:22Z,,"{""first_name"": ""Ann"", '
    '""last_name"": ""Li"", ""language"": ""zh_CN"", ""state"": ""Texas"", '
    '""age"": 7}","vip,early bird",api,\n'
    "2,bob@example.org,unactivated,2019-08-24T14:15:22Z,,{},,api,\n"
    "3,cid@example.org,past_due,2019-08-24T14:15:22Z,,,,api,\n"
    "4,dan@example.org,removed,2019-08-24T14:15:22Z,,,,api,\n"
    "5,eve@example.org,unsubscribed,2019-08-24T14:15:22Z,,,,api,\n"
)
LISTMONK = (
    "uuid,email,name,attributes,status,created_at,updated_at\n"
    'f0,ann@example.org,Ann Li,"{""city"": ""Bengaluru"", ""lang"": ""en"", '
    '""tags"": [""vip"", null, 7]}",enabled,2024-01-02 03:04:05.123456 +0000 UTC,'
    "2024-01-02 03:04:05.123456 +0000 UTC\n"
    "f1,bob@example.org,Bob,{},blocklisted,2024-01-02 03:04:05 +0000 UTC,\n"
    'f2,cid@example.org,Cid,"{""state"": ""bounced""}",blocklisted,,\n'
    'f3,dan@example.org,Dan,"{""state"": ""blocked""}",enabled,,\n'
    "f4,eve@example.org,Eve,{},disabled,,\n"
)
KIT = (
    "id,first_name,email,status,created_at,tags\n"
    '9,Ann,ann@example.org,active,2023-01-27T11:43:55Z,"VIP, Course"\n'
    "8,Bob,bob@example.org,cancelled,2023-01-27 11:43:55 UTC,\n"
    "7,Cid,cid@example.org,Cold,,\n"
    "6,Dan,dan@example.org,inactive,,\n"
    "5,Eve,eve@example.org,complained,,\n"
)


def listing(text: str, file_name: str = "", dialect: str = "") -> Listing:
    reading = Reading(
        file_name=file_name, dialect=DIALECTS[dialect] if dialect else None
    )
    return read_list(text.splitlines(keepends=True), reading)


def rows(text: str, file_name: str = "") -> list[Row]:
    found = list(listing(text, file_name).rows)
    refused = [one.reason for one in found if isinstance(one, Refused)]
    assert refused == []
    return [one for one in found if isinstance(one, Row)]


def states(text: str, file_name: str = "") -> list[State]:
    return [row.state for row in rows(text, file_name)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((text, "mailchimp") for text in (SUBSCRIBED, UNSUBSCRIBED, CLEANED)),
        *((text, "substack") for text in (SUBSTACK, DASHBOARD)),
        (GHOST, "ghost"),
        (BUTTONDOWN, "buttondown"),
        (LISTMONK, "listmonk"),
        (KIT, "kit"),
        ("email,name\nann@example.org,Ann\n", "plain"),
        ("", "plain"),
    ],
)
def test_a_dialect_is_recognised_by_its_headings(text: str, name: str) -> None:
    assert listing(text).dialect.name == name


@pytest.mark.parametrize("name", DIALECTS)
def test_what_is_written_in_a_dialect_is_recognised_as_that(name: str) -> None:
    assert listing("".join(write_list([], DIALECTS[name]))).dialect.name == name


def test_a_dialect_that_is_asked_for_needs_no_sign() -> None:
    text = "email,type\nann@example.org,premium\nbob@example.org,spammy\n"
    found = listing(text, dialect="buttondown")
    assert [row.state for row in found.rows if isinstance(row, Row)] == [
        State.ACTIVE,
        State.BLOCKED,
    ]


def test_a_file_that_is_not_in_the_dialect_asked_for_is_refused_as_a_whole() -> None:
    [refused] = listing("who,when\nann,now\n", dialect="kit").rows
    assert isinstance(refused, Refused)
    assert "as in `id,first_name,email,status,created_at,tags`" in refused.reason


def test_mailchimp_tells_names_times_and_tags() -> None:
    (ann,) = rows(SUBSCRIBED, "subscribed_members_export_1a2b3c.csv")
    assert (ann.name, ann.state) == ("Ann Li", State.ACTIVE)
    assert ann.created == datetime(2018, 2, 12, 10, 54, 27, tzinfo=UTC)
    assert ann.confirmed == datetime(2018, 2, 12, 10, 55, tzinfo=UTC)
    assert ann.tags == ("Editors", "Big, bold")


def test_mailchimp_tells_the_state_by_the_time_it_began() -> None:
    bob, eve = rows(UNSUBSCRIBED)
    assert (bob.state, eve.state) == (State.UNSUBSCRIBED, State.COMPLAINED)
    assert bob.ended == datetime(2020, 5, 13, 10, 18, 25, tzinfo=UTC)
    (cid,) = rows(CLEANED)
    assert cid.state is State.BOUNCED
    assert cid.ended == datetime(2020, 3, 23, 17, 30, 5, tzinfo=UTC)


def test_mailchimp_tells_the_state_by_the_name_of_the_file() -> None:
    text = "Email Address,LEID,EUID\nann@example.org,1,2\n"
    assert states(text, "unsubscribed_members_export_1a.csv") == [State.UNSUBSCRIBED]
    assert states(text, "cleaned_members_export_1a.csv") == [State.BOUNCED]
    assert states(text, "nonsubscribed_members_export_1a.csv") == [State.PENDING]
    assert states(text, "subscribed_members_export_1a.csv") == [State.ACTIVE]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("readers.csv", None),
        ("Confirmed subscribers 2026-01-20.csv", None),
        ("Unconfirmed subscribers.csv", State.PENDING),
        ("Cancelled subscribers.csv", State.UNSUBSCRIBED),
        ("non-subscribed.csv", State.PENDING),
        ("我的退订名单.csv", State.UNSUBSCRIBED),
        ("Bounced.CSV", State.BOUNCED),
        ("complaints.csv", State.COMPLAINED),
        ("blocklist.csv", State.BLOCKED),
    ],
)
def test_a_files_name_may_tell_a_state(name: str, state: State | None) -> None:
    assert state_of_file(name) is state


def test_a_row_that_tells_its_state_is_believed_before_the_files_name() -> None:
    text = "email,status\nann@example.org,active\nbob@example.org,\n"
    assert states(text, "unsubscribed.csv") == [State.ACTIVE, State.UNSUBSCRIBED]
    assert states("ann@example.org\n", "unsubscribed.csv") == [State.UNSUBSCRIBED]


def test_substack_tells_who_gets_mail_not_who_pays() -> None:
    ann, bob = rows(SUBSTACK)
    assert (ann.state, bob.state) == (State.ACTIVE, State.UNSUBSCRIBED)
    assert ann.created == datetime(2018, 8, 27, 15, 6, 27, 713000, tzinfo=UTC)


def test_substacks_dashboard_tells_names_too() -> None:
    ann, bob = rows(DASHBOARD)
    assert (ann.name, ann.state, bob.state) == (
        "Ann Li",
        State.ACTIVE,
        State.UNSUBSCRIBED,
    )
    assert ann.created == datetime(2024, 1, 10, tzinfo=UTC)


def test_ghost_tells_labels_and_who_gets_mail() -> None:
    ann, bob, cid = rows(GHOST)
    assert (ann.name, ann.tags) == ("Ann Li", ("vip", "early bird"))
    assert [ann.state, bob.state, cid.state] == [
        State.ACTIVE,
        State.UNSUBSCRIBED,
        State.UNSUBSCRIBED,
    ]
    assert cid.ended == datetime(2025, 1, 15, 10, tzinfo=UTC)


def test_buttondown_tells_types_and_metadata() -> None:
    ann, *others = rows(BUTTONDOWN)
    assert (ann.name, ann.language, ann.source) == ("Ann Li", "zh-CN", "api")
    assert (ann.tags, ann.state) == (("vip", "early bird"), State.ACTIVE)
    assert [row.state for row in others] == [
        State.PENDING,
        State.ACTIVE,
        State.BLOCKED,
        State.UNSUBSCRIBED,
    ]


def test_listmonk_tells_attributes_and_times_as_go_prints_them() -> None:
    ann, *others = rows(LISTMONK)
    assert (ann.name, ann.language, ann.tags) == ("Ann Li", "en", ("vip", "7"))
    assert ann.created == datetime(2024, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)
    assert [row.state for row in (ann, *others)] == [
        State.ACTIVE,
        State.BLOCKED,
        State.BOUNCED,
        State.ACTIVE,
        State.UNSUBSCRIBED,
    ]


@pytest.mark.parametrize(
    ("cell", "reason"), [("{", "no JSON"), ("[1]", "no JSON object in braces")]
)
def test_attributes_that_cannot_be_read_refuse_the_row(cell: str, reason: str) -> None:
    text = f"uuid,email,attributes,status\nf0,ann@example.org,{cell},enabled\n"
    [refused] = listing(text).rows
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_kit_tells_states_and_tags() -> None:
    found = rows(KIT)
    assert (found[0].name, found[0].tags) == ("Ann", ("VIP", "Course"))
    assert [row.state for row in found] == [
        State.ACTIVE,
        State.UNSUBSCRIBED,
        State.ACTIVE,
        State.PENDING,
        State.COMPLAINED,
    ]


def test_a_word_that_a_program_does_not_know_is_refused() -> None:
    [refused] = listing("email,subscriber_type\nann@example.org,mystery\n").rows
    assert isinstance(refused, Refused)
    assert "the status 'mystery' is not known" in refused.reason


def test_a_list_or_tag_of_another_program_becomes_a_newsletter() -> None:
    reading = Reading(lists={"weekly news": "weekly", "vip": "inner"})
    text = (
        "email,lists,tags\n"
        'ann@example.org,"Weekly News, daily",x\n'
        "bob@example.org,,VIP\n"
        "cid@example.org,,\n"
    )
    found = read_list(text.splitlines(keepends=True), reading).rows
    newsletters = [row.newsletters for row in found if isinstance(row, Row)]
    assert newsletters == [("weekly", "daily"), ("inner",), ()]


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("", ()),
        ("a, b,a,", ("a", "b")),
        ('"a, b", c', ("a, b", "c")),
        ('["a", 1, null]', ("a", "1")),
        ("[a", ("[a",)),
    ],
)
def test_tags_are_read_as_programs_write_them(cell: str, tags: Sequence[str]) -> None:
    assert read_tags(cell) == tags


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), unique=True))
def test_tags_come_back_whole(tags: list[str]) -> None:
    lines = [tag for tag in tags if fold_line(tag) == tag]
    assert read_tags(write_tags(lines)) == tuple(lines)
    assert read_tags(write_tags(lines, every=True)) == tuple(lines)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ann", "Li", "Ann Li"),
        ("Ann", "", "Ann"),
        ("", "Li", "Li"),
        ("小明", "王", "王小明"),
    ],
)
def test_a_name_in_two_columns_is_joined(first: str, last: str, name: str) -> None:
    (row,) = rows(f"email,first name,last name\nann@example.org,{first},{last}\n")
    assert row.name == name


words = st.text("abcÄ安 '-=", max_size=8).map(fold_line)
DAWN = datetime(1999, 1, 1, tzinfo=timezone(timedelta(hours=8)))
times = st.integers(0, 10**9).map(lambda seconds: DAWN + timedelta(seconds=seconds))
subscribers = st.builds(
    Subscriber,
    id=st.just(0),
    address=st.sampled_from(["anna@example.org", "B'o@xn--fsqu00a.xn--fiqs8s"]),
    key=st.just(""),
    state=st.sampled_from(State),
    language=st.sampled_from(["", "en", "zh-CN"]),
    created=times,
    source=words,
    name=words,
    newsletters=st.lists(st.sampled_from(["weekly", "daily"]), unique=True).map(tuple),
    tags=st.lists(words.filter(bool), unique=True).map(tuple),
    confirmed=st.none() | times,
    ended=st.none() | times,
)

KEPT = {
    "mailchimp": {"name", "created", "confirmed", "tags"},
    "substack": {"created"},
    "ghost": {"name", "created", "tags"},
    "buttondown": {
        *("state", "name", "language", "newsletters", "created", "confirmed"),
        *("ended", "tags", "source"),
    },
    "listmonk": {
        *("state", "name", "language", "newsletters", "created", "confirmed"),
        *("ended", "tags", "source"),
    },
    "kit": {"name", "created", "tags"},
    "plain": {
        *("state", "name", "language", "newsletters", "created", "confirmed"),
        *("ended", "tags", "source"),
    },
}
"""What of a subscriber comes back from each dialect, beside the address."""


def again(row: Row) -> Subscriber:
    """Return the subscriber that a row becomes in an empty store."""
    assert row.created
    return Subscriber(
        id=0,
        address=row.address.address,
        key=row.address.key,
        state=row.state,
        language=row.language,
        created=row.created,
        source=row.source,
        name=row.name,
        newsletters=row.newsletters,
        tags=row.tags,
        confirmed=row.confirmed,
        ended=row.ended,
    )


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=60)
@given(one=subscribers)
def test_what_a_dialect_can_say_comes_back_and_nobody_gets_more_mail(
    name: str, one: Subscriber
) -> None:
    text = list(write_list([one], DIALECTS[name]))
    [row] = read_list(text).rows
    assert isinstance(row, Row), row
    assert row.address == normalise(one.address)
    assert row.state.gets_mail == one.state.gets_mail
    back = again(row)
    assert {field: getattr(back, field) for field in KEPT[name]} == {
        field: getattr(one, field) for field in KEPT[name]
    }
    # What is written a second time is the same, byte for byte: nothing wears off.
    assert list(write_list([back], DIALECTS[name])) == text or name == "plain"
