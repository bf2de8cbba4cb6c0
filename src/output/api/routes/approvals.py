"""Questions that a link answers: the page, and what is sent from it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Request
from pydantic import JsonValue
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.pages import approval as pages
from output.api.routing.audit import address_of
from output.api.routing.request_body import parse
from output.api.state import AppState, StateDep
from output.errors import (
    ApprovalClosedError,
    ApprovalNotFoundError,
    EngineBusyError,
    EngineNotAvailableError,
    OutputError,
    PayloadTooLargeError,
    TooManyAttemptsError,
    ValidationError,
)
from output.json_schema.form import form_of, read_form
from output.models.waits import Question as QuestionView
from output.operations import approving
from output.operations.approving import Question

router = APIRouter(prefix="/approve", tags=["approvals"])
TokenPath = Annotated[str, Path(description="the link's token")]
_LARGEST_FORM = 256 * 1024
_LONGEST_NAME = 100
_HTML = {"text/html": {"schema": {"type": "string"}}}
_PAGE: dict[int | str, dict[str, Any]] = {200: {"description": "The page, or its facts as JSON", "content": _HTML}}


def _pages(*errors: type[OutputError]) -> dict[int | str, dict[str, Any]]:
    """Faults that are pages for people, and the usual JSON for programs."""
    return {status: {**response, "content": _HTML} for status, response in may_raise(*errors).items()}


_ERRORS = {
    **_pages(ValidationError, ApprovalNotFoundError, ApprovalClosedError, TooManyAttemptsError, EngineBusyError),
    **may_raise(EngineNotAvailableError),
}
_BODY = {
    "requestBody": {
        "description": "the page's form, or the answer itself",
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}, "application/json": {}},
    }
}


@router.get("/{token:segment}", response_model=QuestionView, responses={**_ERRORS, **_PAGE})
async def show_question(request: Request, state: StateDep, token: TokenPath) -> Response:
    """The question and its form; who asks for JSON gets the question, its schema and where it stands."""
    wants_json = _wants_json(request)
    try:
        question = await _find(request, state, token)
    except (ApprovalNotFoundError, TooManyAttemptsError) as error:
        if wants_json:
            raise
        return _failed_page(error)
    if wants_json:
        return model_response(_view(question))
    if question.state != "open":
        return pages.closed_page(question.record, question.state)
    return pages.question_page(question.record)


@router.post(
    "/{token:segment}",
    response_model=QuestionView,
    responses={**_ERRORS, **_PAGE, **may_raise(PayloadTooLargeError)},
    openapi_extra=_BODY,
)
async def answer_question(request: Request, state: StateDep, token: TokenPath) -> Response:
    """Answer the question, once: with the page's form, or with the answer itself as JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return await _answer_with_json(request, state, token)
    return await _answer_with_form(request, state, token)


async def _answer_with_json(request: Request, state: AppState, token: str) -> Response:
    question = await _find(request, state, token)
    if question.state != "open":
        raise ApprovalClosedError(question.state, run=question.run)
    value: JsonValue = parse(await _read(request))  # pyright: ignore[reportAssignmentType] — what JSON is
    answered = await approving.answer(state.services, question, value, by=None, address=address_of(request))
    if answered.state in {"expired", "withdrawn"}:
        raise ApprovalClosedError(answered.state, run=answered.run)
    return model_response(_view(answered))


async def _answer_with_form(request: Request, state: AppState, token: str) -> Response:
    try:
        question = await _find(request, state, token)
    except (ApprovalNotFoundError, TooManyAttemptsError) as error:
        return _failed_page(error)
    if question.state != "open":
        return pages.closed_page(question.record, question.state)
    text = (await _read(request)).decode("utf-8", "replace")
    given: Mapping[str, str] = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=1_000))
    value = read_form(form_of(question.record.answer_schema), given)
    by = given.get(pages.WHO, "").strip()[:_LONGEST_NAME] or None
    try:
        answered = await approving.answer(state.services, question, value, by=by, address=address_of(request))
    except ValidationError as error:
        return pages.question_page(question.record, given=given, issues=error.issues, status=400)
    if answered.state in {"expired", "withdrawn"}:
        return pages.closed_page(answered.record, answered.state)
    return pages.sent_page(answered.record, is_taken=answered.state == "answered")


async def _find(request: Request, state: AppState, token: str) -> Question:
    """The question of a link; guesses are slowed down, address by address."""
    address = address_of(request) or ""
    turn = state.approval_guesses.begin(address)
    if not turn.admitted:
        raise TooManyAttemptsError(retry_after=turn.wait)
    if turn.wait:
        await asyncio.sleep(turn.wait.total_seconds())
    question = await approving.find_question(state.services, token)
    state.approval_guesses.forgive(address)
    return question


async def _read(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _LARGEST_FORM:
            message = f"The answer is over the limit; at most {_LARGEST_FORM} bytes are taken."
            raise PayloadTooLargeError(message, limit=_LARGEST_FORM)
        chunks.append(chunk)
    return b"".join(chunks)


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _failed_page(error: ApprovalNotFoundError | TooManyAttemptsError) -> Response:
    if isinstance(error, TooManyAttemptsError):
        wait = error.retry_after
        return pages.busy_page(1 if wait is None else max(1, math.ceil(wait.total_seconds())))
    return pages.unknown_page()


def _view(question: Question) -> QuestionView:
    record = question.record
    return QuestionView(
        state=question.state,
        question=record.question,
        since=record.since,
        deadline=record.deadline,
        answer_schema=record.answer_schema,
        to=record.to,
    )
