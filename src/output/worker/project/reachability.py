"""Which steps and child workflows a piece of authored code can call, read from its code objects."""

from __future__ import annotations

import dis
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import cast, get_args

from output.authoring.approval import request_approval
from output.authoring.handlers import Handler, Update
from output.authoring.step import Step
from output.authoring.webhook import await_webhook
from output.authoring.workflow import Workflow
from output.worker.project.layout import Project

# Code that names one of these may look a step up by a computed name: all that it could find there counts.
_LOOK_UPS = frozenset({"getattr", "globals", "vars", "eval", "exec", "__dict__", "import_module", "__import__"})
_WRAPPERS = (Handler, MethodType, staticmethod, classmethod, property, cached_property, partial)
_CONTAINERS = (dict, list, tuple, set, frozenset)
_LARGEST_CONTAINER = 10_000


@dataclass(frozen=True)
class Reach:
    """What authored code can call, in the order of being met; functions and classes are the author's own."""

    steps: tuple[Step[..., object], ...]
    workflows: tuple[Workflow[..., object], ...]
    functions: tuple[FunctionType, ...]
    classes: tuple[type, ...]
    awaits_feedback: bool


def reach_of(project: Project, *entries: object) -> Reach:
    """Follow functions, or whole classes, through the project's code; rather one step too many than one missing."""
    walk = _Walk(project)
    for entry in entries:
        walk.visit(entry)
    return Reach(
        tuple(walk.steps), tuple(walk.workflows), tuple(walk.functions), tuple(walk.classes), walk.awaits_feedback
    )


def factories_of(cls: type) -> dict[str, object]:
    """What fills in a model's or dataclass's fields, by field."""
    fields: dict[str, object] = getattr(cls, "__pydantic_fields__", None) or getattr(cls, "__dataclass_fields__", {})
    found = {name: cast("object", getattr(field, "default_factory", None)) for name, field in fields.items()}
    return {name: factory for name, factory in found.items() if callable(factory)}


def _annotations_of(cls: type) -> Iterator[object]:
    for field in cast("dict[str, object]", getattr(cls, "__pydantic_fields__", {})).values():
        yield getattr(field, "annotation", None)
    for field in cast("dict[str, object]", getattr(cls, "__dataclass_fields__", {})).values():
        yield getattr(field, "type", None)


def code_objects(code: CodeType) -> Iterator[CodeType]:
    """A code object and all that are nested in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


class _Walk:
    """One walk; everything that was met is kept, so that an `id` stays that object's."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.steps: list[Step[..., object]] = []
        self.workflows: list[Workflow[..., object]] = []
        self.functions: list[FunctionType] = []
        self.classes: list[type] = []
        self.awaits_feedback = False
        self._met: dict[int, object] = {}

    def visit(self, start: object) -> None:
        waiting = [start]
        while waiting:
            value = waiting.pop()
            if id(value) in self._met:
                continue
            self._met[id(value)] = value
            # The newest is taken first: what code names last would be met first without turning it round.
            waiting.extend(reversed(list(self._follow(value))))

    def _follow(self, value: object) -> Iterator[object]:
        # `type()` and not `isinstance`: a proxy that stands for another object may raise when asked for its class.
        kind = type(value)
        if issubclass(kind, Step):
            self.steps.append(cast("Step[..., object]", value))
        elif issubclass(kind, Workflow):
            self.workflows.append(cast("Workflow[..., object]", value))
        elif issubclass(kind, FunctionType):
            self.awaits_feedback = self.awaits_feedback or value in (await_webhook, request_approval)
            yield from self._follow_function(cast("FunctionType", value))
        elif issubclass(kind, type):
            yield from self._follow_class(cast("type", value))
        elif issubclass(kind, _WRAPPERS):
            yield from _wrapped_in(value)
        elif issubclass(kind, _CONTAINERS):
            yield from _items_of(value)
        elif self._is_authored(kind):
            yield kind
            yield from cast("dict[str, object]", getattr(value, "__dict__", {})).values()
        elif kind.__module__ in {"typing", "types"}:
            yield from get_args(value)

    def _follow_class(self, cls: type) -> Iterator[object]:
        for base in cls.__mro__:
            if self._is_authored(base):
                self.classes.append(base)
                yield from vars(base).values()
                yield from factories_of(base).values()
                yield from _annotations_of(base)

    def _follow_function(self, function: FunctionType) -> Iterator[object]:
        # A decorator's wrapper from a library holds the author's function in its closure.
        for cell in function.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # not filled yet
                continue
        yield from function.__defaults__ or ()
        yield from (function.__kwdefaults__ or {}).values()
        yield function.__dict__.get("__wrapped__")
        if self.project.owns(function.__code__.co_filename):
            self.functions.append(function)
            yield from self._named_in(function)

    def _named_in(self, function: FunctionType) -> Iterator[object]:
        scope = cast("dict[str, object]", function.__globals__)
        names: dict[str, None] = {}
        modules: list[ModuleType] = []
        for code in code_objects(function.__code__):
            names.update(dict.fromkeys(code.co_names))
            modules.extend(_imported_in(code, scope))
        found = [scope[name] for name in names if name in scope]
        modules.extend(value for value in found if type(value) is ModuleType)
        yield from found
        looks_up = not _LOOK_UPS.isdisjoint(names)
        if looks_up:
            self.awaits_feedback = True  # what is looked up by a name that is made at run time cannot be read here
            yield from _steps_in(scope)
        yield from self._attributes(modules, names, looks_up=looks_up)

    def _attributes(self, modules: list[ModuleType], names: Mapping[str, None], *, looks_up: bool) -> Iterator[object]:
        met: set[int] = set()
        while modules:
            module = modules.pop()
            if id(module) in met:
                continue
            met.add(id(module))
            members = cast("dict[str, object]", vars(module))
            found = [members[name] for name in names if name in members]
            modules.extend(value for value in found if type(value) is ModuleType)
            yield from found
            if looks_up and self.project.owns(module.__file__ or ""):
                yield from _steps_in(members)

    def _is_authored(self, cls: type) -> bool:
        module = sys.modules.get(cls.__module__)
        file = getattr(module, "__file__", None)
        return isinstance(file, str) and self.project.owns(file)


def _wrapped_in(value: object) -> Iterator[object]:
    """The functions in a handler, a bound method, a partial or a descriptor."""
    match value:
        case Handler():
            handler = cast("Handler[object, ..., object]", value)
            yield handler.function
            if isinstance(handler, Update):
                yield handler.validate
        case MethodType():
            yield from (value.__func__, value.__self__)
        case property():
            yield from (value.fget, value.fset)
        case cached_property():
            yield cast("cached_property[object]", value).func
        case partial():
            call = cast("partial[object]", value)
            yield from (call.func, *call.args, *call.keywords.values())
        case _:
            yield cast("staticmethod[..., object]", value).__func__


def _items_of(value: object) -> list[object]:
    items = cast("dict[object, object]", value).values() if isinstance(value, dict) else cast("list[object]", value)
    return list(items) if len(items) <= _LARGEST_CONTAINER else []


def _steps_in(scope: Mapping[str, object]) -> list[object]:
    return [value for value in scope.values() if issubclass(type(value), Step | Workflow)]


def _imported_in(code: CodeType, scope: Mapping[str, object]) -> Iterator[ModuleType]:
    """Modules that the code imports itself, as far as they are loaded."""
    package = scope.get("__package__")
    before: list[object] = [None, None]
    for instruction in dis.get_instructions(code):
        if instruction.opname == "IMPORT_NAME":
            level = before[-2] if isinstance(before[-2], int) else 0
            yield from _loaded("." * level + str(instruction.argval), package)
        before = [before[-1], cast("object", instruction.argval)]


def _loaded(name: str, package: object) -> Iterator[ModuleType]:
    try:
        absolute = importlib.util.resolve_name(name, package if isinstance(package, str) else None)
    except ImportError:
        return
    # `import a.b` binds `a`, and the code then names `b`; `from a import b` may mean the module `a.b`.
    parts = absolute.split(".")
    for end in (1, len(parts)):
        module = sys.modules.get(".".join(parts[:end]))
        if module is not None:
            yield module
