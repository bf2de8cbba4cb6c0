"""What goes into a digest and what comes out."""

from pydantic import BaseModel, Field, HttpUrl


class DigestRequest(BaseModel):
    """Which pages to read, and how many of their most frequent words to name."""

    urls: list[HttpUrl] = Field(min_length=1, max_length=20)
    top_words: int = Field(8, ge=1, le=50)


class Page(BaseModel):
    """What a reader sees of a page."""

    url: HttpUrl
    title: str
    headings: list[str]
    text: str
    size_bytes: int


class WordCount(BaseModel):
    """A word and how often it stands there."""

    word: str
    count: int


class PageDigest(BaseModel):
    """One page, boiled down."""

    url: HttpUrl
    title: str
    opening: str
    headings: list[str]
    words: int
    different_words: int
    reading_seconds: int
    top_words: list[WordCount]


class Digest(BaseModel):
    """All pages, boiled down, and the words that they share."""

    pages: list[PageDigest]
    words: int
    reading_seconds: int
    shared_words: list[str]
