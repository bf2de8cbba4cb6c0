"""Steps may do everything."""

import random
import threading
import time
from pathlib import Path
from uuid import uuid4

from output import step


@step
async def measure(name: str) -> dict[str, float]:
    return {"time": time.time(), "random": random.random(), "id": float(uuid4().int % 7), "size": float(len(name))}


@step
def read_source(name: str) -> int:
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(len(Path(__file__).with_name(name).read_text())))
    thread.start()
    thread.join()
    return seen[0]
