"""What a run waits for from people, as its memo tells whoever asks, and the questions among it that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from output.errors import ValidationError
from output.models.waits import Audit, Refusal, WaitRecord, WaitState

_MOST_CLOSED = 20  # questions that a run remembers the end of
Show = Callable[[Mapping[str, JsonValue]], None]
Parse = Callable[[JsonValue], object]


@dataclass(slots=True)
class Question:
    """A question and what came of it; `answer` counts once the state is `answered`."""

    record: WaitRecord
    parse: Parse
    answer: object = None

    @property
    def state(self) -> WaitState:
        return self.record.state


class Waits:
    """The waits of one run; every change is shown."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._records: dict[str, WaitRecord] = {}
        self._questions: dict[str, Question] = {}

    def begin(self, token: str, record: WaitRecord) -> None:
        """The run waits for feedback with this token."""
        self._records[token] = record
        self._publish()

    def end(self, token: str) -> None:
        """It waits no longer, and nobody needs to know how that ended."""
        if self._records.pop(token, None) is not None:
            self._publish()

    def ask(self, digest: str, record: WaitRecord, parse: Parse) -> Question:
        """The run has a question, known by the hash of its link's secret."""
        question = self._questions[digest] = Question(record, parse)
        self._records[digest] = record
        self._publish()
        return question

    def change(self, digest: str, *, to: str | None, deadline: datetime | None) -> None:
        """The question goes to somebody else, with more time."""
        self._update(digest, {"to": to, "deadline": deadline})

    def close(self, digest: str, state: WaitState) -> None:
        """Nobody has answered, and nobody shall any more."""
        self._update(digest, {"state": state, "answer_schema": None})

    def answer(self, digest: str, payload: JsonValue, audit: Audit) -> bool:
        """Take an answer, the first that fits; False where there is no such question, or it is closed."""
        question = self._questions.get(digest)
        if question is None or question.state != "open":
            return False
        try:
            question.answer = question.parse(payload)
        except ValidationError as error:
            self._update(digest, {"refused": Refusal(id=audit.id, message=error.message)})
            return True
        self._update(digest, {"state": "answered", "answered": audit, "answer_schema": None, "refused": None})
        return True

    def _update(self, digest: str, changes: Mapping[str, object]) -> None:
        question = self._questions[digest]
        question.record = self._records[digest] = question.record.model_copy(update=changes)
        closed = [known for known, record in self._records.items() if record.state != "open"]
        for known in closed[:-_MOST_CLOSED]:
            del self._records[known], self._questions[known]
        self._publish()

    def _publish(self) -> None:
        self._show(
            {
                token: record.model_dump(mode="json", by_alias=True, exclude_none=True)
                for token, record in self._records.items()
            }
        )
