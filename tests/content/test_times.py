"""When a post appeared, changed and ends."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.content.fields import Matter
from pipeline.content.frontmatter import MisreadError, split
from pipeline.content.location import locate
from pipeline.content.times import Times, read_times

ZONE = ZoneInfo("Asia/Shanghai")
COMMIT = datetime(2020, 2, 2, tzinfo=UTC)


def times(
    block: str, path: str = "a.md", fallback: datetime | None = None
) -> Times | None:
    fields = split(f"---\ntitle: x\n{block}\n---\n").fields
    return read_times(Matter(fields), locate(path, "en"), ZONE, lambda: fallback)


def published(block: str, path: str = "a.md", fallback: datetime | None = None) -> str:
    found = times(block, path, fallback)
    assert found is not None
    return found.published.astimezone(ZONE).strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    "name", ["date", "Date", "publishDate", "pubDate", "published", "date created"]
)
def test_a_post_is_dated_by_any_generators_field(name: str) -> None:
    assert published(f"{name}: 2024-01-02", fallback=COMMIT) == "2024-01-02"


def test_a_post_is_not_out_before_its_publish_date() -> None:
    assert published("date: 2024-01-02\npublishDate: 2024-05-01") == "2024-05-01"
    assert published("date: 2024-01-02\npublishDate: 2023-05-01") == "2024-01-02"


def test_without_a_field_the_name_of_the_file_dates_it() -> None:
    assert published("lastmod: 2025-01-01", "2024-1-2-x.md", COMMIT) == "2024-01-02"
    assert published("date: 2024-05-01", "2024-1-2-x.md") == "2024-05-01"


def test_then_its_last_change_then_what_the_site_falls_back_on() -> None:
    assert published("lastmod: 2025-01-01", fallback=COMMIT) == "2025-01-01"
    assert published("draft: no", fallback=COMMIT) == "2020-02-02"
    assert times("draft: no") is None


def test_gos_zero_date_and_a_switch_are_no_dates() -> None:
    block = "date: 0001-01-01T00:00:00Z\npublished: true\npubDate: 2024-01-02"
    assert published(block) == "2024-01-02"


@pytest.mark.parametrize("name", ["lastmod", "updated", "Modified", "last_modified_at"])
def test_the_last_change_is_told(name: str) -> None:
    found = times(f"date: 2024-01-02\n{name}: 2024-03-04")
    assert found is not None
    assert found.updated == datetime(2024, 3, 4, tzinfo=ZONE)


def test_no_post_changed_before_it_was_out() -> None:
    found = times("date: 2024-01-02\nlastmod: 2023-01-01")
    assert found is not None
    assert found.updated == found.published == datetime(2024, 1, 2, tzinfo=ZONE)


def test_a_post_may_end() -> None:
    found = times("date: 2024-01-02\nexpiryDate: 2024-02-01")
    assert found is not None
    assert found.expires == datetime(2024, 2, 1, tzinfo=ZONE)


@pytest.mark.parametrize("name", ["date", "lastmod", "expirydate", "published"])
def test_a_date_that_cannot_be_read_is_told_with_its_place(name: str) -> None:
    with pytest.raises(MisreadError, match=f"{name}: 'soon' is no date") as caught:
        times(f"{name}: soon")
    assert (caught.value.line, caught.value.column) == (3, len(name) + 3)
    assert caught.value.remedy.startswith("write it as 2024-05-01")


def test_a_file_name_with_a_day_that_there_is_not_is_told() -> None:
    with pytest.raises(MisreadError, match="the file's name: there is no such time"):
        times("draft: no", "2024-02-31-x.md")
