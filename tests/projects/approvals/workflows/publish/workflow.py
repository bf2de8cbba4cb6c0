"""Workflows that ask people."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from output import ApprovalNotice, ApprovalTimeoutError, await_webhook, query, request_approval, sleep, step, workflow


class Channel(StrEnum):
    WEB = "web"
    PRINT = "print"


class Place(BaseModel):
    city: str = Field(max_length=50)
    floor: int | None = None


class Verdict(BaseModel):
    """What an editor decides."""

    approved: bool = Field(title="Publish it?", description="Yes makes it public.")
    channel: Channel = Channel.WEB
    copies: int = Field(1, ge=1, le=10)
    on: date | None = None
    words: list[str] = []
    place: Place | None = None
    size: Literal["small", "large"] = "small"
    reason: str = ""

    @field_validator("reason")
    @classmethod
    def _polite(cls, value: str) -> str:
        if "stupid" in value:
            raise ValueError("stay polite")
        return value


@step
def tell(notice: ApprovalNotice) -> None:
    """Writes what it tells into the file that the question names."""
    folder = notice.question.rpartition(" ")[2]
    with open(f"{folder}/told", "a") as file:  # noqa: PTH123
        file.write(f"{notice.kind} {notice.to} {notice.number} {notice.link}\n")


class Request(BaseModel):
    title: str
    seconds: float | None = None


@workflow
class Publish:
    """Asks an editor, and keeps the link where a query finds it."""

    def __init__(self) -> None:
        self.link: str | None = None

    async def run(self, request: Request) -> dict[str, object]:
        deadline = None if request.seconds is None else timedelta(seconds=request.seconds)
        approval = await request_approval(
            f"Publish <b>{request.title}</b>?", schema=Verdict, to="the editor", deadline=deadline
        )
        self.link = approval.link
        try:
            verdict = await approval
        except ApprovalTimeoutError as error:
            return {"timed out": error.question}
        assert approval.answered is not None
        return {"verdict": verdict.model_dump(mode="json"), "by": approval.answered.by}

    @query
    def address(self) -> str | None:
        return self.link


@workflow
class Withdraw:
    """Takes its question back, and goes on."""

    def __init__(self) -> None:
        self.link: str | None = None

    async def run(self) -> None:
        approval = await request_approval("Shall it go on?")
        self.link = approval.link
        approval.withdraw()
        await sleep(timedelta(days=1))

    @query
    def address(self) -> str | None:
        return self.link


@workflow
async def escalate(folder: str) -> str:
    """Reminds, then asks somebody else, then gives up."""
    approval = await request_approval(
        f"Look at {folder}",
        to="Ann",
        notify=tell,
        deadline=timedelta(hours=5),
        remind_every=timedelta(hours=2),
        escalate_to="Bob",
    )
    try:
        answer = await approval
    except ApprovalTimeoutError:
        return "nobody"
    return "yes" if answer.approved else "no"


@workflow
async def ask_outside(url: str) -> object:
    """Awaits a webhook."""
    return await await_webhook(url, payload="ship it?", timeout=timedelta(hours=1))
