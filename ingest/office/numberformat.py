"""A number or date as its reader sees it: written by the number format of a cell or of a chart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

#: A piece of a number format, one alternative a line.
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"'  # "万元"
    r"|[\\!](?P<escaped>.)"  # \- or, in Chinese formats, !.
    r"|(?P<space>_.)"  # _) leaves the width of a bracket
    r"|\*."  # fills the cell with what follows
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]"  # [$¥-804]
    r"|\[[^\]]*\]"  # [Red], [>=100], [DBNum1]
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<digit>[0#?])"
    r"|(?P<other>.)",
    re.I | re.S,
)
#: Where a section of a format ends: a semicolon outside of quotes, brackets and escapes.
_SECTION = re.compile(r'(?:"[^"]*"|\[[^\]]*\]|[\\!_*].|[^;])+|(?<=;)(?=;|$)|^(?=;)', re.S)
#: ``[>=10000]``
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
#: What dates are counted from in sheets and charts, and the number of the year 10000.
_FIRST_DAY, _LAST_DAY = datetime(1899, 12, 30), 2_958_466
#: From here on digits are no longer exact.
_TOO_LARGE = Decimal(10) ** 20
#: ``0``, ``#,##0.00`` and ``0.0,,``, other pieces written as ``l``.
_USUAL = re.compile(r"l*([#,]*0(?:\.0+)?),*l*")
#: ``0.00E+00`` and ``# ?/?``: written plainly instead.
_UNUSUAL = re.compile(r"E[+-]0|[?#0]\s*/\s*[?#0\d]|@", re.I)


def shown(value: object, code: str) -> str:
    """What a cell of this value and number format shows; text as it is.

    ``shown(0.1234, "0.0%")`` -> ``12.3%``; ``shown(-5, "#,##0_);(#,##0)")`` -> ``(5)``; dates in ISO form, as exactly
    as the format gives them. A format that is not understood leaves the plain number.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, code)
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, code)
    return str(value)


def plain(value: float) -> str:
    """A number without a format: all digits of a whole one, ten of another, never as a power of ten."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.10g}'):f}"


def _number(value: float, code: str) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if (letters := _bare(code).lower()) and re.search("[ymdhs]", letters) and not re.search("[0#?]", letters):
        return _moment(_FIRST_DAY + timedelta(days=value), code) if 0 <= value < _LAST_DAY else plain(value)
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    section, signed = _section(exact, _sections(code))
    layout = _layout(section)
    if layout.unusual or abs(exact) >= _TOO_LARGE:
        return plain(value)
    if layout.general:
        number = plain(abs(value))
        text = "".join(number if kind == "general" else piece for kind, piece in layout.pieces)
    else:
        text = _laid_out(abs(exact), layout)
    # a format that tells a loss by its colour alone would lose its sign here
    if exact < 0 and re.search("[1-9]", text) and not (signed and re.search(r"[-−(（△▲]", text)):
        text = "-" + text
    return " ".join(text.split())


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    return tuple(_SECTION.findall(code or "General")) or ("General",)


def _section(value: Decimal, sections: Sequence[str]) -> tuple[str, bool]:
    """The section of a format that writes this value, and whether it is the one for negative values."""
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, condition[1], Decimal(condition[2])):
                return section, True
        return "General", False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _holds(value: Decimal, sign: str, limit: Decimal) -> bool:
    return (value < limit and "<" in sign) or (value > limit and ">" in sign) or (value == limit and "=" in sign)


@dataclass(frozen=True, slots=True)
class _Layout:
    """A section of a format, read: its pieces as (kind, text), and the places of the digits among them.

    Kinds are ``digit``, ``point``, ``comma``, ``percent``, ``general`` and ``literal``. ``whole`` are the places before
    the decimal point, ``parts`` those after it; ``factor`` is what percent signs and scaling commas multiply by.
    ``around`` is all that a usual format adds to its digits.
    """

    pieces: tuple[tuple[str, str], ...]
    point: int
    whole: tuple[int, ...]
    parts: tuple[int, ...]
    factor: Decimal
    grouped: bool
    general: bool
    unusual: bool
    around: tuple[str, str] | None

    @property
    def shows_zero(self) -> bool:
        """``#`` and ``?`` alone show nothing for zero."""
        return any(piece == ("digit", "0") for piece in self.pieces)


@lru_cache(maxsize=512)
def _layout(section: str) -> _Layout:
    pieces = tuple(_pieces(section))
    kinds = [kind for kind, _ in pieces]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = [n for n, kind in enumerate(kinds) if kind == "digit"]
    whole = tuple(n for n in digits if n < point)
    commas = [n for n, kind in enumerate(kinds) if kind == "comma"]
    # a comma after the last digit, or right before the point, divides by a thousand
    scaling = [n for n in commas if digits and (n > digits[-1] or (whole and whole[-1] < n < point))]
    factor = Decimal(100) ** kinds.count("percent") / Decimal(1000) ** len(scaling)
    return _Layout(
        pieces,
        point,
        whole,
        tuple(n for n in digits if n > point),
        factor,
        len(commas) > len(scaling),
        "general" in kinds,
        _UNUSUAL.search(_bare(section)) is not None,
        _around(pieces),
    )


def _around(pieces: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """What stands before and behind the digits of a usual format, like ``0``, ``0.00`` and ``#,##0.0``; else None."""
    written = "".join(text if kind in ("digit", "point", "comma") else "l" for kind, text in pieces)
    places = _USUAL.fullmatch(written)
    if not places:
        return None
    before, behind = pieces[: places.start(1)], pieces[places.end(1) :]
    return "".join(text for _, text in before), "".join(text for kind, text in behind if kind != "comma")


def _pieces(section: str) -> Iterator[tuple[str, str]]:
    for match in _PIECE.finditer(section):
        kind, text = match.lastgroup, match[0]
        if kind == "other":
            yield {".": "point", ",": "comma", "%": "percent"}.get(text, "literal"), text
        elif kind in ("quoted", "escaped", "currency"):
            yield "literal", match[kind]
        elif kind == "space":
            yield "literal", " "
        elif kind:
            yield kind, text


def _laid_out(value: Decimal, layout: _Layout) -> str:
    """The digits of a value put in the places of a section."""
    scaled = value * layout.factor
    rounded = scaled.quantize(Decimal(1).scaleb(-len(layout.parts)), ROUND_HALF_UP)
    if layout.around:
        before, behind = layout.around
        return f"{before}{rounded:,f}{behind}" if layout.grouped else f"{before}{rounded:f}{behind}"
    digits, _, fraction = f"{rounded:f}".partition(".")
    needed = len("".join(layout.pieces[n][1] for n in layout.parts).rstrip("#?"))
    fraction = fraction[:needed] + fraction[needed:].rstrip("0")
    digits = digits.zfill(sum(layout.pieces[n][1] == "0" for n in layout.whole))
    if not layout.shows_zero and not (digits + fraction).strip("0"):
        digits = ""
    elif layout.grouped:
        digits = f"{int(digits):,}"
    places = _places(digits, layout.whole or (layout.point,))
    places |= dict(zip(layout.parts, fraction, strict=False))
    if fraction:
        places[layout.point] = places.get(layout.point, "") + "."
    return "".join(
        text if kind in ("literal", "percent") else places.get(n, "") if kind in ("digit", "point") else ""
        for n, (kind, text) in enumerate(layout.pieces)
    )


def _places(digits: str, whole: Sequence[int]) -> dict[int, str]:
    """Which digits stand in which place: one in each from the right, all that remain in the first.

    ``_places("43", [0, 2])`` -> ``{2: "3", 0: "4"}``, so that ``0!.0,"万"`` writes 43,000 as ``4.3万``.
    """
    places = {}
    if "," not in digits:
        for place in reversed(whole[1:]):
            digits, places[place] = digits[:-1], digits[-1:]
    return {**places, whole[0]: digits}


@lru_cache(maxsize=512)
def _bare(section: str) -> str:
    """A section without what it quotes: ``yyyy"年"`` -> ``yyyy``."""
    return re.sub(r'"[^"]*"|\[[^\]]*\]|[\\!_*].', "", section)


def _moment(value: date | time | timedelta, code: str) -> str:
    """ISO, as exactly as the format: ``2023-06`` of ``yyyy"年"m"月"``."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    letters = _bare(code.split(";")[0]).lower()
    clock = "%H:%M:%S" if "s" in letters else "%H:%M"
    if isinstance(value, time):
        return value.strftime(clock)
    if "y" in letters and "d" not in letters and "h" not in letters:
        return f"{value.year:04}-{value.month:02}" if "m" in letters else f"{value.year:04}"
    day = f"{value.year:04}-{value.month:02}-{value.day:02}"
    return f"{day} {value.strftime(clock)}" if isinstance(value, datetime) and "h" in letters else day
