"""Choosing by a link: a look changes nothing, a form is kept whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.base.errors import OutputError
from pipeline.base.text import fold_line
from pipeline.outbox.spool import Spool
from pipeline.runs.outgoing.keys import read_keys
from pipeline.runs.readers.erasing import erase_reader
from pipeline.runs.readers.preferences import keep_wishes
from pipeline.store.consents import find_consents
from pipeline.store.subscribers import move_subscriber
from pipeline.store.subscriptions import find_choices
from pipeline.store.suppressions import block_domain
from pipeline.subscribers.address import normalise
from pipeline.subscribers.choice import CADENCES, LONGEST_LINE, Choice, Topics
from pipeline.subscribers.subscriber import State
from pipeline.subscribers.tokens import sign
from pipeline.web.languages import own_names
from pipeline.web.preferences import MARK, OFFER_LASTS
from pipeline.web.wishes import MOST_SHOWN, Terms, read_section, show_choice
from tests.web.clients import Office, office, reader, with_pages
from tests.world import CONFIG, World

ANN = "ann@example.org"
WEEKLY = "    cadences: [daily, monthly]\n"
MONTHLY = """\
  - name: monthly
    title: Monthly
    schedule: monthly 1 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""
CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def desk(world: World) -> Iterator[Office]:
    """Give an application whose Ann reads `weekly`, and may read `monthly`."""
    world.configure(with_pages(CONFIG + WEEKLY))
    world.join(ANN)
    world.configure(with_pages(CONFIG + WEEKLY + MONTHLY))
    world.post("a", tags="[Maths, cats]", author="Ann", series="Waves")
    world.post("b", tags="[maths, '<b>']", author="Bob", lang="zh-CN")
    world.post("c", tags="[Maths]", draft="true", author="Cy")
    world.run()
    with office(world) as found:
        yield found


def token(desk: Office, address: str = ANN) -> str:
    key = read_keys(desk.world.configuration().store.path)[0]
    return sign(key, "preferences", reader(desk.world, address).id)


def link(desk: Office, address: str = ANN) -> str:
    return f"/preferences/{token(desk, address)}"


def form_of(page: str) -> list[tuple[str, str]]:
    """Return the fields of the page's form as a browser sends them untouched."""
    fields = []
    for tag in re.findall(r"<(?:input|select|option)[^>]*>", page):
        found = {k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind = found.get("type")
        if tag.startswith("<select"):
            fields.append((found["name"], ""))
        elif tag.startswith("<option"):
            if " selected" in tag:
                fields[-1] = (fields[-1][0], found["value"])
        elif kind not in ("checkbox", "radio") or " checked" in tag:
            fields.append((found["name"], found["value"]))
    return fields


def send(desk: Office, *more: tuple[str, str], without: str = "-") -> Response:
    """Open the page, add to its form, leave a field out, and send it."""
    fields = form_of(desk.client.get(link(desk)).text)
    kept = [field for field in fields if field[0] != without]
    return post(desk, [*kept, *more])


def post(desk: Office, fields: list[tuple[str, str]]) -> Response:
    form: dict[str, list[str]] = {}
    for name, text in fields:
        form.setdefault(name, []).append(text)
    return desk.client.post(link(desk), data=form)


def choices(desk: Office) -> dict[str, Choice]:
    ann, database = reader(desk.world, ANN), desk.world.store()
    with database.transaction() as tx:
        found = find_choices(tx, ann.id)
    database.close()
    return {choice.newsletter: choice for choice in found}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("door", ["", "/leave"])
def test_looking_changes_nothing(desk: Office, method: str, door: str) -> None:
    before = choices(desk)
    assert desk.client.request(method, link(desk) + door).status_code < 300
    assert choices(desk) == before


def test_the_page_has_what_may_be_chosen_and_nothing_else(desk: Office) -> None:
    page = desk.client.get(link(desk))
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert re.findall(r'name="weekly.cadence"[^>]*value="(\w+)"', page.text) == [
        "own",
        "daily",
        "monthly",
    ]
    assert 'name="monthly.cadence"' not in page.text
    assert re.findall(r'name="weekly.tags"[^>]*value="([^"]+)"', page.text) == [
        "Maths",
        "&lt;b&gt;",
        "cats",
    ]
    assert 'value="Cy"' not in page.text
    assert ANN not in page.text
    assert "a…@example.org" in page.text
    assert not re.search(r"<script|<style|style=|javascript:|https?:", page.text)


def test_every_field_has_a_label(desk: Office) -> None:
    page = desk.client.get(link(desk)).text
    fields = re.findall(r'<(?:input|select)(?! type="hidden")[^>]* id="([^"]+)"', page)
    assert len(fields) > 10
    assert len(fields) == len(set(fields))
    assert set(fields) == set(re.findall(r'<label for="([^"]+)"', page))


def test_a_form_sent_as_it_is_changes_nothing(desk: Office) -> None:
    until = datetime(2026, 12, 31, 5, tzinfo=UTC)
    desk.world.choose(
        ANN,
        cadence="daily",
        topics=Topics.of(tags=["Maths", "gone"], languages=["zh"]),
        language="fr",
        paused_until=until,
    )
    before = choices(desk)
    page = send(desk)
    assert "Saved." in page.text
    assert choices(desk) == before


def test_what_is_chosen_is_kept_and_shown(desk: Office) -> None:
    page = send(
        desk,
        ("weekly.cadence", "daily"),
        ("weekly.tags", "Maths"),
        ("weekly.tags", "<b>"),
        ("weekly.authors", "Bob"),
        ("weekly.language", "zh-CN"),
        ("weekly.pause", "2026-12-24"),
    )
    assert page.status_code == 200
    assert "Saved. It holds from the next issue on." in page.text
    assert choices(desk)["weekly"] == Choice(
        newsletter="weekly",
        cadence="daily",
        topics=Topics.of(tags=["Maths", "<b>"], authors=["Bob"]),
        language="zh-CN",
        paused_until=datetime(2026, 12, 24, tzinfo=UTC),
    )
    assert form_of(page.text) == form_of(desk.client.get(link(desk)).text)
    assert ("weekly.pause", "2026-12-24") in form_of(page.text)


def test_a_page_that_is_sent_again_changes_nothing_more(desk: Office) -> None:
    for _ in range(2):
        assert send(desk, ("weekly.cadence", "daily")).status_code == 200
        assert choices(desk)["weekly"].cadence == "daily"


def test_a_pause_ends_when_its_field_is_emptied(desk: Office) -> None:
    send(desk, ("weekly.pause", "2026-12-24"))
    send(desk, ("weekly.pause", ""))
    assert choices(desk)["weekly"].paused_until is None


def test_a_pause_that_is_over_is_shown_no_more(desk: Office) -> None:
    send(desk, ("weekly.pause", "2026-12-24"))
    desk.world.later(days=60)
    assert ("weekly.pause", "") in form_of(desk.client.get(link(desk)).text)


def test_a_newsletter_that_is_ticked_is_joined(desk: Office) -> None:
    send(desk, ("monthly.get", "yes"), ("monthly.pause", "2027-01-01"))
    assert set(choices(desk)) == {"weekly", "monthly"}
    assert choices(desk)["monthly"].paused_until is not None
    ann, database = reader(desk.world, ANN), desk.world.store()
    with database.transaction() as tx:
        evidence = find_consents(tx, ann.id)[-1]
    database.close()
    assert (evidence.how, evidence.source) == ("form", "preferences")


def test_a_newsletter_that_is_unticked_is_left_at_once(desk: Office) -> None:
    assert list(desk.world.got()) == [ANN]
    send(desk, ("monthly.get", "yes"), without="weekly.get")
    assert set(choices(desk)) == {"monthly"}
    assert reader(desk.world, ANN).state is State.ACTIVE
    assert desk.world.got() == {}


def test_one_may_leave_all_and_come_back(desk: Office) -> None:
    send(desk, ("monthly.get", "yes"))
    for _ in range(2):
        page = desk.client.post(f"{link(desk)}/leave")
        assert "You can come back at any time" in page.text
        assert "Unsubscribe from everything" not in page.text
        assert reader(desk.world, ANN).state is State.UNSUBSCRIBED
    assert desk.world.got() == {}
    page = send(desk, ("weekly.get", "yes"))
    assert "Saved." in page.text
    assert reader(desk.world, ANN).state is State.ACTIVE
    assert set(choices(desk)) == {"weekly"}


def test_unticking_all_is_leaving_all(desk: Office) -> None:
    page = send(desk, without="weekly.get")
    assert "You can come back at any time" in page.text
    assert "Saved." not in page.text
    assert reader(desk.world, ANN).state is State.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("cadence", "weekly", "cannot be chosen any more"),
        ("cadence", "", "cannot be chosen any more"),
        ("tags", "nonsense", "cannot be chosen any more"),
        ("authors", "Cy", "cannot be chosen any more"),
        ("language", "tlh", "cannot be chosen any more"),
        ("pause", "soon", "Please write a day like 2026-12-31."),
        ("pause", "2026-11-20", "This day is over."),
        ("pause", "0001-01-01", "This day is over."),
        ("pause", "9999-12-31", "within two years"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(
    desk: Office, name: str, text: str, told: str
) -> None:
    before = choices(desk)
    page = send(desk, ("monthly.get", "yes"), (f"weekly.{name}", text))
    assert page.status_code == 422
    assert "Nothing is saved yet" in page.text
    [wrong] = re.findall(r'<p class="wrong" id="([^"]+)">([^<]*)', page.text)
    assert told in wrong[1]
    assert f'aria-invalid="true" aria-describedby="{wrong[0]}"' in page.text.replace(
        "about-pause-1 ", ""
    )
    assert ("monthly.get", "yes") in form_of(page.text)
    assert choices(desk) == before


def test_what_is_wrong_with_a_newsletter_that_is_left_does_not_matter(
    desk: Office,
) -> None:
    page = send(desk, ("weekly.pause", "soon"), without="weekly.get")
    assert (page.status_code, choices(desk)) == (200, {})


def test_a_name_that_no_post_has_any_more_may_stay(desk: Office) -> None:
    desk.world.choose(ANN, topics=Topics.of(tags=["gone"]))
    assert 'value="gone" checked' in desk.client.get(link(desk)).text
    send(desk, without="weekly.tags")
    assert choices(desk)["weekly"].topics == Topics()
    assert 'value="gone"' not in desk.client.get(link(desk)).text


def test_the_names_used_most_are_offered(desk: Office) -> None:
    names = [f"t{n:03}" for n in range(LONGEST_LINE + 10)]
    desk.world.post("d", tags=f"[{', '.join(names[:60])}]")
    desk.world.post("e", tags=f"[{', '.join(names[60:])}]")
    desk.world.run()
    page = desk.client.get(link(desk)).text
    assert len(re.findall(r'name="weekly.tags"', page)) == MOST_SHOWN
    assert 'value="Maths"' in page
    assert send(desk, ("weekly.tags", names[-1])).status_code == 200
    assert f'value="{names[-1]}" checked' in desk.client.get(link(desk)).text
    page = send(desk, *[("weekly.tags", name) for name in names]).text
    assert "These are too many" in page


def test_new_tags_are_offered_after_a_while(desk: Office) -> None:
    desk.client.get(link(desk))
    desk.world.post("d", tags="[dogs]")
    desk.world.run()
    assert "dogs" not in desk.client.get(link(desk)).text
    desk.world.time += OFFER_LASTS
    assert "dogs" in desk.client.get(link(desk)).text


def test_a_body_that_is_no_form_of_ours_ticks_nothing_off(desk: Office) -> None:
    before = choices(desk)
    too_many = [(MARK, "x"), *[("weekly.tags", "x")] * 5_000]
    for fields in ([], [("weekly.pause", "")], too_many):
        page = post(desk, fields)
        assert page.status_code == 422
        assert "did not arrive" in page.text
    assert choices(desk) == before


def test_a_body_is_bounded(desk: Office) -> None:
    assert desk.client.post(link(desk), content=b"x" * 300_000).status_code == 413


def test_a_cadence_that_was_taken_back_is_the_newsletters_own(desk: Office) -> None:
    desk.world.choose(ANN, cadence="daily")
    desk.world.configure(with_pages(CONFIG))
    with office(desk.world) as later:
        page = later.client.get(link(desk)).text
        assert "weekly.cadence" not in page
        assert later.client.post(link(desk), data=dict(form_of(page))).is_success
    assert choices(desk)["weekly"].cadence == "own"


@pytest.mark.parametrize("state", [State.BLOCKED, State.BOUNCED, State.COMPLAINED])
def test_who_was_put_out_is_told_and_may_not_come_back(
    desk: Office, state: State
) -> None:
    form = form_of(desk.client.get(link(desk)).text)
    ann, database = reader(desk.world, ANN), desk.world.store()
    with database.transaction() as tx:
        move_subscriber(tx, ann.id, state)
    database.close()
    for page in (desk.client.get(link(desk)), post(desk, form)):
        assert "cannot be changed here" in page.text
        assert "<form" not in page.text
    assert reader(desk.world, ANN).state is state


def test_an_address_of_a_blocked_domain_may_not_come_back(desk: Office) -> None:
    form = form_of(desk.client.get(link(desk)).text)
    desk.client.post(f"{link(desk)}/leave")
    database = desk.world.store()
    with database.transaction() as tx:
        block_domain(tx, "@example.org", desk.world.time)
    database.close()
    assert "cannot be changed here" in post(desk, form).text
    assert reader(desk.world, ANN).state is State.UNSUBSCRIBED


def test_nothing_is_kept_for_who_may_not_choose(desk: Office) -> None:
    world, ann = desk.world, reader(desk.world, ANN)
    bounced = replace(ann, state=State.BOUNCED)
    newsletters = {each.name: each for each in world.configuration().newsletters}
    before, database = choices(desk), world.store()
    with database.transaction() as tx:
        assert not keep_wishes(tx, bounced, newsletters, {}, world.time)
    database.close()
    assert choices(desk) == before


def test_what_is_wrong_is_no_choice(desk: Office) -> None:
    world = desk.world
    configuration = world.configuration()
    terms = Terms(
        configuration=configuration,
        newsletter=configuration.newsletters[0],
        offer={"tags": (), "series": (), "languages": (), "authors": ()},
        languages=("en",),
        now=world.time,
    )
    section = show_choice(terms, None)
    fields = [("weekly.get", "yes"), ("weekly.pause", "soon")]
    assert section.choice() == Choice(newsletter="weekly")
    with pytest.raises(ValueError, match="wrong"):
        read_section(section, fields).choice()


def test_an_outbox_that_refuses_keeps_nobody_in(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(spool: Spool) -> tuple[str, ...]:
        raise OutputError("the disk is full")

    monkeypatch.setattr(Spool, "unclaimed", refuse)
    assert send(desk, ("weekly.cadence", "daily")).status_code == 200
    assert desk.client.post(f"{link(desk)}/leave").status_code == 200
    assert choices(desk) == {}


@pytest.mark.parametrize("door", ["", "/leave"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_we_never_made_gets_a_page_that_helps(
    desk: Office, method: str, door: str
) -> None:
    good = token(desk)
    for name in (good[:-1], "0" * 24, good[1:] + good[0], desk.token(ANN), "é" * 24):
        page = desk.client.request(method, f"/preferences/{name}{door}")
        assert page.status_code == 404
        assert "This link does not work" in page.text
    assert set(choices(desk)) == {"weekly"}


def test_a_link_of_somebody_who_was_erased_works_no_more(desk: Office) -> None:
    path, database = link(desk), desk.world.store()
    store = desk.world.configuration().store.path
    spool = Spool(desk.world.folder / "outbox")
    erase_reader(database, spool, store, normalise(ANN), desk.world.time)
    database.close()
    for door in ("", "/leave"):
        assert desk.client.get(path + door).status_code == 404
        page = desk.client.post(path + door, data={MARK: "x"})
        assert page.status_code == 404


def test_the_page_speaks_chinese(desk: Office) -> None:
    page = desk.client.get(link(desk), headers=CHINESE).text
    for words in ("您的邮件订阅", "多久一次", "只收部分文章", "暂停到", "全部退订"):
        assert words in page


def test_the_language_a_reader_joined_with_is_told(desk: Office) -> None:
    desk.world.join("bob@example.org", language="zh-CN")
    assert "As usual: 中文" in desk.client.get(link(desk, "bob@example.org")).text


def test_the_page_to_leave_offers_to_choose_instead(desk: Office) -> None:
    desk.world.join(ANN)
    page = desk.client.get(desk.link(ANN)).text
    assert "You can get it less often instead." in page
    assert f'href="/mail{link(desk)}"' in page
    assert "take a break" in desk.client.get(desk.link(ANN, "monthly")).text


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        (["en", "zh-CN"], ["English", "中文"]),
        (["zh-CN", "zh-TW"], ["中文 (简体, 中国)", "中文 (繁體, 台灣)"]),
        (["xx-nonsense-q", "", "_"], ["xx-nonsense-q", "", "_"]),
    ],
)
def test_a_language_is_called_as_it_calls_itself(
    tags: list[str], names: list[str]
) -> None:
    assert [*own_names(tags).values()] == names


FIELD = st.sampled_from(
    ["get", "cadence", "tags", "series", "authors", "languages", "language", "pause"]
)
TEXT = st.one_of(
    st.sampled_from([*CADENCES, "Maths", "<b>", "zh-CN", "en", "yes", ""]),
    st.dates().map(str),
    st.text(max_size=20),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.lists(
        st.tuples(st.sampled_from(["weekly", "monthly", "x"]), FIELD, TEXT), max_size=12
    ),
    marked=st.booleans(),
)
def test_any_form_is_kept_whole_or_told(
    desk: Office, fields: list[tuple[str, str, str]], marked: bool
) -> None:
    before = choices(desk)
    said = [(f"{newsletter}.{name}", text) for newsletter, name, text in fields]
    page = post(desk, [*([(MARK, "x")] if marked else []), *said])
    assert page.status_code in (200, 422)
    if page.status_code == 422:
        assert choices(desk) == before
        assert 'class="wrong told" role="alert"' in page.text
        return
    after = choices(desk)
    assert set(after) == {
        name.removesuffix(".get")
        for name, text in said
        if name in ("weekly.get", "monthly.get") and _last(said, name)
    }
    limit = desk.world.time + timedelta(days=735)
    for name, choice in after.items():
        assert choice.cadence in ("own", *(("daily", "monthly") * (name == "weekly")))
        until = choice.paused_until
        assert until is None or desk.world.time < until < limit
        assert set(choice.topics.tags) <= {"Maths", "maths", "cats", "<b>"}


def _last(fields: list[tuple[str, str]], name: str) -> str:
    return [fold_line(text) for each, text in fields if each == name][-1]
