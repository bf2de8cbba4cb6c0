"""Steps that count words."""

from collections import Counter
from datetime import timedelta

from pydantic import BaseModel, Field

from output import Retry, step


class Page(BaseModel):
    url: str
    text: str


class Count(BaseModel):
    url: str
    words: int = Field(ge=0)
    most_common: list[str]


@step(retry=Retry(max_attempts=5, initial_interval=timedelta(milliseconds=100)), timeout=timedelta(seconds=30))
async def count_words(page: Page) -> Count:
    """Count a page's words."""
    words = page.text.split()
    return Count(url=page.url, words=len(words), most_common=[word for word, _ in Counter(words).most_common(3)])
