"""config.yaml: what an owner is told, with the place and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.base.errors import ConfigError, InputError
from pipeline.config.load import all_settings, json_schema, load_configuration
from pipeline.config.settings import Configuration

SITE = """\
sites:
  - folder: content
    url: https://example.org
    title: Example
"""

NEWSLETTER = """\
newsletters:
  - name: weekly
    title: Weekly
    schedule: every monday 09:00
    sender: Ann <ann@example.org>
    postal_address: 1 Main Street
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str) -> Configuration:
    return load_configuration(write(folder, text)).configuration


def told(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_configuration(path)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


def test_one_site_is_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    configuration = load(tmp_path, SITE)
    assert configuration.sites[0].url == "https://example.org/"
    assert configuration.feeds.formats == ("rss", "atom", "json")
    assert configuration.newsletters == ()


def test_relative_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    configuration = load(tmp_path, SITE + "    assets: [static]\n")
    assert configuration.sites[0].folder == tmp_path / "content"
    assert configuration.sites[0].assets == (tmp_path / "static",)
    assert configuration.store.path == tmp_path / "var/pressroom.db"
    assert configuration.outbox.folder == tmp_path / "outbox"


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    configuration = load(tmp_path, SITE.replace("content", "/srv/posts"))
    assert configuration.sites[0].folder == Path("/srv/posts")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + SITE).sites[0].title == "Example"


def test_words_that_yaml_would_turn_into_truths_stay_words(tmp_path: Path) -> None:
    text = SITE.replace("Example", "no") + "    description: 0123\n"
    site = load(tmp_path, text).sites[0]
    assert (site.title, site.description) == ("no", "0123")


def test_numbers_are_read_from_their_digits(tmp_path: Path) -> None:
    assert load(tmp_path, SITE + "feeds:\n  entries: 7\n").feeds.entries == 7


def test_a_key_with_nothing_behind_it_is_not_set(tmp_path: Path) -> None:
    text = SITE + "    author:\n    charset: ~\n"
    assert load(tmp_path, text).sites[0].author == ""


def test_macros_are_taken_as_typed(tmp_path: Path) -> None:
    macros = load(
        tmp_path, SITE + "math:\n  macros:\n    RR: \\mathbb{R}\n"
    ).math.macros
    assert macros == {"RR": "\\mathbb{R}"}


def test_a_truth_is_read_from_its_word(tmp_path: Path) -> None:
    assert load(tmp_path, SITE + "math:\n  physics: true\n").math.physics


def test_one_name_stands_for_a_list_of_one(tmp_path: Path) -> None:
    text = SITE + "feeds:\n  tags: 数学\n  authors: all\n"
    feeds = load(tmp_path, text).feeds
    assert (feeds.tags, feeds.authors) == (("数学",), "all")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pressroom init"):
        load_configuration(tmp_path / "config.yaml")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes("sites: 站点".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"config\.yaml:1:9: the file is not UTF-8"):
        load_configuration(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            SITE + "    langauge: zh\n",
            "5:5: sites[0].langauge: no such setting (did you mean 'language'?)",
        ),
        (
            SITE + "feeds:\n  inliner: premailer\n",
            "6:3: feeds.inliner: no such setting (did you mean 'mail.inliner'?)",
        ),
        (
            SITE + "store:\n  qqq: 1\n",
            "6:3: store.qqq: no such setting (there are path)",
        ),
        (
            SITE + "feeds:\n  entries: many\n",
            "6:3: feeds.entries: must be a whole number, not 'many'",
        ),
        (
            SITE + "feeds:\n  entries: 0\n",
            "6:3: feeds.entries: must be 1 or more, not '0'",
        ),
        (
            SITE + "feeds:\n  formats: [rss, atmo]\n",
            "6:18: feeds.formats[1]: must be 'rss', 'atom' or 'json', not 'atmo' "
            "(did you mean 'atom'?)",
        ),
        (
            SITE + "mail: 3\n",
            "5:1: mail: must be a group of `key: value` lines, indented below it, "
            "not '3'",
        ),
        (
            SITE.replace("https://", ""),
            "3:5: sites[0].url: must begin with https:// or http://, not 'example.org'",
        ),
        (
            SITE + "    zone: Mars/Base\n",
            "5:5: sites[0].zone: no such time zone: 'Mars/Base' "
            "(one is 'Asia/Shanghai')",
        ),
        (SITE + "feeds:\n  tags: {a: b}\n", "6:3: feeds.tags: must be a list"),
        (
            SITE + "math:\n  macros: {R2: x}\n",
            "6:3: math.macros: 'R2' is no name of a macro: letters only, as in `RR`",
        ),
        (
            SITE + f"math:\n  macros: {{R: {'x' * 2001}}}\n",
            "6:3: math.macros: the macro 'R' is longer than 2,000 characters",
        ),
        (SITE + "math:\n  macros: x\n", "6:3: math.macros: must be a group of `name:"),
        (SITE + "math:\n  physics: 7\n", "6:3: math.physics: must be true or false"),
        ("feeds:\n  entries: 3\n", "1:1: sites: is missing"),
        ("sites: []\n", "1:1: sites: needs at least one entry"),
        ("sites:\n\t- folder: x\n", "2:1: a tab, which YAML does not take"),
        ("sites: [\n", "2:1: is not YAML:"),
        ("sites: '\n", "2:1: is not YAML:"),
        ("- a\n- b\n", "1:1: must be `key: value` lines (begin with `sites:`)"),
        ("a: \x07\n", "1: holds a character that YAML does not take"),
        (SITE + "sites: []\n", "5:1: 'sites' is set twice (first in line 1)"),
        ("a: &x [b]\nc: *x\n", "1:4: aliases (`*name`) are not taken"),
        ("? [a]\n: b\n", "1:3: a key must be a plain word"),
        (
            SITE + NEWSLETTER.replace("weekly", "Our Weekly"),
            "6:5: newsletters[0].name: may hold only a-z, 0-9 and hyphens",
        ),
    ],
)
def test_a_fault_names_its_place_and_what_to_do(
    tmp_path: Path, text: str, sentence: str
) -> None:
    faults = told(tmp_path, text)
    assert any(fault.startswith(sentence) for fault in faults), faults


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = "sites:\n  - url: x\n    titel: y\nmail: 3\n"
    lines = [int(fault.split(":")[0]) for fault in told(tmp_path, text)]
    assert len(lines) == 5
    assert lines == sorted(lines)


def test_the_schema_for_editors_knows_every_setting_and_takes_a_good_file() -> None:
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(SITE + NEWSLETTER), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(SITE + "colour: red\n"), schema)
    described = json.dumps(schema)
    assert all(f'"{name}"' in described for _, name in all_settings())


def test_every_setting_says_what_it_is_for() -> None:
    schema = json.loads(json_schema())
    groups = [schema, *schema["$defs"].values()]
    mute = [
        name
        for group in groups
        for name, field in group.get("properties", {}).items()
        # pydantic leaves out a description equal to that of the group it refers to.
        if not (field.get("description") or "$ref" in field)
    ]
    assert mute == []
