"""Bytes -> text, whatever they were encoded in."""

from __future__ import annotations

import codecs
import re

from ingest.written import KNOWN, Unreadable

#: So many broken characters in a UTF-8 file are taken for damage; more, for another encoding.
_BROKEN_SHARE = 0.002


def decode(data: bytes, name: str) -> str:
    """Text of bytes: by its byte order mark, else UTF-8, else GB18030 or Big5, whichever gives more common characters.

    Raises Unreadable when it is no text in any of them.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return checked(data.decode(encoding), name)
            except UnicodeDecodeError as error:
                raise Unreadable(f"{name}: is marked as {encoding} and is not. Save it as UTF-8.") from error
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken or (broken <= len(text) * _BROKEN_SHARE and sum(c > "\x7f" for c in text) >= 20 * broken):
        return checked(text, name)
    runs = re.findall(rb"[\x80-\xff]+", data)
    guesses = ["cp1252"] if sum(len(run) == 1 for run in runs) > 0.8 * len(runs) else ["gb18030", "big5hkscs"]
    best, text = 0.15, ""
    for encoding in guesses:
        try:
            decoded = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = 1.0 if encoding == "cp1252" else _common_share(decoded)
        if share > best:
            best, text = share, decoded
    if not text:
        raise Unreadable(f"{name}: its characters are neither UTF-8, GB18030 nor Big5. Save it as UTF-8.")
    return checked(text, name)


#: Characters that no text holds.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def checked(text: str, name: str) -> str:
    """The text itself. Raises Unreadable when it is binary data."""
    controls = len(_CONTROL.findall(text, 0, 20000))
    if "\0" in text or controls > 0.01 * min(len(text), 20000) + 2:
        raise Unreadable(f"{name}: holds binary data, not text. Save it as {KNOWN}.")
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


def _common_share(text: str) -> float:
    """The share of common characters among those that are not ASCII."""
    foreign = [c for c in text if c > "\x7f"]
    return sum(c in _COMMON for c in foreign) / len(foreign) if foreign else 0.0
