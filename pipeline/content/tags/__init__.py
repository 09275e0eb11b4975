"""The generators' own tags, replaced before a post's markup is parsed."""

from pipeline.content.tags.expand import expand
from pipeline.content.tags.tag import Expanded, TagContext

__all__ = ["Expanded", "TagContext", "expand"]
