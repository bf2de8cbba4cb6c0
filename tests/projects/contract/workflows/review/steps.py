"""Steps of the review."""

from output import step


@step
async def measure(title: str) -> int:
    return len(title)
