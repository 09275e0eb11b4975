"""A site's line breaks show as its settings say, whenever they change."""

from __future__ import annotations

from html import unescape

from tests.world import CONFIG, World

HARD = CONFIG.replace("    title:", "    line_breaks: hard\n    title:", 1)


def test_a_change_of_the_setting_renders_every_post_again(world: World) -> None:
    world.post("诗", body="床前明月光\n疑是地上霜")
    world.run()
    assert "床前明月光疑是地上霜" in world.feed()

    world.configure(HARD)
    world.run()

    assert "床前明月光<br/>疑是地上霜" in unescape(world.feed())
