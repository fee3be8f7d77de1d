"""Chinese, English and mixed text -> sentences, lossless: the spans are contiguous and cover the text.

Two things end a sentence: a block's end (blank line, list item, heading, table row) and a stop inside a block.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from text.language import HAN
from text.markdown import COMMENT, FENCES, IMAGE, RULE, SHORTCODE, TAG

#: The longest sentence, in characters; a longer one is cut at its semicolons, commas or spaces.
LONGEST = 600

#: What begins a block at the start of a line: quote marks, then a heading, bullet, number, table row, fence or tag.
MARK = re.compile(
    r"[^\S\n]*(?:>[^\S\n]*)*(?:"
    r"#{1,6}[^\S\n]+|[-*+·–][^\S\n]+|[•●○■□▪◦‣◆►➢✓✔][^\S\n]*"
    r"|\d{1,3}[.)][^\S\n]+|\d{1,2}、|[(（](?:\d{1,2}|[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})[)）]|[a-z]\)[^\S\n]+"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百\d]{1,5}[章节条][\s\u3000：:]|[IVX]{1,4}\.[^\S\n]+|[①-⑳]"
    r"|\[[^\]\n]{1,60}\]:[^\S\n]|\||```|~~~|:::|<[!/A-Za-z])"
)
#: ``1.1 Rent``, ``2.1.3. Roofs``, ``3.2电力``: a number of several parts, that may also be a figure inside a sentence.
_CLAUSE = re.compile(rf"[^\S\n]*(\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})(?:\.?[^\S\n]+|(?=[{HAN}]))")
_ROMAN = re.compile(r"[IVX]{1,4}")
#: ``3. Roofs``, ``3、 屋顶``
_NUMBER = re.compile(r"[^\S\n]*(\d{1,2})[.)、]")
_ALONE = re.compile(r"[^\S\n]*(?:#{1,6}\s|\||```|~~~|:::)")
_TRIM = re.compile(
    r"\s*(?:>\s*)*(?:(?:#{1,6}|[-*+·–•●○■□▪◦‣◆►➢✓✔]|\d{1,3}[.)]|\|)\s+|[•●○■□▪◦‣◆►➢✓✔]\s*|\d{1,2}、"
    r"|\[\^[^\]\s]{1,30}\]:\s+"
    r"|[(（]\d{1,2}[)）]\s*|[一二三四五六七八九十]{1,3}、|[①-⑳]\s*|\|)?(?:\[[ xX]\]\s+)?"
)
#: ``注册资本：500 万元``, ``2024年产量：3 吨``, ``**Founded:** 1998``: a name of few words and its value, on one line
_LABELLED = re.compile(
    rf"[^\S\n]*+(?:\*\*|__)?(?:\d{{4}} ?)?[A-Za-z{HAN}（(]"
    r"(?:[^\s:：。，；！？,;!?]|[^\S\n](?!\s)){0,30}+"
    r"(?:\*\*|__)?(?:：|:(?=[\s*_]))(?!\s*\Z).{1,80}\Z"
)
#: What a table's row or a list's item begins with: there figures say something by themselves.
_ROWS = ("|", "- ", "* ", "+ ", "• ")
_UNSAID = re.compile("|".join(hidden.pattern for hidden in (IMAGE, TAG, SHORTCODE)))
#: ``[census]: https://a.org``, not the note ``[^1]: Estimated.``
_DEFINITION = re.compile(r"\s*\[[^\]^][^\]]*\]:\s*\S+")
#: What leads the eye from a name to its figure: ``Child ........ 6.00``
_LEADER = "....."

#: What every stop begins with: looked for alone, it is found three times as fast.
_MARK_OF_STOP = re.compile("[。！？｡!?.…]")
_STOP = re.compile(
    rf"([。！？｡][。！？｡!?…]*)"
    rf"|(?<![!?])[!?]++(?=[\s\"'”’」』）)\]】》*_`\[]|[{HAN}《“「]|$)|(?<=[{HAN}”）)])[!?]++"
    rf"|\.(?=[\s\"'”’」』）)\]】》*_`]|[{HAN}《“「]|\[\^?\d|$)"
    rf"|(?<=[a-z]{{3}})\.\d{{1,2}}(?=\s+[A-Z])"
    rf"|…(?=[”’」』\"]|\s+[A-Z{HAN}])"
)
#: What a line ends in before a number that counts clauses.
_ENDS = frozenset("。.;；:：!！?？")
_CLOSERS = "”’」』）)]】》〉"
_PAIRED = "\"'*_`"
_FOOTNOTE = re.compile(r"(?:\[\^?\d{1,3}\])+")
_IS_HAN = re.compile(rf"[{HAN}]")
_NEXT_WORD = re.compile(r"\s*[\"'“‘(\[*_`]*([^\s,.;:!?]*)")

#: Never the end of a sentence.
_ABBREVIATION = re.compile(
    r"e\.g|i\.e|eg|ie|cf|vs|viz|dr|mr|mrs|ms|prof|rev|gen|col|capt|lt|sgt|hon|st|mt|messrs|approx|ca|incl|excl"
    r"|resp|esp|dept|est|repr|ed|eds|trans"
)
#: Not the end of one before a number: "No. 5", "Fig. 3".
_NUMBERED = re.compile(
    r"no|nos|fig|figs|sec|vol|p|pp|ch|chap|art|eq|ver|v|para|tab|ref|refs|jan|feb|mar|apr|jun|jul|aug|sep|sept"
    r"|oct|nov|dec"
)
#: The end of one only before a word that begins sentences: "in the U.S. It grew".
_NAME = re.compile(r"inc|ltd|corp|co|llc|jr|sr|a\.m|p\.m|ph\.d|al|bros")
_STARTER = re.compile(
    r"the|this|these|that|those|it|its|in|on|at|we|our|they|their|he|she|but|and|however|for|from|as|if|when"
    r"|while|there|with|by|a|an|after|before|since|during|also|to"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences in order: contiguous, covering the text, none blank unless the text is.

    ``"增长 1.16 倍。好。" -> [(0, 10), (10, 12)]``. White space after a sentence belongs to it.
    """
    if not text:
        return []
    starts = blocks(text)
    cuts = sorted({*starts[1:], *_stops(text, starts), len(text)})
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in cuts:
        if text[start:cut].isspace():
            if spans:
                spans[-1] = (spans[-1][0], cut)
                start = cut
            continue
        if cut - start > LONGEST:
            spans += _shorter(text, start, cut)
        else:
            spans.append((start, cut))
        start = cut
    return spans or [(0, len(text))]


def quotable(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans in [start, end) worth quoting, trimmed: no blanks, bullets or heading marks; a row is one span.

    Left out is what has no letters (rules; figures alone, but for rows and list items), and comments, images, tags.
    Offsets count in ``text``.
    """
    part = text[start:end]
    hidden = [m.span() for m in COMMENT.finditer(part)] if "<!--" in part else []
    found = []
    for sentence in sentences(part):
        for first, last in _outside(*sentence, hidden):
            opens = first == 0 or part[max(0, first - 200) : first].rstrip(" \t").endswith("\n")
            if opens and (trimmed := _TRIM.match(part, first, last)):
                first = trimmed.end()
            first, last = _trimmed(part, first, last)
            piece = part[first:last]
            if piece[:1] == "<" or "![" in piece or "{{" in piece:
                piece = _UNSAID.sub("", piece)
            says = any(map(str.isalpha, piece)) or (
                any(map(str.isalnum, piece)) and part.startswith(_ROWS, part.rfind("\n", 0, first) + 1)
            )
            if says and not piece.startswith(FENCES) and not _DEFINITION.match(piece):
                found.append((start + first, start + last))
    return found


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """[first, last) without white space, tags and ends of table rows around it, or half a pair of ``**``."""
    while True:
        before = first, last
        while first < last and text[first].isspace():
            first += 1
        while first < last and (text[last - 1].isspace() or text[last - 1] == "|"):
            last -= 1
        if text.startswith("<", first, last):
            tag = TAG.match(text, first, last)
            first = tag.end() if tag else first
        if text.endswith(">", first, last):
            start = text.rfind("<", first, last)
            last = start if start >= 0 and TAG.fullmatch(text, start, last) else last
        if text.count("**", first, last) % 2:
            if text.startswith("**", first, last):
                first += 2
            elif text.endswith("**", first, last):
                last -= 2
        if (first, last) == before:
            return before


def blocks(text: str) -> list[int]:
    """The offsets at which blocks begin: paragraphs, list items, headings, rows, lines of code; first 0."""
    starts = []
    position = 0
    fresh = True
    fenced = False
    before = ""
    clause: tuple[int, ...] = ()
    labelled = -1  # where the line before starts, if it reads ``name: value``
    for line in text.split("\n"):
        stripped = line.strip()
        named = len(stripped) < 120 and (":" in stripped or "：" in stripped) and _LABELLED.match(line)
        label = position if named else -1
        if not stripped:
            fresh = True
        elif stripped[0] in "=-*_" and RULE.match(line):
            if fresh:
                starts.append(position)
            fresh = True
        else:
            quoted = stripped[0] == ">" and not before.lstrip().startswith(">")
            pair = labelled >= 0 and label >= 0 and not _goes_on(before)
            if pair and starts and starts[-1] < labelled:
                starts.append(labelled)
            number = _number(line) if stripped[0].isdigit() else ()
            counted = len(number) > 1 and (fresh or before.rstrip()[-1:] in _ENDS or _follows(clause, number))
            if fresh or fenced or quoted or pair or counted or MARK.match(line) or _breaks(before, stripped):
                starts.append(position)
            if counted or len(number) == 1:
                clause = number
            if stripped.startswith(FENCES):
                fenced = not fenced
            fresh = _ALONE.match(line) is not None or _LEADER in line
            before = line
        labelled = label
        position += len(line) + 1
    if not starts or starts[0] != 0:
        starts[:1] = [0]
    return starts


def _number(line: str) -> tuple[int, ...]:
    """The number that a line begins with, by its parts: ``1.2 Rent`` -> (1, 2); () where there is none."""
    found = _CLAUSE.match(line) or _NUMBER.match(line)
    return tuple(map(int, found[1].split("."))) if found else ()


def _follows(before: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Is a number the next after one, at its depth, deeper or less deep: 1.2 -> 1.3, 1.2.1, 2, 2.1?"""
    nexts = [before, *((*before[:depth], before[depth] + 1) for depth in range(len(before)))]
    return bool(before) and any(
        number != before and number[: len(start)] == start and set(number[len(start) :]) <= {1} for start in nexts
    )


def _breaks(before: str, line: str) -> bool:
    """Was the line before meant to end there? It is less than half as long, or ends in two spaces."""
    if line[0].islower() or line.startswith(": ") or _goes_on(before):
        return False
    return before.endswith(("  ", "\\")) or (len(before.strip()) * 2 < len(line) and not MARK.match(before))


def _goes_on(line: str) -> bool:
    """Does a line end in what goes on in the next? So does one that is empty."""
    return line.rstrip()[-1:] in ",，、;；(（-—"


def _stops(text: str, starts: list[int]) -> list[int]:
    """Where sentences end inside their blocks."""
    ends = []
    done = 0
    marks = _Marks(text)
    for mark in _MARK_OF_STOP.finditer(text):
        stop = mark.start()
        if stop < done or not (match := _STOP.match(text, stop)) or text.endswith(_LEADER, 0, stop + 1):
            continue
        end = done = match.end()
        block = starts[bisect_right(starts, stop) - 1]
        if match[1] is None and not _ends_latin(text, stop, end, block):
            continue
        end = _closed(text, end, block, stop, marks)
        after = text[end : end + 1]
        apart = not after or after.isspace() or _IS_HAN.match(after) or after in "《“「"
        if (
            match[1] is None
            and not apart
            and not (stop and (_IS_HAN.match(text[stop - 1]) or text[stop - 1] in "”）)"))
        ):
            continue
        while end < len(text) and text[end] in " \t\u3000\u00a0":
            end += 1
        if text[end : end + 1] == "\n":
            end += 1
        ends.append(end)
        done = end
    return ends


class _Marks:
    """Which quotes and bold marks are open at a stop; no character of a block is counted twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._counted: dict[str, tuple[int, int, int]] = {}

    def is_open(self, mark: str, block: int, stop: int) -> bool:
        """Does the mark stand an odd number of times between the block's start and the stop?"""
        start, done, count = self._counted.get(mark, (block, block, 0))
        if start != block:
            done, count = block, 0
        count += self._text.count(mark, done, stop)
        self._counted[mark] = block, stop, count
        return count % 2 == 1


def _closed(text: str, end: int, block: int, stop: int, marks: _Marks) -> int:
    """The end moved behind the quotes, brackets and bold marks that close here."""
    while end < len(text):
        char = text[end]
        if char in _CLOSERS:
            end += 1
        elif char == "[" and (note := _FOOTNOTE.match(text, end)):
            end = note.end()
        elif char in _PAIRED:
            mark = "**" if text.startswith("**", end) else char
            if not marks.is_open(mark, block, stop):
                break
            end += len(mark)
        else:
            break
    return end


def _ends_latin(text: str, stop: int, end: int, block: int) -> bool:
    """Does the stop at [stop, end), one of ``. ! ? …``, end a sentence?"""
    before = text[stop - 1 : stop] if stop else ""
    word = _NEXT_WORD.match(text, _skip_closers(text, end))
    following = word[1] if word else ""
    small = following[:1].islower() and following.islower() and not any(c.isdigit() for c in following)
    if text[stop] in "!?":
        return not small
    if text[stop] == "…":
        return True
    if before == "." or text[end : end + 1] == ".":
        return bool(following) and not small
    if _IS_HAN.match(before) or before in "”’」』）】》":
        return True
    token = text[max(block, stop - 24) : stop].split()
    last = token[-1].lstrip("([\"'“‘*_（") if token else ""
    lowered = last.lower()
    if (lowered.isdigit() or _ROMAN.fullmatch(last)) and not text[block : min(stop - len(last), block + 24)].strip(
        " \t\n>#-*+•([（"
    ):
        return False
    if _ABBREVIATION.fullmatch(lowered):
        return False
    if _NUMBERED.fullmatch(lowered) and following[:1].isdigit():
        return False
    initials = (len(last) == 1 and last.isupper()) or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", last) is not None
    if _NAME.fullmatch(lowered) or initials:
        return not small and _STARTER.fullmatch(following.lower()) is not None
    if small:
        return lowered != "etc" and len(last) >= 4 and last.isalpha() and last.islower()
    return True


def _skip_closers(text: str, end: int) -> int:
    while end < len(text) and (text[end] in _CLOSERS or text[end] in _PAIRED):
        end += 1
    return end


def _shorter(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A very long sentence cut at the last of its semicolons, commas or spaces that keeps each piece short enough."""
    spans = []
    while end - start > LONGEST:
        low, high = start + LONGEST // 3, start + LONGEST
        for separator in ("；", "; ", " | ", "，", ", ", "、", " ", "\n"):
            cut = text.rfind(separator, low, high)
            if cut >= 0:
                cut += len(separator)
                break
        else:
            cut = high
        while cut < end and text[cut].isspace():
            cut += 1
        spans.append((start, cut))
        start = cut
    if start < end:
        spans.append((start, end))
    return spans


def _outside(first: int, last: int, hidden: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of [first, last) outside the hidden spans."""
    if not hidden:
        return [(first, last)]
    kept = []
    for start, end in hidden:
        if end <= first or start >= last:
            continue
        if first < start:
            kept.append((first, start))
        first = max(first, end)
    if first < last:
        kept.append((first, last))
    return kept
