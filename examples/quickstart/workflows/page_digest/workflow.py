"""Web pages, boiled down."""

import asyncio

from output import workflow

from .models import Digest, DigestRequest
from .steps import digest, fetch_page


@workflow
async def page_digest(request: DigestRequest) -> Digest:
    """Fetch pages and boil each down to what it says."""
    pages = await asyncio.gather(*(fetch_page(url) for url in request.urls))
    return await digest(list(pages), request.top_words)
