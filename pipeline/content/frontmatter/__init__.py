"""From the head of a post to its fields, whatever generator it was written for."""

from pipeline.content.frontmatter.detect import split
from pipeline.content.frontmatter.values import (
    Dialect,
    Fields,
    FrontMatter,
    Items,
    MisreadError,
    Scalar,
    Value,
)

__all__ = [
    "Dialect",
    "Fields",
    "FrontMatter",
    "Items",
    "MisreadError",
    "Scalar",
    "Value",
    "split",
]
