"""Bytes -> text, whatever they were encoded in."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Mapping

from ingest.written import KNOWN, Unreadable
from records import Told

#: A byte order mark and what it marks; the longer ones first, for that of UTF-32 begins like one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What lines are tried in, and how messages call it.
_NAMES: Mapping[str, str] = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5hkscs": "Big5", "cp1252": "Windows-1252"}
#: A line with its end; files of old Macs end theirs in a carriage return alone.
_LINE = re.compile(rb"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
#: A reading of which fewer characters are to be expected is none.
_LEAST = 0.15
#: One of which so many are, is sure.
_CLEAR = 0.5
#: So many of a line's characters may be damaged in UTF-8 and the rest of it still counts.
_DAMAGE = 0.1
#: So many bytes tell whether a file is UTF-16.
_SAMPLE = 65536
#: Messages name so many lines.
_SHOWN = 5


def decode(data: bytes, name: str) -> str:
    """Text of bytes: by its byte order mark, else as UTF-8, else as what gives the most common characters.

    Raises Unreadable when it is no text in any encoding.
    """
    return decoded(data, name)[0]


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of bytes as ``decode`` gives it, and in sentences what of it had to be mended. Raises Unreadable."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return _unicode(data, encoding, name) if encoding != "utf-8" else _by_lines(data, name)
    if encoding := _unmarked(data):
        return _unicode(data, encoding, name)
    return _by_lines(data, name)


def _unicode(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Text in UTF-16 or UTF-32; a character that is cut or no character becomes U+FFFD."""
    text = data.decode(encoding, "replace").rstrip("\0")
    broken = text.count("\ufffd")
    if broken > 1 + _DAMAGE * len(text):
        marked = encoding.upper()
        raise Unreadable(
            name,
            Told(f"is marked as {marked} and is not. Save it as UTF-8.", f"标明是 {marked}，其实不是。请存成 UTF-8。"),
        )
    damage = Told(
        f"{broken} character{'s' * (broken > 1)} cannot be read (\ufffd).", f"有 {broken} 个字符读不出来（\ufffd）。"
    )
    return checked(text, name), (damage,) if broken else ()


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark, told by its zeros or, in Chinese, by its common characters; "" for all else."""
    sample = data[:_SAMPLE].rstrip(b"\0")
    sample = data[: len(sample) + len(sample) % 2]
    if len(sample) < 4 or (b"\0" not in sample and _is_utf8(data)):
        return ""
    best, share = "", 0.4
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        readable = len(_PRINTABLE.findall(text)) + len(_COMMON_CHARACTER.findall(text))
        if readable > share * len(text):
            best, share = encoding, readable / len(text)
    return best


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _by_lines(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text in encodings in which no character holds the byte of a newline: each line as it reads best."""
    data = data.rstrip(b"\0")
    if _is_utf8(data):
        return _without_zeros(data.decode("utf-8"), name)
    lines = _LINE.findall(data)
    mostly, encodings = _encodings(lines)
    hopeless = sum(len(lines[number]) for number, encoding in encodings.items() if not encoding)
    if hopeless * 2 > sum(len(lines[number]) for number in encodings):
        raise Unreadable(
            name,
            Told(
                "its characters are neither UTF-8, GB18030 nor Big5. Save it as UTF-8.",
                "字符编码不是 UTF-8、GB18030 或 Big5。请存成 UTF-8。",
            ),
        )
    texts = [line.decode(encodings.get(number) or "utf-8", "replace") for number, line in enumerate(lines)]
    text, mended = _without_zeros("".join(texts), name)
    others = defaultdict(list)
    for number, encoding in encodings.items():
        if encoding and encoding != mostly:
            others[_NAMES[encoding]].append(number + 1)
    said = [_otherwise(numbers, other) for other, numbers in others.items()]
    damaged = [number + 1 for number, line in enumerate(texts) if "\ufffd" in line]
    return text, (*said, *((_damaged(text, damaged),) if damaged else ()), *mended)


def _encodings(lines: list[bytes]) -> tuple[str, dict[int, str]]:
    """What most of the lines are in, and by number what each that is not ASCII is in, "" where nothing fits."""
    foreign = [number for number, line in enumerate(lines) if not line.isascii()]
    bad = {number for number in foreign if not _is_utf8(lines[number])}
    usual, share = _usual([lines[number] for number in bad])
    if share > _CLEAR and len(bad) == len(foreign) and _reads(b"".join(lines), usual):
        return usual, dict.fromkeys(foreign, usual)
    half = sum(len(lines[number]) for number in foreign) / 2
    if usual and sum(len(lines[number]) for number in bad) > half:
        return usual, {number: _encoding_of(lines[number], usual) for number in foreign}
    return "utf-8", {number: _encoding_of(lines[number], usual) if number in bad else "utf-8" for number in foreign}


def _usual(lines: list[bytes]) -> tuple[str, float]:
    """What most of these lines, which are no UTF-8, are in, and its share; "" where that is nothing we know."""
    sample = b"".join(lines[:2000])[:_SAMPLE]
    shares = {encoding: _share(sample, encoding) for encoding in _NAMES if encoding != "utf-8"}
    best = max(shares, key=lambda encoding: shares[encoding])
    return (best, shares[best]) if shares[best] > _LEAST else ("", 0.0)


def _encoding_of(line: bytes, usual: str) -> str:
    """UTF-8 where little of a line is damaged, else what gives the most common characters; "" where none does."""
    text = line.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken and broken <= _DAMAGE * len(_FOREIGN.findall(text)):
        return "utf-8"
    shares = {encoding: _share(line, encoding) for encoding in _NAMES}
    if usual and shares[usual]:  # a short line tells little by itself
        shares[usual] += 0.1
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > _LEAST else ""


def _share(line: bytes, encoding: str) -> float:
    """The share of characters to be expected among those that are not ASCII; 0 where it cannot be read so."""
    if encoding == "cp1252":
        runs, alone = len(_HIGH_BYTES.findall(line)), len(_WESTERN.findall(line))
        return 0.9 if alone > 0.8 * runs and len(line) > 4 * runs and _reads(line, encoding) else 0.0
    text = line.decode(encoding, "replace")
    foreign = len(_FOREIGN.findall(text))
    if encoding != "utf-8" and text.count("\ufffd") > _DAMAGE * foreign:
        return 0.0
    expected = len(_COMMON_CHARACTER.findall(text)) + (len(_LATIN.findall(text)) if encoding == "utf-8" else 0)
    return expected / foreign if foreign else 0.0


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _without_zeros(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The text with a stray NUL made a blank; many of them make it binary data."""
    zeros = text.count("\0")
    if not zeros or zeros * 200 > len(text):
        return checked(text, name), ()
    return checked(text.replace("\0", " "), name), (
        Told(
            f"{zeros} NUL character{'s' * (zeros > 1)} read as blank{'s' * (zeros > 1)}.",
            f"有 {zeros} 个空字符（NUL）按空格读入。",
        ),
    )


def _named(numbers: list[int]) -> Told:
    """``[3]`` -> ``Line 3 is``, ``[3, 9]`` -> ``Lines 3, 9 are``; ``第 3、9 行``."""
    shown, more = list(map(str, numbers[:_SHOWN])), len(numbers) > _SHOWN
    english = f"Lines {', '.join(shown)}{' and others' if more else ''} are" if numbers[1:] else f"Line {shown[0]} is"
    return Told(english, f"第 {'、'.join(shown)}{' 等' if more else ' '}行")


def _otherwise(lines: list[int], encoding: str) -> Told:
    named = _named(lines)
    return Told(f"{named} read as {encoding}, unlike the rest.", f"{named.chinese}按 {encoding} 读入，与其余部分不同。")


def _damaged(text: str, lines: list[int]) -> Told:
    count, named = text.count("\ufffd"), _named(lines)
    return Told(
        f"{named} damaged: {count} character{'s' * (count > 1)} cannot be read (\ufffd).",
        f"{named.chinese}有损坏：{count} 个字符读不出来（\ufffd）。",
    )


#: Characters that no text holds.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def checked(text: str, name: str) -> str:
    """The text itself. Raises Unreadable when it is binary data."""
    controls = len(_CONTROL.findall(text, 0, 20000))
    if "\0" in text or controls > 0.01 * min(len(text), 20000) + 2:
        raise Unreadable(
            name,
            Told(
                f"holds binary data, not text. Save it as {KNOWN}.",
                f"里面是二进制数据，不是文字。请存成 {KNOWN.chinese}。",
            ),
        )
    return text


#: The most frequent characters of Chinese text, simplified and traditional.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己"
    "话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五"
    "太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今"
    "京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队"
    "這來國個說們為時學對後麼沒於還發當無開從動兩長樣現將與進實點聲話問機給業間門東見電頭經過運關產萬體別處總場師書員報馬張難數車應親"
    "務解記邊風戰接許覺題統請愛讓認論義術結遠資隊網絡雲據開報業務導計設構變調權協議類價權標準測試驗證環境應該達廣選項區團創優質績增長率營"
    "，。、；：？！“”‘’（）《》「」『』【】—…·％０１２３４５６７８９"
)


_COMMON_CHARACTER = re.compile(f"[{''.join(sorted(_COMMON))}]")
_PRINTABLE = re.compile(r"[\t\n\r -~]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
#: A letter or mark of Western languages that stands alone among ASCII: ``café``, ``it’s``
_LATIN = re.compile(r"(?<![^\x00-\x7f])[À-ſ“”‘’–—…•€£©®°](?![^\x00-\x7f])")
#: The same in Windows-1252, one behind the other in ``café’s``; ``€``, ``£`` and ``°`` beside figures too
_WESTERN = re.compile(
    rb"(?<![\x80-\xff])(?:(?<=[A-Za-z])[\xc0-\xff][\x91-\x97]?|[\xc0-\xff](?=[A-Za-z])|[\x80\x91-\x97\xa3\xa9\xae\xb0])"
    rb"(?![\x80-\xff])"
)
