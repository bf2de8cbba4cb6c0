"""The figures that docs/development.md keeps: length and branches of functions, tests to source."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case)


def main() -> None:
    """Print them."""
    source, tests = list(files("src/output")), list(files("tests"))
    functions = [each for file in source for each in ast.walk(ast.parse(file.read_text())) if is_function(each)]
    lengths = sorted(length(each) for each in functions)
    branches = [complexity(each) for each in functions]
    folders: dict[Path, int] = {}
    for file in source:
        folders[file.parent] = folders.get(file.parent, 0) + 1
    largest = max(folders, key=lambda folder: folders[folder])
    print(f"source            {lines(source)} lines in {len(source)} files")
    print(f"tests             {lines(tests)} lines, {lines(tests) / lines(source):.2f} for each line of source")
    print(f"functions         {len(functions)}, median {statistics.median(lengths):g} lines")
    print(f"                  95 of 100 up to {lengths[len(lengths) * 95 // 100]}, longest {lengths[-1]}")
    print(f"branches          mean {statistics.mean(branches):.1f} (McCabe; ruff's C901 lets none over 10 pass)")
    print(f"largest folder    {largest.relative_to(ROOT)}: {folders[largest]} files")
    print(f"longest file      {max(len(file.read_text().splitlines()) for file in source)} lines")


def files(folder: str) -> Iterator[Path]:
    """Our own modules: templates and projects that tests run are left out."""
    for file in (ROOT / folder).rglob("*.py"):
        if "templates" not in file.parts and "projects" not in file.parts:
            yield file


def lines(found: list[Path]) -> int:
    """Lines that hold something."""
    return sum(1 for file in found for line in file.read_text().splitlines() if line.strip())


def is_function(node: ast.AST) -> bool:
    """Whether it is a function or a method."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def length(node: ast.AST) -> int:
    """Lines of a function, its first and last included."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return (node.end_lineno or node.lineno) - node.lineno + 1


def complexity(node: ast.AST) -> int:
    """McCabe's number, near enough: ruff's C90 is the judge."""
    return 1 + sum(isinstance(inner, BRANCHES) for inner in ast.walk(node))


if __name__ == "__main__":
    main()
