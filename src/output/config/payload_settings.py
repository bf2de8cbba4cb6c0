"""Where large values go, and the account at the store that traces and values share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec

from pydantic import Field, SecretStr, field_validator

from output.config.encryption_keys import read_keys
from output.config.variables import Variables

_BUCKET = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9.-]{1,61}[A-Za-z0-9](?:/[^?#]*)?\Z")
_OFF = frozenset({"off", "0", "false", "no", "none"})


class AwsSettings(Variables):
    """The account and the endpoint of S3, or of what speaks it."""

    aws_region: str = Field("us-west-1", validation_alias="OUTPUT_AWS_REGION", description="region of the bucket")
    aws_access_key_id: SecretStr | None = Field(
        None, validation_alias="OUTPUT_AWS_ACCESS_KEY_ID", description="without keys, the AWS default credential chain"
    )
    aws_secret_access_key: SecretStr | None = Field(
        None, validation_alias="OUTPUT_AWS_SECRET_ACCESS_KEY", description="belongs to the access key"
    )
    aws_endpoint_url: str | None = Field(
        None, validation_alias="OUTPUT_AWS_ENDPOINT_URL", description="endpoint of an S3-compatible store"
    )

    def aws_conflicts(self) -> Iterator[str]:
        """Half an account."""
        if (self.aws_access_key_id is None) != (self.aws_secret_access_key is None):
            yield "OUTPUT_AWS_ACCESS_KEY_ID and OUTPUT_AWS_SECRET_ACCESS_KEY go together: set both or neither"


class PayloadSettings(AwsSettings):
    """Where values go that are too large for the engine; API, worker and everybody who reads must agree."""

    payload_store: str | None = Field(
        None,
        validation_alias="OUTPUT_PAYLOAD_STORE",
        description=(
            "where values over 256 KB go: a folder, `s3://bucket/prefix`, or `off`; "
            "`.output/payloads` in `output dev`, else off"
        ),
    )
    payload_max_bytes: int = Field(
        64 * 1024 * 1024,
        ge=2 * 1024 * 1024,
        validation_alias="OUTPUT_PAYLOAD_MAX_BYTES",
        description="largest value that the store takes, bytes",
    )

    encryption_keys: SecretStr | None = Field(
        None,
        validation_alias="OUTPUT_ENCRYPTION_KEYS",
        description=(
            "keys for values, `id:base64`, comma-separated, or `file:` and the path of a file with one a line; "
            "the first encrypts, all decrypt"
        ),
    )

    @field_validator("encryption_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            read_keys(value.get_secret_value())
        return value

    @cached_property
    def keys(self) -> Mapping[str, bytes]:
        """The keys by their IDs, the one that encrypts first; none where values are not encrypted."""
        return {} if self.encryption_keys is None else read_keys(self.encryption_keys.get_secret_value())

    @field_validator("payload_store")
    @classmethod
    def _is_a_place(cls, value: str | None) -> str | None:
        if value is None or value.lower() in _OFF:
            return None
        if "://" in value and not _BUCKET.match(value):
            raise ValueError("give a folder, `s3://bucket/prefix`, or `off`")
        return value

    def payload_conflicts(self) -> Iterator[str]:
        """A store whose client is not installed."""
        if (self.payload_store or "").startswith("s3://") and find_spec("boto3") is None:
            yield "OUTPUT_PAYLOAD_STORE needs the S3 client: install `output-workflows[s3]`"
