"""A workflow that talks in every way."""

from pydantic import BaseModel, Field, JsonValue

from output import query, signal, update, wait_for, workflow

from .steps import measure


class OutOfRangeError(ValueError):
    """A threshold that makes no sense."""


class Document(BaseModel):
    title: str
    pages: int = Field(default=1, ge=1)


class Progress(BaseModel):
    title: str
    comments: list[str]
    threshold: float


class Decision(BaseModel):
    title: str
    comments: list[str]
    approved: bool


@workflow(name="review")
class Review:
    """Collects comments on a document until somebody closes the review."""

    def __init__(self) -> None:
        self.title = ""
        self.comments: list[str] = []
        self.threshold = 0.8
        self.is_closed = False

    async def run(self, document: Document) -> Decision:
        self.title = document.title
        await wait_for(lambda: self.is_closed)
        return Decision(title=document.title, comments=self.comments, approved=len(self.comments) >= self.threshold)

    @signal
    def comment(self, text: str) -> None:
        """Say something about the document."""
        self.comments.append(text)

    @signal
    def nudge(self) -> None:
        self.comments.append("nudged")

    @signal
    def praise(self, text: str = "well done") -> None:
        self.comments.append(text)

    @signal
    def close(self) -> None:
        self.is_closed = True

    @query
    def status(self) -> Progress:
        """Where the review stands."""
        return Progress(title=self.title, comments=self.comments, threshold=self.threshold)

    @query
    def echo(self, value: JsonValue) -> JsonValue:
        return value

    @query
    def between(self, first: int = 0, last: int = 2) -> list[str]:
        return self.comments[first:last]

    @query
    def nothing(self) -> None:
        return None

    @query
    def broken(self) -> int:
        raise LookupError("no such page: 7")

    @update
    async def set_threshold(self, threshold: float) -> float:
        previous, self.threshold = self.threshold, threshold
        return previous

    @set_threshold.validator
    def _(self, threshold: float) -> None:
        if not 0 <= threshold <= 10:
            raise OutOfRangeError(f"{threshold} is not between 0 and 10")

    @update
    async def measure_title(self) -> int:
        """Calls a step."""
        return await measure(self.title)

    @update
    def forget(self) -> None:
        self.comments.clear()

    @update
    async def fail(self, why: str) -> None:
        raise RuntimeError(why)
