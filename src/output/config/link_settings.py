"""Where people reach the server, and what the links that they get are made with."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from output.config.types import comma_separated
from output.config.variables import Variables
from output.security.links import DEFAULT_BASE, ApprovalLinks


class LinkSettings(Variables):
    """API and workers must agree on them."""

    public_url: str = Field(
        DEFAULT_BASE,
        validation_alias="OUTPUT_PUBLIC_URL",
        description="address of the API server as people reach it; links to approvals begin with it",
    )
    link_secrets: Annotated[list[SecretStr], NoDecode, BeforeValidator(comma_separated)] = Field(
        default_factory=list[SecretStr],
        validation_alias="OUTPUT_LINK_SECRET",
        description="what links to approvals are made with; of several, comma-separated, the first makes new ones",
    )

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give an address such as https://workflows.example.com")
        return value

    @property
    def approval_links(self) -> ApprovalLinks:
        return ApprovalLinks(self.public_url, [secret.get_secret_value() for secret in self.link_secrets])
