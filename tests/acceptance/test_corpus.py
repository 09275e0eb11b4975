"""39 real posts of five generators: every feed, and a digest for three readers."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unicodedata import normalize

import feedparser
import pytest
from lxml import html
from PIL import Image

from tests.acceptance.corpus import POSTS, written_formulas
from tests.capability import require, require_corpus
from tests.command import pressroom
from tests.feeds.rules import check_atom, check_json, check_rss
from tests.newsboat import read_feeds
from tests.world import part, read_message

CONFIG = """\
sites:
  - folder: {corpus}
    url: https://blog.example.org/
    title: 科学空间
    language: zh-CN
    zone: Asia/Shanghai
feeds:
  entries: 50
  tags: all
  authors: all
  languages: all
  series: all
mail:
  unsubscribe_address: leave@blog.example.org
web:
  public_url: https://blog.example.org/mail/
newsletters:
  - name: weekly
    title: 科学空间周刊
    schedule: every monday 09:00
    sender: 科学空间 <weekly@blog.example.org>
    postal_address: 广州市天河区某路 1 号
    backfill: 39
    max_posts: 39
"""
READERS = {
    "duzhe@example.org": "zh-CN",
    "ann@example.org": "en",
    "bob@example.org": "",
}
ADDRESS = re.compile(r"(?:https?://|mailto:)\S+")
MOST_SPAM_POINTS = 1.5


@dataclass(frozen=True, slots=True)
class Ran:
    """What one `pressroom once` printed as JSON, and the folder it ran in."""

    folder: Path
    report: dict[str, Any]

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def feeds(self, filename: str) -> list[Path]:
        return sorted(self.public.rglob(filename))

    def items(self) -> list[dict[str, Any]]:
        """Return the entries of the site's feed."""
        found = json.loads((self.public / "feed.json").read_bytes())["items"]
        assert isinstance(found, list)
        return found

    def message_files(self) -> list[Path]:
        return sorted(self.folder.glob("outbox/new/*/*.eml"))

    def messages(self) -> list[EmailMessage]:
        return [read_message(path) for path in self.message_files()]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("corpus")
    text = CONFIG.format(corpus=require_corpus())
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    for address, language in READERS.items():
        words = ("subscriber", "add", address, f"--language={language}")
        assert pressroom(*words, cwd=folder).returncode == 0
    done = pressroom("once", "--json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return Ran(folder, json.loads(done.stdout))


def test_every_post_is_read_without_a_word(ran: Ran) -> None:
    (site,) = ran.report["sites"]
    assert (site["found"], site["live"], site["rendered"]) == (POSTS, POSTS, POSTS)
    assert ran.report["faults"] == []
    assert ran.report["errors"] == []


def test_each_kind_of_feed_is_written_in_each_format(ran: Ran) -> None:
    folders = {path.parent.relative_to(ran.public) for path in ran.feeds("rss.xml")}
    assert {"authors/苏剑林", "languages/zh-cn", "tags/最小熵原理", "."} <= set(
        map(str, folders)
    )
    for name in ("atom.xml", "feed.json"):
        found = {path.parent.relative_to(ran.public) for path in ran.feeds(name)}
        assert found == folders
    of_the_site = folders - {Path("archive/weekly")}
    assert len(ran.report["sites"][0]["written"]) == 3 * len(of_the_site)


def test_every_feed_obeys_its_format(ran: Ran) -> None:
    for path in ran.feeds("rss.xml"):
        check_rss(path.read_bytes())
    for path in ran.feeds("atom.xml"):
        check_atom(path.read_bytes())
    for path in ran.feeds("feed.json"):
        check_json(path.read_bytes())


def test_feedparser_takes_every_entry_of_every_feed(ran: Ran) -> None:
    for path in (*ran.feeds("rss.xml"), *ran.feeds("atom.xml")):
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo, f"{path}: {parsed.get('bozo_exception')}"
        expected = json.loads(path.with_name("feed.json").read_bytes())["items"]
        assert [(e.id, e.title) for e in parsed.entries] == [
            (item["id"], item["title"]) for item in expected
        ]
        assert all(e.published_parsed and e.content[0].value for e in parsed.entries)


def test_newsboat_takes_every_entry_of_every_feed(ran: Ran, tmp_path: Path) -> None:
    paths = [*ran.feeds("rss.xml"), *ran.feeds("atom.xml")]
    names = [path.relative_to(ran.public).as_posix() for path in paths]
    taken = read_feeds(ran.public, names, tmp_path / "newsboat")
    for path, name in zip(paths, names, strict=True):
        items = json.loads(path.with_name("feed.json").read_bytes())["items"]
        shown = {(item.guid, item.url, item.title) for item in taken[name].items}
        assert shown == {(item["id"], item["url"], item["title"]) for item in items}
        assert all(item.content for item in taken[name].items)


def test_the_sites_feed_holds_every_post(ran: Ran) -> None:
    assert len(ran.items()) == POSTS


def test_each_formula_is_typeset_and_none_shows_its_tex(ran: Ran) -> None:
    pages = [parsed_html(item["content_html"]) for item in ran.items()]
    shown = [formula for page in pages for formula in page.find_class("math")]
    assert {formula.tag for formula in shown} == {"img", "span"}
    assert len(shown) == len(written_formulas()) > 20


def test_each_image_of_a_formula_is_there_and_says_what_it_shows(ran: Ran) -> None:
    images = [
        image
        for item in ran.items()
        for image in parsed_html(item["content_html"]).find_class("math")
        if image.tag == "img"
    ]
    assert images
    for image in images:
        name = image.get("src", "").rpartition("/")[2]
        with Image.open(ran.public / "math" / name) as found:
            sides = tuple(int(image.get(side, "0")) * 2 for side in ("width", "height"))
            assert found.size == sides
        assert image.get("alt", "").strip()
        assert "\\" not in image.get("alt", "")


def test_no_markup_of_the_source_is_left_in_the_words(ran: Ran) -> None:
    pages = [item["content_html"] for item in ran.items()]
    pages += [part(message, "html") for message in ran.messages()]
    for page in pages:
        words = "".join(words_outside_code(parsed_html(page)))
        for mark in ("{{", "{%", "$$", r"\begin", "<!--", "](", "**", "+++", "{:"):
            assert mark not in words


def test_every_address_in_feeds_and_mail_is_whole(ran: Ran) -> None:
    pages = [item["content_html"] for item in ran.items()]
    for page in pages:
        assert all(map(ADDRESS.fullmatch, addresses(page)))
    for message in ran.messages():
        found = addresses(part(message, "html"))
        within = {address for address in found if address.startswith("#")}
        held = {address for address in found if address.startswith("cid:")}
        assert all(map(ADDRESS.fullmatch, set(found) - within - held))
        assert held == {
            f"cid:{str(image['Content-ID'])[1:-1]}"
            for image in message.walk()
            if image.get_content_maintype() == "image"
        }
        assert within <= {
            f"#{anchor.get('id')}"
            for anchor in parsed_html(part(message, "html")).iterfind(".//a[@id]")
        }


def test_each_reader_gets_the_digest_of_every_post_once(ran: Ran) -> None:
    messages = ran.messages()
    assert {str(message["To"]) for message in messages} == set(READERS)
    assert len(messages) == len(READERS)
    urls = {item["url"] for item in ran.items()}
    for message in messages:
        assert not message.defects
        assert not any(body.defects for body in message.walk())
        assert urls <= set(addresses(part(message, "html")))
        assert urls <= set(part(message, "plain").split())


def test_html_and_text_of_a_message_say_the_same_words(ran: Ran) -> None:
    for message in ran.messages():
        shown = words(said(parsed_html(part(message, "html"))))
        written = words(part(message, "plain"))
        assert not shown - written
        # Text has no boxes and links: it numbers the posts, and names what follows.
        labels = {word for word in written - shown if not word.isdecimal()}
        assert labels <= set(words("Tags Online: this address 标签 网页版 下面的地址"))


def test_a_spam_filter_finds_nothing_to_mind(ran: Ran) -> None:
    spamassassin = require("spamassassin", "a spam filter scores our messages")
    for path in ran.message_files():
        message = path.read_bytes().split(b"\r\n", 2)[2]
        answer = subprocess.run(
            [spamassassin, "-L", "-t"], input=message, capture_output=True, check=True
        )
        (points,) = re.findall(rb"\(([-\d.]+) points, ", answer.stdout)
        assert float(points) < MOST_SPAM_POINTS, answer.stdout.decode()


def test_a_second_run_reads_and_changes_nothing(ran: Ran) -> None:
    done = pressroom("once", "--json", cwd=ran.folder)
    report = json.loads(done.stdout)
    assert not report["changed"]
    assert report["sites"][0]["opened"] == 0
    assert report["sites"][0]["rendered"] == 0


def parsed_html(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def addresses(page: str) -> list[str]:
    """Return every address that a reader's program follows or fetches."""
    return [
        address
        for element in parsed_html(page).iter("*")
        for name in ("href", "src", "poster")
        if (address := element.get(name)) is not None
    ]


def words_outside_code(element: html.HtmlElement) -> Iterator[str]:
    """Yield the text that is not code, styles or comments."""
    if isinstance(element.tag, str) and element.tag not in ("code", "pre", "style"):
        yield element.text or ""
        for child in element:
            yield from words_outside_code(child)
            yield child.tail or ""


def said(page: html.HtmlElement) -> str:
    """Return what the page says: its words, and those for pictures without caption."""
    body = page.find("body")
    assert body is not None
    for hidden in body.find_class("preheader"):
        hidden.drop_tree()
    for letter in body.xpath(".//span[@class='math']//*"):
        letter.drop_tag()
    legends = {p.text_content().strip() for p in body.iter("p", "figcaption")}
    alts = {picture.get("alt", "").strip() for picture in body.iter("img")}
    return " ".join([*body.itertext(), *(alts - legends)])


def words(text: str) -> Counter[str]:
    """Count each word but addresses; a Chinese character is a word.

    HTML raises an exponent where text has a raised letter (NFKC makes them one).
    """
    text = normalize("NFKC", ADDRESS.sub("", text)).casefold()
    return Counter(re.findall(r"[a-z0-9]+|[^\W_a-z0-9]", text))
