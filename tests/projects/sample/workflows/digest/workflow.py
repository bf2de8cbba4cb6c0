"""Boils pages down to what they say."""

import asyncio

from pydantic import BaseModel

from output import workflow

from .steps import Count, Page, count_words


class DigestRequest(BaseModel):
    pages: list[Page]
    top: int = 3


class Digest(BaseModel):
    counts: list[Count]
    total: int


@workflow(aliases=["boil_down"])
async def digest(request: DigestRequest) -> Digest:
    """Count the words of pages, all at once."""
    counts = await asyncio.gather(*(count_words(page) for page in request.pages))
    return Digest(counts=list(counts), total=sum(count.words for count in counts))
