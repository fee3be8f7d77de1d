"""A real server in a process of its own over made-up reports, and people who ask it over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eval.synthetic import PASSAGES, Writer
from settings import ROOT, Settings

#: Facts of a report, each of which stands in no other.
FACTS = 5
#: What uploads and deletions have to carry.
OURS = {"X-Wenbao": "tools"}
#: A connection that was idle for so many seconds is about to be closed by the server.
_IDLE = 3.0
#: What names are made of, English and Chinese: four sounds each, and how far two names that follow are apart.
_SOUNDS = (
    "bal dor fen gim hul jas kel lom mur nep ril sov tar vex wyn zub".split(),
    list("安宝川德福冈海江金兰梅宁平青山泰"),
)
_STEP = 7919
_OPENS = "Wenbao answers at "


@dataclass(frozen=True, slots=True)
class Fact:
    """A question, and the figure that answers it and stands in one report alone; "" where there is none."""

    question: str
    figure: str


def fact(number: int) -> tuple[Fact, str]:
    """The fact of this number, and the sentence that says it; every other one is Chinese."""
    chinese = bool(number // FACTS % 2)
    sounds, place, barrels = _SOUNDS[chinese], number * _STEP, str(100_000 + 37 * number)
    depot = "".join(sounds[place // len(sounds) ** digit % len(sounds)] for digit in range(4)).capitalize()
    if chinese:
        return Fact(f"{depot}仓库存有多少桶？", barrels), f"{depot}仓库存有 {barrels} 桶。"
    return Fact(f"How many barrels does depot {depot} hold?", barrels), f"Depot {depot} holds {barrels} barrels."


def path_of(number: int) -> str:
    """The path of the report of this number below its folder."""
    return f"report-{number:05d}.md"


def text_of(writer: Writer, number: int, passages: int = PASSAGES) -> str:
    """A made-up report with its facts at its end."""
    said = [fact(number * FACTS + place)[1] for place in range(FACTS)]
    return writer.report(number, passages) + "\n## Depots\n\n" + "\n\n".join(said) + "\n"


class Town:
    """A folder of made-up reports, and what can be asked of them: the same for the same size."""

    def __init__(self, folder: Path, passages: int) -> None:
        """Writes the reports, about so many passages."""
        self.reports, self.size = folder / "reports", max(1, passages // PASSAGES)
        self.reports.mkdir(parents=True)
        writer = Writer(Path(Settings().model))
        self._writer = writer
        #: What each report says or ever said, by path, and since when those that are gone may not be cited.
        self.texts: dict[str, list[str]] = {}
        self.gone: dict[str, float] = {}
        for number in range(self.size):
            name, text = self.new(number)
            (self.reports / name).write_text(text, "utf-8")

    def new(self, number: int, passages: int = PASSAGES) -> tuple[str, str]:
        """The path and text of one more report, or another text of one."""
        text = text_of(self._writer, number, passages)
        self.texts.setdefault(path_of(number), []).append(text)
        return path_of(number), text

    def ask(self, chance: random.Random) -> Fact:
        """A question on a fact, or on words of a passage, which has no one figure for an answer."""
        number = chance.randrange(self.size)
        if chance.random() < 0.5:
            return Fact(fact(asked := number * FACTS + chance.randrange(FACTS))[0].question, fact(asked)[0].figure)
        passages = self.texts[path_of(number)][0].split("\n\n")[2:-FACTS:2]
        return Fact(self._writer.question(chance.choice(passages)), "")

    def fault(self, asked: Fact, told: dict[str, Any], begun: float) -> str:
        """What is wrong with an answer to what was asked at ``begun``; "" where it is right.

        It is another's, cites what does not stand there, or what was gone before.
        """
        if told["question"] != asked.question:
            return f"{asked.question!r} was given the answer of {told['question']!r}"
        cited = [citation for claim in told["claims"] for citation in claim["citations"]]
        for citation in cited:
            place = slice(citation["start"], citation["end"])
            if not any(text[place] == citation["quote"] for text in self.texts.get(citation["path"], ())):
                return f"{citation['path']} does not say {citation['quote']!r} at {citation['start']}"
            if self.gone.get(citation["path"], begun) < begun:
                return f"{citation['path']} was cited after it was deleted"
        if asked.figure and told["certainty"] == "sure" and not any(asked.figure in one["quote"] for one in cited):
            return f"{asked.question!r} was answered with {[one['quote'] for one in cited]}"
        return ""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its process, its address, and the file of its log."""

    process: subprocess.Popen[str]
    address: str
    log: Path

    @property
    def cpu(self) -> float:
        """The seconds of a core that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def failures(self) -> list[str]:
        """The lines of its log that tell of something broken, each once, without the ids of the requests."""
        told = [line for line in self.log.read_text("utf-8").splitlines() if '"event": "answered"' not in line]
        return sorted({re.sub(r'"request": "[0-9a-f]+", ', "", line) for line in told})

    def person(self) -> Person:
        """Somebody who asks it."""
        return Person(self.address)


def environment(folder: Path, **chosen: object) -> dict[str, str]:
    """The environment of a program that works on ``folder``, with these settings and no others."""
    settings = {"reports": folder / "reports", "index": folder / "index", **chosen}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WENBAO_")}
    return kept | {f"WENBAO_{name.upper()}": str(value) for name, value in settings.items()}


@contextmanager
def serving(folder: Path, **chosen: object) -> Iterator[Served]:
    """``python app.py`` over ``folder``, stopped at the end. Raises RuntimeError when it does not start."""
    log = folder / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            env=environment(folder, **{"port": 0, "log": "info", **chosen}),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        opened = next((line for line in process.stdout if line.startswith(_OPENS)), "")
        try:
            if not opened:
                raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")
            yield Served(process, opened.removeprefix(_OPENS).strip(), log)
        finally:
            process.terminate()
            process.wait(30)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, after how many seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)


class Person:
    """One connection, kept open: lighter than a browser or an HTTP library, which would take the server's core."""

    def __init__(self, address: str) -> None:
        found = urlsplit(address)
        self._host, self._port = found.hostname or "", found.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, question: str, **more: object) -> Reply:
        """Asks once."""
        return await self.send("POST", "/api/ask", json.dumps({"question": question, **more}).encode())

    async def upload(self, name: str, text: str) -> Reply:
        """Brings a report."""
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + text.encode() + b"\r\n--x--\r\n"
        return await self.send("POST", "/api/reports", body, "multipart/form-data; boundary=x")

    async def send(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> Reply:
        """Sends a request and waits for what comes back. Raises OSError, EOFError."""
        begun = time.perf_counter()
        reader, writer = await self._open()
        named = {"Host": f"{self._host}:{self._port}", "Content-Type": kind, "Content-Length": len(body), **OURS}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        try:
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            told = await reader.readexactly(int(headers.get("content-length", 0)))
        except BaseException:
            self.leave()
            raise
        if headers.get("connection") == "close":
            self.leave()
        self._used = time.monotonic()
        return Reply(int(first.split()[1]), headers, told, time.perf_counter() - begun)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof() or time.monotonic() - self._used > _IDLE:
            self.leave()
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    def leave(self) -> None:
        """Closes the connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None
