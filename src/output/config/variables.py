"""What all settings have in common."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class Variables(BaseSettings):
    """Settings from environment variables: read once, and an empty variable counts as not set."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, populate_by_name=True, extra="ignore")
