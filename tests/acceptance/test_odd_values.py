"""Values no program can hold: one post is told or shown, and the others go on."""

from __future__ import annotations

import pytest

from tests.world import World

YAML = "---\ntitle: T\ndate: 2026-11-19\n{}\n---\n{}\n"


@pytest.mark.parametrize(
    "text",
    [
        YAML.format("lastmod: 9999-12-31T23:59:59-08:00", "x"),
        YAML.format("expiryDate: 9999-12-31T23:59:59-23:59", "x"),
        YAML.format("enclosure: /a.mp3 " + "1" * 5_000 + " audio/mpeg", "x"),
        YAML.format("", '<ol start="' + "9" * 5_000 + '"><li>x</ol>'),
        YAML.format("", '<table><td colspan="' + "9" * 5_000 + '">x</table>'),
        "+++\ntitle = 'T'\ndate = 2026-11-01\nweight = " + "1" * 5_000 + "\n+++\nb\n",
        "+++\ntitle = 'T'\n[" + "a." * 600 + "b]\nc = 1\n+++\nb\n",
        '{"title": "T", "a": ' + "[" * 500 + "]" * 500 + "}\n\nb\n",
    ],
)
def test_a_value_out_of_bounds_stops_no_other_post(world: World, text: str) -> None:
    world.write("content/odd.md", text)
    world.post("good")
    world.join("ann@example.org")
    world.run()
    assert "<title>Good</title>" in world.feed()
    assert len(world.messages()) == 1
