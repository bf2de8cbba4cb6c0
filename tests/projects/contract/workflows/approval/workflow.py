"""A workflow that asks somebody outside."""

from pydantic import JsonValue

from output import await_webhook, workflow


@workflow
async def approval(url: str) -> JsonValue:
    """Ask at a URL, and give back what is said."""
    return await await_webhook(url, payload={"what": "a loan"})
