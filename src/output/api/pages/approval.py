"""The page of a question: its form, and what there is to say when it is answered, expired, withdrawn or none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from starlette.responses import Response

from output.api.pages.layout import page_response
from output.json_schema.form import ROOT, FieldKind, FormField, form_of
from output.models.references import Issue
from output.models.waits import WaitRecord, WaitState

WHO = "_who"  # the field of the person's name
_TYPES: Mapping[FieldKind, str] = {
    "text": 'type="text"',
    "email": 'type="email" autocomplete="email"',
    "password": 'type="password" autocomplete="off"',
    "date": 'type="date"',
    "datetime": 'type="datetime-local"',
    "integer": 'type="number" step="1" inputmode="numeric"',
    "number": 'type="number" step="any" inputmode="decimal"',
}
_AREAS: Mapping[FieldKind, str] = {"long_text": "", "lines": "One on each line.", "json": "As JSON."}
_CLOSED: Mapping[WaitState, tuple[str, str]] = {
    "answered": ("This question has been answered.", "A link answers once; nothing more is to be done here."),
    "expired": ("The time to answer is over.", "Ask whoever sent the link for a new one."),
    "withdrawn": ("This question was withdrawn.", "Nobody waits for its answer any more."),
}


def question_page(
    record: WaitRecord, *, given: Mapping[str, str] | None = None, issues: Sequence[Issue] = (), status: int = 200
) -> Response:
    """The question and its form; with `issues` what was given, and what does not fit, at its field."""
    question = record.question or "Your answer is asked for."
    form = form_of(record.answer_schema)
    at_fields = {issue.path.removeprefix(f"{ROOT}."): issue.message for issue in issues}
    known = {field.name for field in _leaves(form)}
    general = [message for path, message in at_fields.items() if _place(path, known) is None]
    parts = [f"<h1>{escape(question)}</h1>"]
    if record.deadline is not None:
        parts.append(f'<p class="quiet">To be answered by {_time(record.deadline)}.</p>')
    if issues:
        parts.append('<p class="bad" role="alert">Not sent yet: please look at what is marked.</p>')
    parts += [f'<p class="bad">{escape(message)}</p>' for message in general]
    parts.append('<form method="post">')
    parts.append(_field(form, given or {}, {_place(path, known): text for path, text in at_fields.items()}))
    who = escape((given or {}).get(WHO, ""), quote=True)
    parts.append(
        f'<div class="field"><label for="{WHO}">Your name</label> <span class="quiet">(if you like)</span>'
        f'<input id="{WHO}" name="{WHO}" type="text" maxlength="100" autocomplete="name" value="{who}"></div>'
    )
    parts.append('<button type="submit">Send the answer</button></form>')
    parts.append('<p class="quiet">It can be sent once. Whoever has this address can answer: do not pass it on.</p>')
    return page_response(question.partition("\n")[0][:100], "\n".join(parts), status=status)


def sent_page(record: WaitRecord, *, is_taken: bool) -> Response:
    """The answer has arrived."""
    more = "" if is_taken else "<p>The workflow rests at the moment; it gets the answer as soon as it goes on.</p>"
    question = escape(record.question or "")
    body = f'<h1>Thank you, your answer is sent.</h1>{more}<p class="quiet box">{question}</p>'
    return page_response("Sent", body)


def closed_page(record: WaitRecord, state: WaitState) -> Response:
    """A link that answers nothing any more; who answered is not told to who merely has the link."""
    title, text = _CLOSED[state]
    when = f" That was {_time(record.answered.at)}." if record.answered is not None else ""
    question = f'<p class="quiet box">{escape(record.question)}</p>' if record.question else ""
    return page_response(title, f"<h1>{title}</h1><p>{text}{when}</p>{question}", status=410)


def unknown_page() -> Response:
    """A link that was never made, or not whole."""
    title = "This link is not known."
    text = "It may have been cut on its way: open it from the message again, whole."
    return page_response(title, f"<h1>{title}</h1><p>{text}</p>", status=404)


def busy_page(seconds: int) -> Response:
    """Too many wrong links from one address."""
    title = "Too many attempts."
    response = page_response(title, f"<h1>{title}</h1><p>Try again in {seconds} seconds.</p>", status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _field(field: FormField, given: Mapping[str, str], issues: Mapping[str | None, str]) -> str:
    if field.kind == "group":
        inner = "\n".join(_field(each, given, issues) for each in field.fields)
        if field.name == ROOT:
            return inner
        return f"<fieldset><legend>{escape(field.label)}</legend>{_help(field)}{inner}</fieldset>"
    name, issue = escape(field.name, quote=True), issues.get(field.name)
    optional = "" if field.is_required else ' <span class="quiet">(optional)</span>'
    told = f'<p class="bad" id="{name}-issue">{escape(issue)}</p>' if issue else ""
    described = f' aria-invalid="true" aria-describedby="{name}-issue"' if issue else ""
    if field.kind in {"yes_no", "choice"}:
        return (
            f'<fieldset class="choices"><legend>{escape(field.label)}{optional}</legend>{_help(field)}{told}'
            f"{_choices(field, given)}</fieldset>"
        )
    label = f'<label for="{name}">{escape(field.label)}</label>{optional}'
    return f'<div class="field">{label}{_help(field)}{told}{_input(field, given, described)}</div>'


def _input(field: FormField, given: Mapping[str, str], described: str) -> str:
    name = escape(field.name, quote=True)
    needed = " required" if field.is_required and field.kind not in _AREAS else ""
    value = given.get(field.name, _default(field))
    if field.kind in _AREAS:
        return f'<textarea id="{name}" name="{name}" rows="3"{described}>\n{escape(value)}</textarea>'
    typed = _TYPES[field.kind]
    return f'<input id="{name}" name="{name}" {typed} value="{escape(value, quote=True)}"{needed}{described}>'


def _choices(field: FormField, given: Mapping[str, str]) -> str:
    options = [("true", "Yes"), ("false", "No")] if field.kind == "yes_no" else _labelled(field.options)
    chosen = given.get(field.name, _default(field))
    name, needed = escape(field.name, quote=True), " required" if field.is_required else ""
    return "".join(
        f'<label><input type="radio" name="{name}" value="{escape(value, quote=True)}"'
        f"{' checked' if value == chosen else ''}{needed}> {escape(label)}</label>"
        for value, label in options
    )


def _labelled(options: Sequence[str]) -> list[tuple[str, str]]:
    return [(option, str(json.loads(option)) if option.startswith('"') else option) for option in options]


def _default(field: FormField) -> str:
    if field.default is None or field.kind == "password":
        return ""
    if field.kind == "lines" and isinstance(field.default, list):
        return "\n".join(map(str, field.default))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    is_text = isinstance(field.default, str) and field.kind not in {"choice", "json"}
    return str(field.default) if is_text else json.dumps(field.default, ensure_ascii=False)


def _help(field: FormField) -> str:
    text = " ".join(filter(None, [field.help, _AREAS.get(field.kind, "")]))
    return f'<p class="quiet">{escape(text)}</p>' if text else ""


def _leaves(field: FormField) -> list[FormField]:
    return [leaf for inner in field.fields for leaf in _leaves(inner)] if field.kind == "group" else [field]


def _place(path: str, known: set[str]) -> str | None:
    """The field that an issue is about: its own, or the one around it."""
    while path not in known and "." in path:
        path = path.rpartition(".")[0]
    return path if path in known else None


def _time(moment: datetime) -> str:
    text = moment.astimezone(UTC).strftime("%A, %d %B %Y, %H:%M UTC")
    return f'<time datetime="{moment.astimezone(UTC).isoformat(timespec="seconds")}">{text}</time>'
