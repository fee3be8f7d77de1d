"""Twenty minutes of everything at once: ``python -m tools.soak`` passes where the server stays as it was.

Over HTTP people ask, reports are uploaded and deleted; files change in the folder and builds run beside. Memory, open
handles, the server's log and the store's log are looked at all the while, after some uploads, deletions and questions
that fill what fills at first. Each has to be flat after the first quarter: its median in the last quarter may be above
that in the second by no more than ``ALLOWED`` says. Every citation has to be exact, and none of a report that was
deleted before the question.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from statistics import median

from index.commands import Parser
from index.generation import STORE
from settings import ROOT
from tools.serving import Person, Served, Town, environment, serving

#: How many ask, and how many reports of those that come and go are there at a time.
_PEOPLE, _KEPT = 3, 8
#: Seconds between a person's questions, between changes, and between samples.
_THINKS, _CHANGES, _LOOKS = 0.2, 2.0, 5.0
#: Uploads and deletions before the first look, and questions of each of those who ask: what is freed is then kept for
#: the next, and what goes on to fill is the cache of sentences that were looked at, under 1 KiB each.
_FIRST_CHANGES, _FIRST_QUESTIONS = 12, 15


@dataclass(frozen=True, slots=True)
class Sample:
    """How the server is: resident memory and sizes in KiB."""

    memory: float
    handles: float
    log: float
    store_log: float


#: How much the median of the last quarter may be above that of the second: a share of it, and as much again. The
#: store's log goes up and down: it is emptied when nobody reads from the generation before as another one is opened.
ALLOWED = {"memory": (0.02, 8192.0), "handles": (0.0, 4.0), "log": (0.0, 4.0), "store_log": (0.0, 16384.0)}


def grown(samples: list[Sample]) -> list[str]:
    """What is not flat after the first quarter, a sentence each."""
    quarter = len(samples) // 4
    if not quarter:
        return ["There are too few samples to tell. Let it run for longer."]
    found = []
    for name, (share, more) in ALLOWED.items():
        second, last = (
            median(getattr(sample, name) for sample in some)
            for some in (samples[quarter : 2 * quarter], samples[-quarter:])
        )
        if last > second * (1 + share) + more:
            found.append(f"{name} grew from {second:,.0f} in the second quarter to {last:,.0f} in the last.")
    return found


@dataclass(slots=True)
class Soak:
    """What is done to one server for so many seconds, and what was seen."""

    served: Served
    town: Town
    seconds: float
    chance: random.Random
    until: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    #: Reports that were uploaded, path by id, and those that lie in the folder alone.
    uploaded: dict[str, str] = field(default_factory=dict)
    laid: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """What fills at first, then all of it at once."""
        await asyncio.gather(self.first_changes(), *(self.asks(_FIRST_QUESTIONS) for _ in range(_PEOPLE)))
        self.counts.clear()
        self.until = time.monotonic() + self.seconds
        await asyncio.gather(self.changes(), self.looks(), *(self.asks() for _ in range(_PEOPLE)))

    async def first_changes(self) -> None:
        """Reports come, and the first of them go."""
        person = self.served.person()
        for number in range(_FIRST_CHANGES):
            await self.upload(person, 9_000 + number)
        person.leave()

    async def asks(self, first: int = 0) -> None:
        """One person; the ``first`` questions, or until it is time."""
        person, asked = self.served.person(), 0
        while asked < first or time.monotonic() < self.until:
            asked += 1
            fact, begun = self.town.ask(self.chance), time.monotonic()
            reply = await person.ask(fact.question)
            # 404: a report that it cites went while it was written; 503: the line is full
            name = {200: "questions", 404: "overtaken", 503: "refused"}.get(reply.status)
            self.counts[name or "errors"] += 1
            if reply.status == 200:
                self.note(self.town.fault(fact, reply.json(), begun))
            elif not name:
                self.note(f"{reply.status} {reply.body[:300]!r}")
            await asyncio.sleep(_THINKS)
        person.leave()

    async def changes(self) -> None:
        """One change after the other, drawn at random."""
        person, number = self.served.person(), 10_000
        does: list[Callable[[Person, int], Awaitable[None]]] = [self.upload, self.delete, self.lay, self.rewrite]
        does += [self.take, self.build]
        while time.monotonic() < self.until:
            number += 1
            change = self.chance.choice(does)
            await change(person, number)
            self.counts[change.__name__] += 1
            await asyncio.sleep(_CHANGES)
        person.leave()

    async def upload(self, person: Person, number: int) -> None:
        """A report comes by HTTP; the oldest goes where there are enough."""
        if len(self.uploaded) >= _KEPT:
            await self.delete(person, number)
        name, text = self.town.new(number, 10)
        reply = await person.upload(name, text)
        if reply.status == 200:
            self.uploaded[reply.json()["report"]] = name
        elif reply.status != 503:
            self.note(f"upload: {reply.status} {reply.body[:300]!r}")

    async def delete(self, person: Person, number: int) -> None:
        """An uploaded report goes by HTTP."""
        if not self.uploaded:
            return
        report = self.chance.choice(list(self.uploaded))
        reply = await person.send("DELETE", f"/api/reports/{report}")
        name = self.uploaded.pop(report)
        if reply.status == 200:
            self.town.gone[name] = time.monotonic()
        elif reply.status != 503:
            self.note(f"delete: {reply.status} {reply.body[:300]!r}")

    async def lay(self, person: Person, number: int) -> None:
        """A report is put into the folder."""
        if len(self.laid) >= _KEPT:
            await self.take(person, number)
        self.laid.append(number)
        self.write(number)

    async def rewrite(self, person: Person, number: int) -> None:
        """A report in the folder says something else."""
        if self.laid:
            self.write(self.chance.choice(self.laid))

    async def take(self, person: Person, number: int) -> None:
        """A report is taken out of the folder."""
        if self.laid:
            (self.town.reports / self.town.new(self.laid.pop(0), 1)[0]).unlink()

    async def build(self, person: Person, number: int) -> None:
        """Another process builds."""
        folder = self.town.reports.parent
        command = (sys.executable, "-m", "index", "build", "--quiet")
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment(folder), stdout=quiet, stderr=quiet
        )
        await process.wait()

    def write(self, number: int) -> None:
        """All at once, as a careful program does."""
        name, text = self.town.new(number, 10)
        copy = self.town.reports / f".{name}"
        copy.write_text(text, "utf-8")
        copy.replace(self.town.reports / name)

    async def looks(self) -> None:
        """Samples how the server is."""
        while time.monotonic() < self.until:
            self.samples.append(look(self.served, self.town.reports.parent / "index"))
            await asyncio.sleep(_LOOKS)

    def note(self, fault: str) -> None:
        """Keeps a fault, if it is one."""
        if fault:
            self.faults.append(fault)


def look(served: Served, index: Path) -> Sample:
    """How the server is now, as the system tells it."""
    process = Path(f"/proc/{served.process.pid}")
    pages = int((process / "statm").read_text().split()[1])
    store_log = index / f"{STORE}-wal"
    return Sample(
        pages * 4,
        len(list((process / "fd").iterdir())),
        served.log.stat().st_size / 1024,
        store_log.stat().st_size / 1024 if store_log.exists() else 0,
    )


def main(arguments: list[str] | None = None) -> int:
    """Prints what was done and what was seen; 0 where it passes."""
    parser = Parser(
        prog="python -m tools.soak",
        description="Asks, uploads, deletes and rebuilds for a while: does the server stay as it was?",
    )
    parser.add_argument("--minutes", type=float, default=20, help="how long it runs")
    parser.add_argument("--passages", type=int, default=2_000, help="passages of the collection")
    parser.add_argument("--seed", type=int, default=0, help="what is drawn at random")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), options.passages)
        with serving(Path(folder), log="warning") as served:
            soak = Soak(served, town, options.minutes * 60, random.Random(options.seed))
            asyncio.run(soak.run())
            failures = served.failures()
    print(f"{options.minutes:g} minutes: " + ", ".join(f"{count} {name}" for name, count in soak.counts.items()))
    print(f"\n| minute | {' | '.join(one.name for one in fields(Sample))} |\n|{' ---: |' * 5}")
    step = max(1, len(soak.samples) // 20)
    for place, sample in list(enumerate(soak.samples))[::step]:
        print(f"| {place * _LOOKS / 60:.1f} | {' | '.join(f'{value:,.0f}' for value in astuple(sample))} |")
    found = [*soak.faults[:20], *failures, *grown(soak.samples)]
    print("\n".join(["", *found]) if found else "\nIt stayed flat, and every citation was exact.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
