"""config.schema.json at the top, which editors read, says what the settings say."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.load import json_schema

SCHEMA = Path(__file__).parents[2] / "config.schema.json"


def test_the_schema_file_is_current() -> None:
    # If not: python -c "from pipeline.config.load import json_schema as s; \
    # print(s(), end='')" > config.schema.json
    assert SCHEMA.read_text(encoding="utf-8") == json_schema()
