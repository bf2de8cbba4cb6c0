"""How completion webhooks are signed, and where they may go."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from output.config.types import comma_separated
from output.config.variables import Variables
from output.security.webhook_signature import secret_bytes


class WebhookSettings(Variables):
    """API and workers must agree on them."""

    webhook_secrets: Annotated[list[SecretStr], NoDecode, BeforeValidator(comma_separated)] = Field(
        default_factory=list[SecretStr],
        validation_alias="OUTPUT_WEBHOOK_SECRET",
        description="what webhooks are signed with, `whsec_…`; with each of several, comma-separated, for rotation",
    )
    webhook_deny_private: bool | None = Field(
        None,
        validation_alias="OUTPUT_WEBHOOK_DENY_PRIVATE",
        description="send no webhook to private, loopback and link-local addresses; on in production, else off",
    )

    @field_validator("webhook_secrets")
    @classmethod
    def _are_secrets(cls, values: list[SecretStr]) -> list[SecretStr]:
        for value in values:
            secret_bytes(value.get_secret_value())
        return values

    @property
    def webhook_keys(self) -> list[bytes]:
        return [secret_bytes(secret.get_secret_value()) for secret in self.webhook_secrets]
