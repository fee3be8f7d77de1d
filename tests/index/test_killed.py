"""A build that is killed with -9 at any moment leaves a whole generation, and the next one goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from index.generation import build, verify
from index.search import Search
from settings import ROOT, Settings


def _write(folder: Path, round_: int) -> None:
    """Twenty reports that all say which round they are of."""
    for number in range(20):
        text = "\n\n".join(f"The bridge {number} carries {round_} trains and {i} ferries." for i in range(20))
        (folder / f"{number}.md").write_text(f"# Bridge {number}\n\n{text}\n", "utf-8")


def _rounds(search: Search) -> set[str]:
    return {report.text.split(" trains")[0].rsplit(" ", 1)[1] for report in search.reports()}


def test_killed_at_random_moments(settings: Settings) -> None:
    for path in settings.reports.iterdir():
        path.unlink()
    settings = replace(settings, passage_size=100)
    environment = {**os.environ, "WENBAO_PASSAGE_SIZE": "100"}
    command = [sys.executable, "-m", "index", "build"]
    command += ["--reports", str(settings.reports), "--index", str(settings.index)]
    _write(settings.reports, 0)
    begun = time.monotonic()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    whole = time.monotonic() - begun
    chance = random.Random(0)
    last = "0"
    for round_ in range(1, 13):
        _write(settings.reports, round_)
        building = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(whole * chance.uniform(0.3, 1.0))
        building.send_signal(signal.SIGKILL)
        building.communicate()
        search = Search.open(settings)
        assert _rounds(search) in ({last}, {str(round_)})
        (last,) = _rounds(search)
        hits = search.search(f"How many trains does bridge 7 carry? {last} trains")
        assert f"carries {last} trains" in search.text(hits[0].passage)
    built = build(settings)
    assert verify(settings) == []
    assert _rounds(Search.open(settings)) == {"12"}
    assert len(Search.open(settings).search("bridge trains ferries", 1000)) == built.passages == 200
