"""Many people ask at once: ``python -m tools.load`` prints how many are answered, how soon, and how many refused.

A real server over made-up reports, people over HTTP who ask again as soon as they are answered, and beside them a
report that comes and goes and a build. Fails where an answer is another's, cites what is not there or takes too long.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.commands import Parser
from settings import ROOT
from tools.serving import Person, Served, Town, environment, serving

#: An answer takes no longer, in seconds: who would wait longer is refused.
LONGEST = 10.0
#: How often a report comes and goes beside the questions, in seconds.
_CHANGES = 1.0
_COLUMNS = "people answers/s core-ms p50-ms p95-ms p99-ms longest-ms refused changes errors wrong".split()
_HEAD = f"| {' | '.join(_COLUMNS)} |\n|{' ---: |' * len(_COLUMNS)}".replace("-ms", " ms")
#: Passages of a report that comes and goes.
_SMALL = 10


@dataclass(slots=True)
class Asked:
    """What became of the questions of a step."""

    people: int
    seconds: float = 0.0
    cpu: float = 0.0
    took: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: Requests that failed, and answers that were wrong.
    broken: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The time within which this share was answered, in milliseconds."""
        ordered = sorted(self.took) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def cost(self) -> float:
        """What an answer costs the server, in milliseconds of a core: the same on a machine that is busy otherwise."""
        return 1000 * self.cpu / max(1, len(self.took))

    def row(self) -> str:
        """The step as a row of the table."""
        times = " | ".join(f"{self.at(share):,.0f}" for share in (0.5, 0.95, 0.99, 1))
        counts = " | ".join(str(self.counts[name]) for name in ("refused", "changes", "errors"))
        rate = len(self.took) / self.seconds
        return f"| {self.people} | {rate:.1f} | {self.cost:,.0f} | {times} | {counts} | {len(self.faults)} |"


async def ask_on(person: Person, town: Town, chance: random.Random, until: float, hurry: bool, asked: Asked) -> None:
    """One person asks and asks; who is refused waits as long as the server says, or not at all in a hurry."""
    while time.monotonic() < until:
        fact, begun = town.ask(chance), time.monotonic()
        try:
            reply = await person.ask(fact.question)
        except (OSError, EOFError) as error:
            asked.counts["errors"] += 1
            asked.broken.append(f"no answer: {error!r}")
            await asyncio.sleep(0.1)
            continue
        again_in = reply.headers.get("retry-after")
        if reply.status == 503 and again_in:
            asked.counts["refused"] += 1
            if not hurry:
                await asyncio.sleep(max(0.0, min(float(again_in), until - time.monotonic())))
        elif reply.status != 200:
            asked.counts["errors"] += 1
            asked.broken.append(f"{reply.status} {reply.body[:300]!r}")
        else:
            asked.took.append(reply.seconds)
            if fault := town.fault(fact, reply.json(), begun):
                asked.faults.append(fault)
    person.leave()


async def change_on(person: Person, town: Town, until: float, asked: Asked) -> None:
    """A report comes and goes, again and again."""
    number = 50_000
    while time.monotonic() < until:
        number += 1
        name, text = town.new(number, _SMALL)
        town.gone.pop(name, None)
        brought = await person.upload(name, text)
        if brought.status == 200:
            gone = await person.send("DELETE", f"/api/reports/{brought.json()['report']}")
            if gone.status == 200:
                asked.counts["changes"] += 1
                town.gone[name] = time.monotonic()
        if brought.status not in (200, 503):
            asked.faults.append(f"upload: {brought.status} {brought.body[:300]!r}")
        await asyncio.sleep(_CHANGES)
    person.leave()


async def step(served: Served, town: Town, people: int, seconds: float, hurry: bool) -> Asked:
    """So many people for so many seconds, and a build beside them."""
    asked, begun, used = Asked(people), time.monotonic(), served.cpu
    number = 60_000 + people
    name, text = town.new(number)
    (town.reports / name).write_text(text, "utf-8")
    build = subprocess.Popen(
        [sys.executable, "-m", "index", "build", "--quiet"],
        cwd=ROOT,
        env=environment(town.reports.parent),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    askers = (
        ask_on(served.person(), town, random.Random(place), begun + seconds, hurry, asked) for place in range(people)
    )
    await asyncio.gather(change_on(served.person(), town, begun + seconds, asked), *askers)
    asked.seconds, asked.cpu = time.monotonic() - begun, served.cpu - used
    build.wait(120)
    return asked


async def first_of(served: Served, town: Town) -> None:
    """Asks a few, so that nothing is measured that happens once."""
    person = served.person()
    for place in range(5):
        await person.ask(town.ask(random.Random(place)).question)
    person.leave()


def wrong(asked: Asked) -> list[str]:
    """What must not be, a sentence each."""
    slow = [f"an answer took {max(asked.took):.1f} s"] if max(asked.took, default=0.0) > LONGEST else []
    return [*asked.faults, *asked.broken[:5], *slow]


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables; 0 where nothing was wrong."""
    parser = Parser(
        prog="python -m tools.load",
        description="Many people ask a real server at once: how many are answered, how soon?",
    )
    parser.add_argument("--passages", type=int, default=10_000, help="passages of the collection")
    parser.add_argument("--people", default="1,20,100,300", help="how many ask at once, with commas")
    parser.add_argument("--seconds", type=float, default=20, help="how long each step lasts")
    parser.add_argument("--reader", choices=["with", "without", "both"], default="both", help="what is measured")
    parser.add_argument("--hurry", action="store_true", help="who is refused asks again at once")
    options = parser.parse_args(arguments)
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), options.passages)
        for reader in ("without", "with"):
            if options.reader in (reader, "both"):
                chosen = {"reader": ""} if reader == "without" else {}
                print(f"\n{reader} the reader, {options.passages:,} passages\n", flush=True)
                print(_HEAD, flush=True)
                with serving(Path(folder), **chosen) as served:
                    asyncio.run(first_of(served, town))
                    for people in map(int, options.people.split(",")):
                        asked = asyncio.run(step(served, town, people, options.seconds, options.hurry))
                        print(asked.row(), flush=True)
                        found += wrong(asked)
                    found += served.failures()
    print("\n".join(["", *found]) if found else "\nNothing was wrong.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
