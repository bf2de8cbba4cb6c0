from __future__ import annotations

from output import workflow

from .models import Everything


@workflow
async def everything(given: Everything) -> Everything:
    """Take one of all that a form may ask for, and give it back.

    Nothing is done with it: what the worker parsed is the output.
    """
    return given
