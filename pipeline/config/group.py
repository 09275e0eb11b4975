"""A group of settings: what all of them are, and no setting."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A frozen group of settings in which an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
