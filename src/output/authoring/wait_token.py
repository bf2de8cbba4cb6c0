"""Random bits for what others may answer: made by a step, so that the run's history has them and no seed gives them."""

from __future__ import annotations

import secrets

from output.authoring.options import ActivityOptions
from output.authoring.step import Step


async def make() -> str:
    """128 random bits, in hexadecimal."""
    return secrets.token_hex(16)


# The engine seeds a run's own randomness with its run ID, which is no secret.
wait_token_step = Step(
    make,
    name="make_wait_token",
    description="Makes the token of a wait.",
    options=ActivityOptions(),
    quick=True,
    kind="webhook",
)
