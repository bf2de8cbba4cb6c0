"""`output worker`, `api`, `check` and `dev`: the command line gives way to what it starts."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import psutil

from tests.support.command import OUTPUT, run_command
from tests.support.dev_terminal import Announced
from tests.support.made_project import Made
from tests.support.processes import clean_environment, start_ready

README = Path(__file__).parents[2] / "README.md"


def test_worker_and_api_take_the_process_s_place_and_end_cleanly(
    made: Made, engine_address: str, tmp_path: Path
) -> None:
    environment = clean_environment(TEMPORAL_ADDRESS=engine_address, OUTPUT_CATALOG_ID="placed")
    worker = start_ready([OUTPUT, "worker", str(made.folder)], log=tmp_path / "worker.log", environment=environment)
    api = start_ready([OUTPUT, "api", "--port", "0"], log=tmp_path / "api.log", environment=environment)
    names = [psutil.Process(ready.process.pid).cmdline() for ready in (worker, api)]
    catalog = httpx.get(f"http://127.0.0.1:{api.facts['port']}/workflow/catalog", timeout=30).json()

    assert "output.worker" in names[0]
    assert "output.api" in names[1]
    assert "price_order" in {entry["name"] for entry in catalog["workflows"]}
    assert (api.process.stop(), worker.process.stop()) == (0, 0)


def test_check_says_what_is_wrong_with_file_and_line(made: Made, tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "broken.py").write_text(
        "from output import workflow\n\n\n@workflow\ndef f() -> None: ...\n"
    )

    fine = run_command("check", str(made.folder), folder=tmp_path)
    broken = run_command("check", folder=tmp_path)
    as_json = run_command("check", "--format", "json", folder=tmp_path)
    nothing = run_command("check", str(tmp_path / "workflows" / "none"), folder=tmp_path)

    assert (fine.code, broken.code, as_json.code, nothing.code) == (0, 1, 1, 1)
    assert "workflows/broken.py" in broken.out
    assert as_json.out.startswith("{")
    assert nothing.err.startswith("There is no folder")


def test_what_the_readme_shows_leads_from_init_to_a_debugged_run(tmp_path: Path) -> None:
    section = README.read_text().split("## From the terminal")[1].split("\n## ")[0]
    first, second = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert first == "output init shop && cd shop\noutput dev\n"
    shop = tmp_path / "shop"
    run_command("init", "shop", folder=tmp_path)
    free = ("--port", "0", "--engine-port", "0", "--ui-port", "0")
    dev = Announced([OUTPUT, "dev", *free], folder=shop, PATH=str(Path(OUTPUT).parent))
    try:
        url = dev.wait_ready()
        ended = [
            run_command(*line.split()[1:], folder=shop, OUTPUT_API_URL=url) for line in second.strip().splitlines()
        ]
        before = len(dev.screen)
        dev.press_ctrl_c()
        code = dev.wait()
    finally:
        dev.close()

    assert [each.code for each in ended] == [0, 0, 1, 0]
    assert "price_order" in ended[0].out
    assert '"total": "13.55"' in ended[1].out
    assert "There is no price for 'moon dust'" in ended[3].out
    assert code == 0
    assert "Traceback" not in dev.screen[before:]
