"""Two small reports, a library and an assistant whose answers can be told by hand: real records, no index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from index.search import Filters
from ingest.read import read
from records import Answer, Citation, Claim, Conflict, Hit, Passage, Report, Support, Turn
from web.api import EVERYTHING

CHINESE = """---
title: 港口年报
---
# 港口年报 2024

## 运量

2024 年港口的货运量增长了 **12.5%**，达到 [3.2 亿吨](https://example.org/)。【注】口径与上年一致。

客运量为 40 万人次。

| 港区 | 货运量 |
| --- | --- |
| 东区 | 2 亿吨 |

## 人员

- 员工 1,200 人
- 新招 80 人
"""
HISTORY = "The harbour was dug by hand and has been dredged ever since.\n\n" * 40
ENGLISH = f"""# Harbour report 2025

## History

{HISTORY}## Traffic

Freight grew by 9 % in 2025 & reached 350 million tonnes. <script>alert("freight")</script> ![map](https://example.org/map.png)

## Outlook

The harbour expects ${{1 + 1}} new berths {{{{and}}}} no more.
"""


def report(text: str, path: str, title: str, published: str, language: str, pages: tuple[int, ...] = ()) -> Report:
    digest = sha256(text.encode()).hexdigest()
    return Report(
        digest[:16],
        path,
        digest,
        title,
        "港务局" if language == "zh" else "Harbour Board",
        published,
        language,
        "",
        text,
        pages,
    )


ZH = report(CHINESE, "harbour.zh.md", "港口年报 2024", "2025-01-07", "zh")
EN = report(ENGLISH, "harbour.en.md", "Harbour report 2025", "2026-02", "en")


def cite(mark: int, source: Report, quote: str) -> Citation:
    start = source.text.index(quote)
    return Citation(mark, source.id, source.sha256, start, start + len(quote), source.page_at(start), quote)


def hit(source: Report, words: str, headings: tuple[str, ...]) -> Hit:
    start = source.text.index(words)
    return Hit(Passage(1, source.id, start, start + len(words), headings, None, source.language), 0.4)


FREIGHT_ZH = cite(1, ZH, "2024 年港口的货运量增长了 **12.5%**，达到 [3.2 亿吨](https://example.org/)。")
FREIGHT_EN = cite(2, EN, "Freight grew by 9 % in 2025 & reached 350 million tonnes.")
QUOTED = Answer(
    "2024 年港口的货运量增长了多少？",
    "zh",
    (
        Claim(FREIGHT_ZH.quote, (FREIGHT_ZH,), Support(True, 0.97, "数字一致")),
        Claim(FREIGHT_EN.quote, (FREIGHT_EN,), Support(True, 0.93, "数字一致")),
    ),
    conflicts=(Conflict("货运量增长", (1, 2), 2),),
    confidence=0.9,
)
WRITTEN = Answer(
    "How did freight grow?",
    "en",
    (
        Claim("Freight grew by 9 % in 2025.", (cite(1, EN, FREIGHT_EN.quote),), Support(True, 0.9, "same numbers")),
        Claim(
            "It fell by 70 % <b>later</b>.", (cite(1, EN, FREIGHT_EN.quote),), Support(False, 0.1, "70 % is not there")
        ),
    ),
    note="Written by a model; every sentence was checked.",
    confidence=0.8,
)
DECLINED = Answer(
    "火星上有多少人？",
    "zh",
    certainty="none",
    nearest=(hit(ZH, "客运量为 40 万人次。", ("港口年报 2024", "运量")), hit(EN, "The harbour expects", ("Outlook",))),
    note="报告里没有关于火星的内容。",
    confidence=0.1,
)


EAST = Answer("东区？", "zh", (Claim("东区：货运量 2 亿吨", (cite(1, ZH, "东区 | 2 亿吨"),)),), confidence=0.9)
OUTLOOK = Answer(
    "Outlook?", "en", (Claim("New berths.", (cite(1, EN, "The harbour expects ${1 + 1} new berths"),)),), confidence=0.9
)


class FakeLibrary:
    """Two reports."""

    generation = 7

    def __init__(self, *reports: Report) -> None:
        self.all = {r.id: r for r in reports or (ZH, EN)}

    def reports(self, texts: bool = True) -> list[Report]:
        return list(self.all.values())

    def report(self, report_id: str) -> Report:
        return self.all[report_id]

    def search(self, question: str, k: int = 10, filters: Filters = EVERYTHING) -> list[Hit]:
        return [hit(r, r.text[:9], ()) for r in self.all.values() if r.title == question][:k]

    def refresh(self) -> None:
        pass

    def follow(self, folder: Path) -> None:
        """Takes in the files of a folder, each content once."""
        for path in folder.iterdir():
            found = read(path, folder)
            self.all.setdefault(found.id, found)


class FakeAssistant:
    """Knows freight, the eastern quay and the outlook, declines the rest, breaks at "break"; remembers what it was
    asked with; those in ``silent`` what nobody asked.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Turn, ...], Filters]] = []
        self.silent: list[FakeAssistant] = []

    def quoting(self) -> FakeAssistant:
        self.silent.append(type(self)())
        return self.silent[-1]

    def reply(
        self,
        question: str,
        earlier: Sequence[Turn] = (),
        filters: Filters = EVERYTHING,
        max_sentences: int | None = None,
    ) -> Iterator[Answer]:
        self.asked.append((question, tuple(earlier), filters))
        if question == "break":
            raise RuntimeError("a secret of the server")
        known = {"货运": QUOTED, "呢": QUOTED, "freight": WRITTEN, "东区": EAST, "Outlook": OUTLOOK}
        whole = next((answer for word, answer in known.items() if word in question), DECLINED)
        for count in range(1, len(whole.claims)):
            yield Answer(whole.question, whole.language, whole.claims[:count])
        yield whole
