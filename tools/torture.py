"""What may befall an index, done to it: ``python -m tools.torture`` kills builds, fills disks and spoils files.

Adding, updating, deleting, compacting and uploading are killed at their traced system calls; the disk is full; files of
every kind are flipped, cut, emptied and deleted; two build at once; the clock is set back. After each the index holds
what it held before or what it should hold now, ``verify`` says the truth, and the next build mends it and reads nothing
again that was finished.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from index.commands import Parser
from index.generation import STORE, NoIndex, build, verify
from index.search import Search
from settings import ROOT, Settings
from tools.serving import environment
from web.api import EVERYTHING
from web.changes import Changes

#: The system calls that change what is on disk.
CALLS = tuple("fdatasync fsync ftruncate linkat link mkdir pwrite64 rename renameat unlink unlinkat write".split())
_REPORTS, _PARTS = 8, 12
_MODIFIED = 1_700_000_000
_FALSE = "a false text is shown"
#: A program whose clock is a day behind.
_EARLIER = """
import runpy, sys, time
now = time.time
time.time = lambda: now() - 86_400
sys.argv[:] = ["index", "build", "--quiet"]
runpy.run_module("index", run_name="__main__")
"""


def text_of(number: int, version: int) -> str:
    """A report whose every sentence says which version it is of."""
    said = (f"Quay {number} holds {version * 1000 + number} cranes at berth {part}." for part in range(_PARTS))
    return f"# Quay {number}\n\n" + "\n\n".join(said) + "\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of reports and their index, and what they say."""

    folder: Path

    @property
    def settings(self) -> Settings:
        """What both are."""
        return replace(Settings(), reports=self.folder / "reports", index=self.folder / "index", passage_size=100)

    def write(self, number: int, version: int) -> None:
        """Writes a report, or writes it anew."""
        self.settings.reports.mkdir(parents=True, exist_ok=True)
        (self.settings.reports / f"{number}.md").write_text(text_of(number, version), "utf-8")

    def there(self) -> dict[str, str]:
        """What the reports of the folder say, by path."""
        return {path.name: path.read_text("utf-8").strip() for path in self.settings.reports.glob("[0-9]*.md")}

    def held(self) -> dict[str, str]:
        """What the index says that they say."""
        return {report.path: report.text.strip() for report in Search.open(self.settings).reports()}

    def finished(self) -> set[str]:
        """The reports that a killed build had stored, which nobody sees yet."""
        with closing(sqlite3.connect(self.settings.index / STORE)) as store:
            current = store.execute("select value from meta where key = 'generation'").fetchone()
            newer = "select path from reports where died is null and born > ?"
            return {path for (path,) in store.execute(newer, (int(current[0]) if current else 0,))}

    def lacks(self) -> list[str]:
        """What search does not find of what the index should hold, a sentence each."""
        search, found = Search.open(self.settings), []
        for path, text in self.there().items():
            wanted = text.splitlines()[2 + 2 * (len(text) % _PARTS)]
            hits = search.search(wanted, 3)
            if not any(wanted in search.text(hit.passage) for hit in hits):
                found.append(f"search does not find {wanted!r} of {path}")
        return found

    @contextmanager
    def copy(self) -> Iterator[Place]:
        """The same again, to be spoilt."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.folder, folder, dirs_exist_ok=True)
            yield Place(Path(folder))

    def command(self, *words: str) -> subprocess.Popen[str]:
        """A program that works on it."""
        environ = environment(self.folder, passage_size=100)
        pipe = subprocess.PIPE
        return subprocess.Popen(words, cwd=ROOT, env=environ, stdout=pipe, stderr=pipe, text=True)


def base(folder: Path) -> Place:
    """Reports and their index, in two segments."""
    place = Place(folder)
    for number in range(_REPORTS):
        place.write(number, 1)
    build(place.settings)
    place.write(_REPORTS, 1)
    build(place.settings)
    return place


@dataclass(slots=True)
class Tally:
    """How often something was tried, how often it struck, and what was wrong then."""

    what: str
    tries: int = 0
    struck: int = 0
    faults: list[str] = field(default_factory=list)

    def row(self) -> str:
        """As a row of the table."""
        return f"| {self.what} | {self.tries} | {self.struck} | {len(self.faults)} |"


def mended(place: Place) -> list[str]:
    """What is wrong after the next build."""
    finished, wanted = place.finished(), place.there()
    built = build(place.settings)
    twice = finished & {taken.path for taken in built.taken}
    found = [f"{path} was read twice" for path in sorted(twice)]
    found += [f"after a build: {fault}" for fault in verify(place.settings)]
    return found + ([] if place.held() == wanted else ["a build did not mend it"]) + place.lacks()


# --- killed -----------------------------------------------------------------------------------------------------------


def add(place: Place) -> None:
    """Three more."""
    for number in range(20, 23):
        place.write(number, 1)


def update(place: Place) -> None:
    """Three say something else."""
    for number in range(3):
        place.write(number, 2)


def delete(place: Place) -> None:
    """Two go."""
    for number in range(2):
        (place.settings.reports / f"{number}.md").unlink()


def compact(place: Place) -> None:
    """Most of a segment dies, so that it is written anew without the dead."""
    for number in range(_REPORTS - 2):
        place.write(number, 3)


def upload(place: Place) -> None:
    """One waits outside the folder."""
    (place.folder / "30.md").write_text(text_of(30, 1), "utf-8")


BUILD = ("-m", "index", "build", "--quiet")
#: What is done to a folder, and the program that is then killed.
ACTIONS: dict[str, tuple[Callable[[Place], None], tuple[str, ...]]] = {
    "add": (add, BUILD),
    "update": (update, BUILD),
    "delete": (delete, BUILD),
    "compact": (compact, BUILD),
    "upload": (upload, ("-m", "tools.torture", "--bring", "30.md")),
}


def bring(name: str) -> None:
    """Takes a file in as the page does, into the folder of the environment's settings."""
    settings = Settings.read(os.environ)
    library = Search.open(settings)
    changes = Changes(settings, library, partial(build, settings))
    with (settings.reports.parent / name).open("rb") as file:
        changes.add(name, file).result()
    assert library.search("quay", 1, EVERYTHING)


def points(place: Place, action: str) -> list[tuple[str, int]]:
    """The system calls at which an action can be killed: fsync and its number among those of one thread."""
    change, words = ACTIONS[action]
    with place.copy() as here:
        change(here)
        log = here.folder / "calls"
        here.command(
            "strace", "-f", "-o", str(log), "-e", f"trace={','.join(CALLS)}", sys.executable, *words
        ).communicate()
        counts: dict[tuple[str, str], int] = {}
        for thread, call in re.findall(r"^(\d+) +(\w+)\(", log.read_text("utf-8", "replace"), re.MULTILINE):
            counts[thread, call] = counts.get((thread, call), 0) + 1
    most: dict[str, int] = {}
    for (_, call), count in counts.items():
        most[call] = max(most.get(call, 0), count)
    return [(call, number) for call, count in sorted(most.items()) for number in range(1, count + 1)]


def killed(place: Place, action: str, call: str, number: int, tally: Tally) -> None:
    """Kills an action at a system call, and looks at what is left."""
    change, words = ACTIONS[action]
    with place.copy() as here:
        before = here.there()
        change(here)
        inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}")
        program = here.command("strace", "-f", "-o", os.devnull, *inject, sys.executable, *words)
        program.communicate()
        tally.tries += 1
        found = []
        if program.returncode != 0:
            tally.struck += 1
            found = [f"after a kill: {fault}" for fault in verify(here.settings)]
            if here.held() not in (before, here.there()):
                found.append("the index is neither as it was nor as it should be")
        found += mended(here)
        if action == "upload" and not (here.settings.reports / "30.md").exists():
            here.command(sys.executable, *words).communicate()
            found += mended(here)
            if text_of(30, 1).strip() != here.held().get("30.md"):
                found.append("it could not be uploaded again")
        tally.faults += [f"{action} killed at {call} {number}: {fault}" for fault in found]


# --- spoilt -----------------------------------------------------------------------------------------------------------


def flip(path: Path, chance: random.Random) -> None:
    """One bit is another."""
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    """Its end is lost."""
    os.truncate(path, chance.randrange(path.stat().st_size + 1))


def empty(path: Path, chance: random.Random) -> None:
    """All of it is lost."""
    os.truncate(path, 0)


def lose(path: Path, chance: random.Random) -> None:
    """The file itself is lost."""
    path.unlink()


SPOILS: tuple[Callable[[Path, random.Random], None], ...] = (flip, flip, flip, cut, empty, lose)


def files(place: Place) -> list[str]:
    """Every file of the index, by its path below it."""
    index = place.settings.index
    return sorted(str(path.relative_to(index)) for path in index.rglob("*") if path.is_file())


def shown(place: Place, wanted: dict[str, str]) -> list[str]:
    """What is wrong with what the index shows, where it should show ``wanted``, or what looking at it ends with."""
    try:
        held = place.held()
        false = [_FALSE] if not held.items() <= wanted.items() else []
        return [*false, *([] if wanted.keys() <= held.keys() else ["a report is lost"]), *place.lacks()]
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def spoilt(place: Place, name: str, spoil: Callable[[Path, random.Random], None], seed: int, tally: Tally) -> None:
    """Spoils a file, and looks at what is said of it, what is shown, and what the next build makes of it."""
    with place.copy() as here:
        wanted = here.there()
        spoil(here.settings.index / name, random.Random(seed))
        tally.tries += 1
        try:
            told = verify(here.settings)
        except NoIndex as error:
            told = [str(error)]
        tally.struck += bool(told)
        lacks = shown(here, wanted)
        found = [_FALSE] if _FALSE in lacks else []
        if lacks and not told:
            found.append(f"verify says that nothing is wrong, and yet: {lacks[0]}")
        try:
            build(here.settings)
            found += [f"after a build: {fault}" for fault in [*verify(here.settings), *shown(here, wanted)]]
        except Exception as error:
            found.append(f"a build ends with {type(error).__name__}: {error}")
        tally.faults += [f"{spoil.__name__} {name} ({seed}): {fault}" for fault in found]


# --- full, at once, earlier -------------------------------------------------------------------------------------------


@contextmanager
def full_disk(place: Place, free: int) -> Iterator[Callable[[], None] | None]:
    """The index on a disk of its own with so many KiB left; None where that takes rights that are lacking."""
    index = place.settings.index
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) // 1024
    aside = place.folder / "aside"
    options = f"size={size + 1024 * 16}k"
    index.rename(aside)
    index.mkdir()
    is_mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", index], capture_output=True
    ).returncode
    try:
        shutil.copytree(aside, index, dirs_exist_ok=True)
        ballast = index / "ballast"
        if is_mounted:
            room = os.statvfs(index)
            ballast.write_bytes(b"\0" * max(0, room.f_bavail * room.f_frsize - free * 1024))
        yield (lambda: ballast.unlink()) if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", index], check=True)


def filled(place: Place, free: int, tally: Tally) -> None:
    """Builds with so many KiB left, then with room."""
    with place.copy() as here:
        before = here.there()
        compact(here)
        with full_disk(here, free) as make_room:
            limit = None if make_room else partial(resource.setrlimit, resource.RLIMIT_FSIZE, (free << 10, free << 10))
            done = subprocess.run(
                [sys.executable, *BUILD],
                cwd=ROOT,
                env=environment(here.folder, passage_size=100),
                capture_output=True,
                text=True,
                preexec_fn=limit,
            )
            tally.tries += 1
            tally.struck += done.returncode != 0
            found = [] if done.returncode in (0, 1) and "Traceback" not in done.stderr else [done.stderr[-500:]]
            if done.returncode and "cannot be written" not in done.stderr:
                found.append(f"it does not say why: {done.stderr[-300:]}")
            try:
                if here.held() not in (before, here.there()):
                    found.append("the index is neither as it was nor as it should be")
            except NoIndex as error:  # SQLite needs 32 KiB of its own to be opened
                found += [] if "room on its disk" in str(error) else [str(error)]
            if make_room:
                make_room()
            found += mended(here)
        tally.faults += [f"{free} KiB left: {fault}" for fault in found]


def both(place: Place, tally: Tally) -> None:
    """Two build at once."""
    with place.copy() as here:
        compact(here)
        add(here)
        programs = [here.command(sys.executable, *BUILD) for _ in range(2)]
        told = [program.communicate()[1] for program in programs]
        tally.tries += 1
        tally.struck += any(program.returncode for program in programs)
        busy = [text for program, text in zip(programs, told, strict=True) if program.returncode]
        found = [text[-300:] for text in busy if "Another build" not in text] + (
            ["none built"] if len(busy) == 2 else []
        )
        if here.held() != here.there():
            found.append("the index is not as it should be")
        tally.faults += [f"two at once: {fault}" for fault in found + mended(here)]


def earlier(place: Place, tally: Tally) -> None:
    """The clock is set back by a day, and what changes then keeps its size."""
    with place.copy() as here:
        update(here)
        for number in range(3):
            os.utime(here.settings.reports / f"{number}.md", (_MODIFIED, _MODIFIED))
        program = here.command(sys.executable, "-c", _EARLIER)
        told = program.communicate()[1]
        tally.tries += 1
        tally.struck += program.returncode == 0
        found = [told[-300:]] if program.returncode else []
        if here.held() != here.there():
            found.append("what changed was not seen")
        tally.faults += [f"clock set back: {fault}" for fault in found + mended(here)]


def kill_all(action: str, kills: int, place: Place, chance: random.Random, tally: Tally) -> None:
    """So many kills of an action; 0 for one at every system call."""
    at = points(place, action)
    for call, number in chance.sample(at, min(kills, len(at))) if kills else at:
        killed(place, action, call, number, tally)


def spoil_all(spoils: int, place: Place, chance: random.Random, tally: Tally) -> None:
    """So many spoilt files; 0 for every one in every way."""
    tries = [(name, spoil) for spoil in SPOILS for name in files(place)]
    for name, spoil in chance.sample(tries, min(spoils, len(tries))) if spoils else tries:
        spoilt(place, name, spoil, chance.randrange(1 << 20), tally)


def fill_all(place: Place, chance: random.Random, tally: Tally) -> None:
    """Disks with more and more room left."""
    for free in (16, 64, 256, 1024):
        filled(place, free, tally)


def tallies(place: Place, seed: int, kills: int, spoils: int, only: str) -> Iterator[Tally]:
    """All whose name has ``only`` in it, one kind after the other."""
    does: dict[str, Callable[[Place, random.Random, Tally], None]] = {
        f"{action} killed": partial(kill_all, action, kills) for action in (ACTIONS if shutil.which("strace") else ())
    }
    does |= {"a file spoilt": partial(spoil_all, spoils), "disk full": fill_all}
    does |= {"two builds at once": lambda here, _, tally: both(here, tally)}
    does |= {"clock set back": lambda here, _, tally: earlier(here, tally)}
    for what, do in does.items():
        if only in what:
            do(place, random.Random(seed), tally := Tally(what))
            yield tally


def main(arguments: list[str] | None = None) -> int:
    """Prints what was tried and what was wrong; 0 where nothing was."""
    parser = Parser(
        prog="python -m tools.torture",
        description="Kills builds, fills disks and spoils files: is anything lost or false?",
    )
    parser.add_argument("--kills", type=int, default=25, help="kills of each action; 0: at every system call")
    parser.add_argument("--spoils", type=int, default=0, help="how many files are spoilt; 0: every one in every way")
    parser.add_argument("--only", default="", help="only what has this in its name, as the table has it: killed")
    parser.add_argument("--seed", type=int, default=0, help="what is drawn at random")
    parser.add_argument("--bring", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.bring:
        bring(options.bring)
        return 0
    if not shutil.which("strace"):
        print("strace is not installed: nothing is killed at system calls.")
    faults: list[str] = []
    print("| tried | times | struck | wrong |\n| --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        chosen = options.seed, options.kills, options.spoils, options.only
        for tally in tallies(base(Path(folder)), *chosen):
            print("\n".join([tally.row(), *tally.faults]), flush=True)
            faults += tally.faults
    print(f"\n{len(faults)} faults." if faults else "\nNothing was lost, nothing false, nothing read twice.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
