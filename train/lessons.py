"""The reader's lessons from the training data: questions with their passages, translation cloze, sections, claims;
half of them *no*.

Every source yields lessons without end or once through; ``mixture`` draws from them by weight.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text.sentences import MARK, quotable
from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, UNSUPPORTED, Lesson
from train.wording import Wording, changed, is_chinese

Row = dict[str, Any]
#: Turns texts into vectors of unit length, float32 [n, dim].
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

#: The longest passage, in English characters, as the index cuts them; a Chinese character counts as 2.5.
SIZE = 900
#: Sources of ``parallel`` and ``structure`` that are dull or machine translated: this share of them is read.
DULL = {
    "ms-cpp": 0.02,
    "ms-sql-zh": 0.1,
    "ms-dotnet-zh": 0.1,
    "python-docs-zh": 0.1,
    "django-docs-zh": 0.2,
    "ms-powershell": 0.1,
}
_VERDICTS = {"supported": SUPPORTED, "contradicted": CONTRADICTED, "unknown": UNKNOWN}


def rows(path: Path) -> Iterator[Row]:
    """The lines of a training file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def size_of(text: str) -> float:
    """How long a text is, in English characters."""
    return sum(2.5 if c >= "\u3000" else 1.0 for c in text)


def windowed(lesson: Lesson, rng: random.Random, size: float = SIZE) -> Lesson:
    """The lesson with a stretch of its passage that holds its first evidence (or any stretch), of whole sentences."""
    if size_of(lesson.passage) <= size:
        return lesson
    spans = quotable(lesson.passage, 0, len(lesson.passage))
    if not spans:
        return lesson
    sizes = [size_of(lesson.passage[s:e]) for s, e in spans]
    if lesson.evidence:
        first, last = lesson.evidence[0]
        held = [i for i, (s, e) in enumerate(spans) if s < last and e > first] or [0]
    else:
        held = [rng.randrange(len(spans))]
    low, high, total = held[0], held[-1], sum(sizes[held[0] : held[-1] + 1])
    while True:
        sides = [s for s in ("before", "after") if (low > 0 if s == "before" else high < len(spans) - 1)]
        if not sides:
            break
        side = rng.choice(sides)
        new = low - 1 if side == "before" else high + 1
        if total + sizes[new] > size:
            break
        total += sizes[new]
        low, high = min(low, new), max(high, new)
    start, end = spans[low][0], spans[high][1]
    line = lesson.passage.rfind("\n", 0, start) + 1
    if lesson.passage[line:start].strip() == "|":
        start = line  # a row is read as one where it begins with its bar
    above = lesson.above
    if lesson.passage.startswith("|") and start > 0:
        header = lesson.passage.split("\n", 1)[0]
        above = f"{above}\n{header}".strip()
    if lesson.answer and not (start <= lesson.answer[0] and lesson.answer[1] <= end):
        lesson = replace(lesson, answer=None)
    moved = tuple((max(s, start) - start, min(e, end) - start) for s, e in lesson.evidence if s < end and e > start)
    answer = (lesson.answer[0] - start, lesson.answer[1] - start) if lesson.answer else None
    return replace(lesson, passage=lesson.passage[start:end], above=above, evidence=moved, answer=answer)


def sentence_of(passage: str, start: int, end: int) -> tuple[int, int]:
    """The quotable sentence that holds [start, end); that span itself where none does."""
    for first, last in quotable(passage, 0, len(passage)):
        if first <= start < last:
            return first, max(last, end)
    return start, end


def without(lesson: Lesson) -> Lesson | None:
    """A near miss: the answering sentences taken out, their neighbours left. None where nothing would be left."""
    text = lesson.passage
    for start, end in sorted(lesson.evidence, reverse=True):
        while end < len(text) and text[end] in " |":
            end += 1
        line = text.rfind("\n", 0, start) + 1
        mark = MARK.match(text, line, start)
        if end == len(text) or text[end] == "\n":
            if not text[mark.end() if mark else line : start].strip():
                start = line  # with its bullet or bar: one without an item would tell that something is gone
            while start == line and end < len(text) and text[end] == "\n":
                end += 1
        text = text[:start] + text[end:]
    text = text.strip()
    return replace(lesson, passage=text, evidence=(), answer=None) if size_of(text) > 80 else None


class Questions:
    """Lessons from questions with a passage: as they are, across languages by a dictionary, and near misses of them."""

    def __init__(self, folder: Path, encode: Encode, rng: random.Random, keep: float = 1.0) -> None:
        self._lessons: list[Lesson] = []
        thinned = {
            "qamr-wiki": 0.05, "squad-train-sentence": 0.3, "hitab-sentences": 0.4, "wikitablequestions": 0.3,
            "im-tqa": 0.35, "cmrc2018-train": 0.5, "drcd-dev": 0.25, "drcd-dev-t2s": 0.35, "covid-qa": 0.4,
            "hybridqa-dev": 0.6,
        }  # fmt: skip
        for name in ("qa", "reader"):
            for row in rows(folder / f"{name}.jsonl.xz"):
                if rng.random() > keep * thinned.get(row["src"], 1.0) or not row["q"] or not row["p"]:
                    continue
                self._lessons.append(_asked(row))
        self._passages = list(dict.fromkeys(lesson.passage for lesson in self._lessons))
        place = {passage: i for i, passage in enumerate(self._passages)}
        self._place = [place[lesson.passage] for lesson in self._lessons]
        passages = encode([p[:600] for p in self._passages])
        self._near: list[NDArray[np.int64]] = []
        for at in range(0, len(self._lessons), 2000):
            asked = encode([lesson.question for lesson in self._lessons[at : at + 2000]])
            found = asked @ passages.T
            self._near += list(np.argpartition(-found, min(12, len(self._passages) - 1), axis=1)[:, :12])
        self._rng = rng

    def __iter__(self) -> Iterator[Lesson]:
        order = list(range(len(self._lessons)))
        self._rng.shuffle(order)
        for i in order:
            lesson = self._lessons[i]
            if not lesson.evidence:  # asked of a passage that does not answer
                yield windowed(lesson, self._rng)
                continue
            whole = windowed(lesson, self._rng, SIZE * self._rng.choice((0.5, 0.8, 1.0, 1.0)))
            yield whole
            miss = self._missed(i, whole)
            if miss and self._rng.random() < 0.8:
                yield miss

    def _missed(self, i: int, whole: Lesson) -> Lesson | None:
        lesson, way = self._lessons[i], self._rng.random()
        if way < 0.3:
            return without(whole)
        if way < 0.55:
            other = changed(lesson.question, lesson.passage, self._rng)
            return replace(whole, question=other, evidence=(), answer=None) if other else without(whole)
        answer = lesson.passage[slice(*lesson.answer)].lower() if lesson.answer else ""
        near = [
            p for p in self._near[i] if p != self._place[i] and (not answer or answer not in self._passages[p].lower())
        ]
        if not near:
            return None
        passage = self._passages[int(self._rng.choice(near))]
        return windowed(replace(lesson, passage=passage, above="", evidence=(), answer=None), self._rng)


def _asked(row: Row) -> Lesson:
    start, answer = row["start"], row["answer"]
    if start < 0 or not answer:
        evidence: tuple[tuple[int, int], ...] = ()
        if row["src"] in ("squad-train-sentence", "qed-nq-dev") or ("lang_p" not in row and start < 0):
            evidence = ((0, len(row["p"])),) if size_of(row["p"]) < 500 else ()
        return Lesson(row["q"], row["p"], evidence=evidence, source=row["src"])
    span = (start, start + len(answer))
    return Lesson(row["q"], row["p"], evidence=(sentence_of(row["p"], *span),), answer=span, source=row["src"])


#: What two translations share letter by letter: figures and names in Latin letters.
_SHARED = re.compile(r"\d[\d.,]*\d|\d|(?<![A-Za-z])[A-Z][A-Za-z]*[a-z0-9]+(?:[ -][A-Z][A-Za-z0-9]+)*|[A-Z]{2,}[0-9]*")
_SENTENCES = ("paragraph", "sentence", "item")
_ASK_FIGURE = {"en": ("how many", "how much", "what", "what number", "which"), "zh": ("多少", "几", "多少", "哪个")}
_ASK_NAME = {"en": ("what", "which one", "who", "what", "which"), "zh": ("什么", "哪个", "谁", "哪一个")}


def cloze(folder: Path, rng: random.Random, share: float) -> Iterator[Lesson]:
    """From translations: a sentence whose figure or name is asked for, or its main words, and the paragraph of the
    other side.
    """
    window: list[Row] = []
    for row in rows(folder / "parallel.jsonl.xz"):
        if row["kind"] not in _SENTENCES or rng.random() > DULL.get(row["src"], 1.0):
            continue
        if window and window[0]["src"] != row["src"]:
            window = []
        if any(row["zh"] in other["zh"] or row["en"] in other["en"] for other in window):
            continue  # a sentence of a paragraph that is there
        window.append(row)
        if len(window) < rng.choice((5, 7, 9)):
            continue
        if rng.random() < share:
            yield from _cloze_of(window, rng)
        window = []


def _cloze_of(window: Sequence[Row], rng: random.Random) -> Iterator[Lesson]:
    here, there = rng.choice((("en", "zh"), ("zh", "en")))
    target = rng.choice([row for row in window if size_of(row[there]) > 40] or window)
    asked = target[here]
    if len(asked) < 12 or size_of(asked) > 420:
        return
    joint = "\n" if any(row["kind"] == "item" for row in window) else ("" if there == "zh" else " ")
    passage, places = _joined([row[there] for row in window], joint, SIZE)
    at = next((i for i, row in enumerate(window) if row is target), 0)
    if at >= len(places):
        return
    evidence = (places[at],)
    span = passage[slice(*places[at])]
    shared = [m for m in _SHARED.finditer(asked) if len(re.findall(re.escape(m.group()), span)) == 1]
    shared = [m for m in shared if not any(m.group() in row[there] for row in window if row is not target)]
    if shared and rng.random() < 0.75:
        match = rng.choice(shared)
        words = (_ASK_FIGURE if match.group()[0].isdigit() else _ASK_NAME)[here]
        word = rng.choice(words)
        question = asked[: match.start()] + (f" {word} " if here == "en" else word) + asked[match.end() :]
        if here == "en" and rng.random() < 0.4:
            rest = re.split(r"[,;:]", asked[match.end() :])[0].split()
            question = f"{word} {' '.join(rest[:3])} {asked[: match.start()]}"
        found = span.find(match.group())
        answer = (places[at][0] + found, places[at][0] + found + len(match.group()))
        lesson = Lesson(_question(question, here, rng), passage, "", evidence, answer, source="cloze")
    else:
        if rng.random() < 0.5:
            return
        why = rng.choice(("", "", "why ", "how ")) if here == "en" else rng.choice(("", "", "为什么", "怎么"))
        lesson = Lesson(
            _question(why + _main_words(asked, here, rng), here, rng), passage, "", evidence, source="cloze-words"
        )
    yield lesson
    if rng.random() < 0.8:
        way = rng.random()
        other = changed(lesson.question, passage, rng) if way < 0.4 else None
        miss = replace(lesson, question=other, evidence=(), answer=None) if other else without(lesson)
        if miss:
            yield miss


def _joined(texts: Sequence[str], joint: str, size: float) -> tuple[str, list[tuple[int, int]]]:
    """Texts as one, up to a size, and where each of them lies."""
    passage, places = "", list[tuple[int, int]]()
    for text in texts:
        text = text.strip()
        if passage and size_of(passage) + size_of(text) > size:
            break
        passage += joint if passage else ""
        places.append((len(passage), len(passage) + len(text)))
        passage += text
    return passage, places


def _question(text: str, language: str, rng: random.Random) -> str:
    text = re.sub(r"\s+", " ", text).strip(" .。;；:：，,")
    return text + rng.choice(("?", "?", "") if language == "en" else ("？", "?", "", "呢？"))


def _main_words(text: str, language: str, rng: random.Random) -> str:
    """About half of a text: what a person types of it."""
    if language == "zh":
        parts = [p for p in re.split(r"[，。；：、,;:\s（）()]+", text) if p]
        rng.shuffle(parts)
        return "".join(parts[: max(1, len(parts) // 2)])[:40]
    words = text.split()
    start = rng.randrange(max(1, len(words) // 2))
    return " ".join(w for w in words[start : start + 14] if rng.random() < 0.7)


_HEADED = {
    "en": (
        "{}", "{}?", "what is {}?", "what does the report say about {}", "tell me about {}", "how does {} work?",
        "explain {}",
    ),
    "zh": ("{}", "{}？", "什么是{}？", "{}是什么意思", "介绍一下{}", "{}是怎么回事？", "{}讲了什么"),
}  # fmt: skip


def sections(folder: Path, rng: random.Random, share: float) -> Iterator[Lesson]:
    """From headings: what stands under one, among what stands under its neighbours; questions with their answers."""
    windows: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder / "structure.jsonl.xz"):
        if row["kind"] not in ("heading", "body", "question") or rng.random() > share * DULL.get(row["src"], 1.0):
            continue
        window = windows[row["lang"]]
        if window and window[0]["src"] != row["src"]:
            window.clear()
        if len(row["b"]) < 30 or size_of(row["a"]) > 120 or any(row["a"] == other["a"] for other in window):
            continue
        window.append(row)
        if len(window) == 4:
            lesson = _section_of(window, rng)
            window.clear()
            if lesson:
                yield lesson
                miss = without(lesson)
                if miss and rng.random() < 0.7:
                    yield replace(miss, above="")


def _section_of(window: Sequence[Row], rng: random.Random) -> Lesson | None:
    target = rng.randrange(len(window))
    row = window[target]
    language = row["lang"] if row["lang"] in ("en", "zh") else "en"
    question = (
        row["a"] if row["kind"] == "question" else rng.choice(_HEADED[language]).format(row["a"].split(" - ")[-1])
    )
    texts, own = [], 0
    for i, other in enumerate(window):
        body = _cut(other["b"], 330)
        if rng.random() < 0.5 and i != target:
            texts.append(f"## {other['a']}\n\n{body}")
        else:
            own = len(texts) if i == target else own
            texts.append(body)
    order = list(range(len(texts)))
    rng.shuffle(order)
    passage, places = _joined([texts[i] for i in order], "\n\n", SIZE + 300)
    at = order.index(target)
    if at >= len(places):
        return None
    start, end = places[at]
    spans = quotable(passage, start, end)[: rng.choice((1, 2, 3, 4))]
    return Lesson(question, passage, "", tuple(spans), source="section") if spans else None


def _cut(text: str, size: float) -> str:
    spans = quotable(text, 0, len(text))
    kept = text[:0]
    for _, end in spans:
        if kept and size_of(text[spans[0][0] : end]) > size:
            break
        kept = text[spans[0][0] : end]
    return kept or text[: int(size)]


def factbook(folder: Path, rng: random.Random, share: float) -> Iterator[Lesson]:
    """Figures under names: a country's ``production: 445 million tons (2023 est.); consumption: ...``, asked for one
    of them.
    """
    found = [row for row in rows(folder / "structure.jsonl.xz") if row["src"] == "cia-factbook" and ": " in row["b"]]
    for row in found:
        if rng.random() > share:
            continue
        country, _, thing = row["a"].partition(" - ")
        parts = re.split(r"; ", row["b"])
        passage, places = _joined([p[0].upper() + p[1:] + "." for p in parts if ": " in p], " ", SIZE)
        if not places or not thing:
            continue
        start, end = rng.choice(places)
        name, _, value = passage[start:end].partition(": ")
        value = re.split(r" \(", value.rstrip("."))[0]
        if not value or len(value) > 60:
            continue
        at = start + len(name) + 2
        forms = (
            "{c} {t} {n}",
            "what is {c}'s {t} {n}?",
            "{n} of {t} in {c}",
            "how much {t} {n} does {c} have",
            "{c}的{t} {n}是多少？",
            "{c} {t} {n} 多少",
        )
        ask = rng.choice(forms)
        lesson = Lesson(
            ask.format(c=country, t=thing.lower(), n=name.lower()),
            passage,
            f"{country} > {thing}",
            ((start, end),),
            (at, at + len(value)),
            source="factbook",
        )
        if rng.random() < 0.5:
            yield lesson
        else:
            other = rng.choice(found)["a"].partition(" - ")[0]
            miss = (
                replace(lesson, above=f"{other} > {thing}", evidence=(), answer=None)
                if rng.random() < 0.5
                else without(lesson)
            )
            if miss and other != country:
                yield miss


def claims(folder: Path, rng: random.Random) -> Iterator[Lesson]:
    """Claims with their evidence; some of them also as questions that ask yes or no."""
    thinned = {
        "xinfotabs": 0.1,
        "infotabs": 0.15,
        "tabfact-val-lemmatised": 0.1,
        "fever-dev": 0.5,
        "fetaqa-dev-test": 0.5,
    }
    for row in rows(folder / "claims.jsonl.xz"):
        if rng.random() > thinned.get(row["src"], 1.0):
            continue
        lesson = Lesson(row["claim"], row["span"], verdict=_VERDICTS[row["label"]], source=row["src"])
        yield replace(lesson, passage=_cut(row["span"], SIZE)) if size_of(row["span"]) > SIZE * 1.3 else lesson
        if row["src"].startswith("fever") and rng.random() < 0.25:
            told = row["claim"].rstrip(".")
            question = rng.choice(("is it true that {}?", "{}, right?", "{}?", "did they say {}?")).format(told)
            evidence = () if row["label"] == "unknown" else ((0, len(row["span"])),)
            yield Lesson(question, row["span"], evidence=evidence, source="yesno")
    for row in rows(folder / "paraphrase.jsonl.xz"):
        if row["src"].startswith("paws") and rng.random() < (0.6 if row["lang"] == "zh" else 0.15):
            yield Lesson(row["a"], row["b"], verdict=SUPPORTED if row["same"] else UNSUPPORTED, source=row["src"])


def translated_claims(folder: Path, rng: random.Random, share: float) -> Iterator[Lesson]:
    """A sentence against its translation (supported), a changed one (contradicted), a neighbour (unknown); and within
    a language.
    """
    before: Row | None = None
    for row in rows(folder / "parallel.jsonl.xz"):
        near, before = before, row
        if row["kind"] not in _SENTENCES or rng.random() > share * DULL.get(row["src"], 1.0):
            continue
        here, there = rng.choice((("en", "zh"), ("zh", "en"), ("zh", "zh"), ("en", "en")))
        claim, span = row[here], row[there]
        if not 25 < size_of(claim) < 400:
            continue
        if near and near["src"] == row["src"] and rng.random() < 0.4:
            span = f"{near[there]} {span}" if rng.random() < 0.5 else f"{span} {near[there]}"
        way = rng.random()
        if way < 0.4 and here == there:
            claim = Wording(rng).shorter(claim)
        if way < 0.4:
            yield Lesson(claim, span, verdict=SUPPORTED, source="translated")
        elif way < 0.85:
            other = Wording(rng).tampered(claim)
            if other:
                yield Lesson(other, span, verdict=CONTRADICTED, source="tampered")
        elif near and near["src"] == row["src"] and row["zh"] not in near["zh"] and row["en"] not in near["en"]:
            yield Lesson(claim, near[there], verdict=UNKNOWN, source="neighbour")


def dated(lessons: Iterator[Lesson], rng: random.Random, share: float) -> Iterator[Lesson]:
    """Some lessons asked of a year or a report, which stands above the passage: the same one, or another, which is a
    *no*.
    """
    for lesson in lessons:
        asked = f"{lesson.question} {lesson.passage[:2000]}"
        if lesson.verdict is not None or lesson.above or rng.random() > share or re.search(r"(?:19|20)\d\d", asked):
            yield lesson
            continue
        year = rng.randrange(2012, 2027)
        stated = year if rng.random() < 0.5 else year + rng.choice((-3, -2, -1, 1, 2))
        chinese = is_chinese(lesson.passage)
        names = (
            ("年度报告", "年报", "调查报告", "白皮书") if chinese else ("Annual Report", "Report", "Survey", "Review")
        )
        above = (
            f"{stated} {rng.choice(names)}" if not chinese or rng.random() < 0.5 else f"{stated}年{rng.choice(names)}"
        )
        question = lesson.question
        if rng.random() < 0.85:
            question = f"{year}年{question}" if is_chinese(question) else f"{question.rstrip('?')} in {year}?"
            if stated != year:
                lesson = replace(lesson, evidence=(), answer=None)
        yield replace(lesson, question=question, above=above)


def worded(lessons: Iterator[Lesson], wording: Wording, rng: random.Random) -> Iterator[Lesson]:
    """Questions as people type them: some across languages word by word, shortened, misspelt, politely."""
    for lesson in lessons:
        if lesson.verdict is None and not lesson.source.startswith(("invented", "cloze")):
            across = rng.random() < (0.3 if lesson.source != "im-tqa" else 0.05)
            lesson = replace(lesson, question=wording.reworded(lesson.question, across))
        yield lesson


def mixture(folder: Path, encode: Encode, seed: int, invented: Sequence[Lesson] = ()) -> list[Lesson]:
    """The lessons of one round, shuffled: what stands in the files, worded anew for each seed."""
    rng = random.Random(seed)
    dictionary = [
        (row["en"], row["zh"]) for row in rows(folder / "parallel.jsonl.xz") if row["src"].startswith("dict-")
    ]
    wording = Wording(rng, dictionary)
    found = [
        *dated(worded(iter(Questions(folder, encode, rng)), wording, rng), rng, 0.12),
        *dated(cloze(folder, rng, 0.14), rng, 0.1),
        *worded(sections(folder, rng, 0.03), wording, rng),
        *factbook(folder, rng, 0.15),
        *claims(folder, rng),
        *translated_claims(folder, rng, 0.08),
        *invented,
    ]
    rng.shuffle(found)
    return found
