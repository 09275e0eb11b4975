"""`permalink` holds only fields that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.base.errors import ConfigError
from pipeline.config.load import load_configuration


def load(folder: Path, permalink: str) -> str:
    path = folder / "config.yaml"
    path.write_text(
        "sites:\n- folder: posts\n  url: https://example.org/\n  title: S\n"
        f"  permalink: '{permalink}'\n"
    )
    return load_configuration(path).configuration.sites[0].permalink


def test_a_pattern_of_known_fields_is_taken(tmp_path: Path) -> None:
    assert load(tmp_path, "/{year}/{slug}.html") == "/{year}/{slug}.html"


def test_a_field_that_there_is_not_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "/{slgu}/")
    (fault,) = caught.value.faults
    assert fault.line == 5
    assert "there is no {slgu} (there are {slug}, {title}," in fault.what
