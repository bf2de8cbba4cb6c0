"""The client of S3, and of all that speaks it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from output.config.payload_settings import AwsSettings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_PASSING = frozenset(
    {"500", "502", "503", "504", "429", "InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout"}
)


class StoreError(Protocol):
    """How a store's error is made; `is_passing` when the store may do what was asked in a moment."""

    def __call__(self, message: str, *, is_passing: bool) -> Exception: ...


def connect(settings: AwsSettings) -> S3Client:
    """A client of the account that the settings name."""
    import boto3
    from botocore.config import Config

    key, secret = settings.aws_access_key_id, settings.aws_secret_access_key
    return boto3.session.Session().client(  # type: ignore[reportUnknownMemberType]  # of services not in the stubs
        "s3",
        region_name=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url,
        aws_access_key_id=key.get_secret_value() if key is not None else None,
        aws_secret_access_key=secret.get_secret_value() if secret is not None else None,
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=16,
            # Other stores know neither virtual hosts nor the newer checksums.
            s3={"addressing_style": "path" if settings.aws_endpoint_url else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def error_code(error: Exception) -> str:
    """What S3 calls the fault."""
    response = cast("dict[str, dict[str, object]]", getattr(error, "response", {}))
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def translated(kind: StoreError) -> Generator[None]:
    """Raise an error of the store's kind for whatever the client raises."""
    from botocore.exceptions import BotoCoreError, ClientError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        code = error_code(error)
        status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
        raise kind(
            f"S3 refuses ({code or status}): {error}", is_passing=code in _PASSING or status in _PASSING
        ) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise kind(f"S3 does not answer: {error}", is_passing=True) from error
