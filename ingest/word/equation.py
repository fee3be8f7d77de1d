"""An equation of Word on one line: ``a/b``, ``x²``, ``√(x + 1)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ingest.word.parts import Element, M, W

_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")


def equation(element: Element) -> str:
    """The words and signs of an equation, or of a part of one, in the order they are read."""
    if element.tag in (f"{M}t", f"{W}t"):
        return element.text or ""
    if element.tag.startswith(W) and element.tag in (f"{W}del", f"{W}moveFrom", f"{W}rPr"):
        return ""
    shape = _SHAPES.get(element.tag)
    return shape(element) if shape else "".join(map(equation, element))


def superscript(words: str) -> str | None:
    """Digits as raised signs: ``-2`` -> ``⁻²``; None where there is more than digits."""
    return words.translate(_RAISED) if re.fullmatch(r"[+\-−–]?\d+|n", words) else None


def _part(element: Element, name: str) -> str:
    found = element.find(M + name)
    return equation(found).strip() if found is not None else ""


def _whole(words: str) -> str:
    """In brackets where it is more than one word or number: ``a + b`` -> ``(a + b)``."""
    return words if re.fullmatch(r"[\w.,%]*", words) else f"({words})"


def _said(element: Element, properties: str, name: str, usual: str) -> str:
    """A sign that an element's properties name, such as its bracket."""
    found = element.find(f"{M}{properties}/{M}{name}")
    return usual if found is None else found.get(f"{M}val", "")


def _power(element: Element) -> str:
    return _whole(_part(element, "e")) + _above(_part(element, "sup"))


def _above(words: str) -> str:
    return (superscript(words) or f"^{_whole(words)}") if words else ""


def _below(words: str) -> str:
    return f"_{_whole(words)}" if words else ""


def _root(element: Element) -> str:
    return f"{_above(_part(element, 'deg')).removeprefix('^')}√{_whole(_part(element, 'e'))}"


def _brackets(element: Element) -> str:
    parts = [equation(part).strip() for part in element.findall(f"{M}e")]
    opening, closing = _said(element, "dPr", "begChr", "("), _said(element, "dPr", "endChr", ")")
    return opening + _said(element, "dPr", "sepChr", "|").join(parts) + closing


def _sum(element: Element) -> str:
    sign = _said(element, "naryPr", "chr", "∫")
    return f"{sign}{_below(_part(element, 'sub'))}{_above(_part(element, 'sup'))} {_part(element, 'e')}"


def _matrix(element: Element) -> str:
    rows = (", ".join(equation(cell).strip() for cell in row) for row in element.findall(f"{M}mr"))
    return f"[{'; '.join(rows)}]"


_SHAPES: Mapping[str, Callable[[Element], str]] = {
    f"{M}f": lambda e: f"{_whole(_part(e, 'num'))}/{_whole(_part(e, 'den'))}",
    f"{M}sSup": _power,
    f"{M}sSub": lambda e: _whole(_part(e, "e")) + _below(_part(e, "sub")),
    f"{M}sSubSup": lambda e: _whole(_part(e, "e")) + _below(_part(e, "sub")) + _above(_part(e, "sup")),
    f"{M}rad": _root,
    f"{M}d": _brackets,
    f"{M}nary": _sum,
    f"{M}m": _matrix,
    f"{M}eqArr": lambda e: "; ".join(equation(row).strip() for row in e.findall(f"{M}e")),
    f"{M}limLow": lambda e: f"{_part(e, 'e')}{_below(_part(e, 'lim'))}",
    f"{M}limUpp": lambda e: f"{_part(e, 'e')}{_above(_part(e, 'lim'))}",
    f"{M}func": lambda e: f"{_part(e, 'fName')} {_whole(_part(e, 'e'))}",
}
