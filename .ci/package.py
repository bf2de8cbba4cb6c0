"""Build wheel and sdist, look at them, install the wheel into an empty environment and run the example from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email import message_from_string
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What the package needs besides its modules, and is easily forgotten.
FILES = (
    "output/py.typed",
    "output/api/console/app.js",
    "output/api/console/style.css",
    "output/cli/render/trace_page.html",
    "output/scaffold/templates/basic/pyproject.toml",
    "output/scaffold/templates/approval/workflows/approve_expense/workflow.py",
)


def main(constraints: Path) -> None:
    """Do all of it; a failed expectation ends the program with its sentence."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", cwd=ROOT)
    [wheel], [sdist] = dist.glob("*.whl"), dist.glob("*.tar.gz")
    check(wheel, sdist)
    with tempfile.TemporaryDirectory(prefix="package-") as folder:
        python = install(wheel, Path(folder) / "venv", constraints)
        example = Path(folder) / "quickstart"
        shutil.copytree(
            ROOT / "examples" / "quickstart", example, ignore=shutil.ignore_patterns(".output", "logs", "__pycache__")
        )
        run(str(python), "demo.py", cwd=example)
    print(f"{wheel.name} and {sdist.name} are good.")


def check(wheel: Path, sdist: Path) -> None:
    """What an index and its readers will see."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        info = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(archive.read(info).decode())
    version = subprocess.check_output(
        [sys.executable, "-c", "from output.version import VERSION; print(VERSION)"], text=True
    ).strip()
    expect(metadata["Name"] == "output-workflows", f"the wheel is called {metadata['Name']}")
    expect(metadata["Version"] == version, f"the wheel's version is {metadata['Version']}, not {version}")
    expect(metadata["Description-Content-Type"] == "text/markdown", "the description is no Markdown")
    expect(str(metadata.get_payload()).startswith("# Output"), "the description is not the README")
    expect(metadata["License-Expression"] == "Apache-2.0", "the license is not named")
    expect({"dev", "s3", "otel", "testing"} <= set(metadata.get_all("Provides-Extra") or ()), "an extra is missing")
    expect(not [name for name in names if name.startswith("tests/")], "the wheel holds tests")
    for file in FILES:
        expect(file in names, f"the wheel lacks {file}")
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    expect({"pyproject.toml", "README.md", "LICENSE", "src/output/version.py"} <= packed, "the sdist lacks its papers")


def install(wheel: Path, venv: Path, constraints: Path) -> Path:
    """A new environment with the wheel and nothing of this clone; its Python."""
    python = venv / "bin" / "python"
    wanted = f"output-workflows[dev] @ {wheel.as_uri()}"
    if shutil.which("uv"):
        run("uv", "venv", "--quiet", "--python", sys.executable, str(venv))
        run("uv", "pip", "install", "--quiet", "--python", str(python), "-c", str(constraints), wanted)
    else:
        run(sys.executable, "-m", "venv", str(venv))
        run(str(python), "-m", "pip", "install", "--quiet", "-c", str(constraints), wanted)
    return python


def run(*words: str, cwd: Path | None = None) -> None:
    """Run a program without this environment's variables; ends with it when it fails."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    ended = subprocess.run(words, cwd=cwd, env=kept, check=False)
    expect(ended.returncode == 0, f"{' '.join(words)} ended with {ended.returncode}")


def expect(holds: bool, otherwise: str) -> None:
    """End with a sentence unless it holds."""
    if not holds:
        sys.exit(f"package: {otherwise}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
