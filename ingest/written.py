"""What every reader gives: a report's text written out as Markdown, where its pages start, what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from records import Told
from text.tables import is_figure

#: The kinds of files that are read, for messages.
KNOWN = Told(
    "Markdown (.md), text (.txt), HTML, PDF, DOCX, PPTX, XLSX, CSV or EPUB",
    "Markdown（.md）、文本（.txt）、HTML、PDF、DOCX、PPTX、XLSX、CSV 或 EPUB",
)


#: Signs that stand before a figure, and behind one.
_BEFORE = frozenset(("$", "US$", "€", "£", "¥", "￥", "RMB", "USD", "EUR", "(", "$("))
_BEHIND = frozenset((")", "%", "％", ")%", "%)"))


class Unreadable(ValueError):
    """A file that cannot be read; the text names the file, the reason and what to do. ``chinese`` says the same."""

    def __init__(self, name: str, why: Told) -> None:
        super().__init__(f"{name}: {why}")
        self.why, self.chinese = why, f"{name}：{why.chinese}"


def broken(name: str, kind: str, error: Exception) -> Unreadable:
    """What is said of a file that cannot be read to its end; of what a library says of it, the first line."""
    why = (str(error) or type(error).__name__).splitlines()[0].rstrip(". ")
    return Unreadable(
        name,
        Told(
            f"is no whole {kind} file ({why}). Open it in its program and save it again.",
            f"不是完整的 {kind} 文件。请用原来的程序打开后重新保存。",
        ),
    )


def unopened(name: str, error: OSError) -> Unreadable:
    """What is said of a file that the system does not open."""
    return Unreadable(
        name,
        Told(
            f"cannot be opened ({error.strerror}). Check its permissions.",
            f"打不开（{error.strerror}）。请检查它的访问权限。",
        ),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What a reader found in a file.

    ``pages[i]`` is the offset at which page ``i + 1`` starts. ``about`` is what the file says of itself: title,
    publisher, published, language, source, and ``name``, a title that counts less than the first heading.
    ``left_out`` says in sentences what of it was not read, and why: ``page 3 is an image without text``.
    """

    text: str
    pages: tuple[int, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def newlines(text: str) -> str:
    """The text with ``\\n`` at the end of every line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def table(rows: Sequence[Sequence[str]], headers: int = 1) -> str:
    """Rows of cells as a Markdown table; ``headers`` rows on top become one header, joined from above to below.

    Cells are put on one line and bars in them escaped; short rows are filled up, columns and rows without a word are
    left out; signs (``$``, ``)``, ``%``) that have a column of their own go to their figures. A merged cell is given
    again in every row and column it covers. Without a row below them, headers are rows. Two tables side by side are
    written one below the other. "" where nothing is left.
    ``[["", "2023", "2022"], ["Revenue", "5", "4"]]`` ->
    ``|  | 2023 | 2022 |\\n| --- | --- | --- |\\n| Revenue | 5 | 4 |\\n``
    """
    width = max((len(row) for row in rows), default=0)
    if len(rows) <= headers:  # names of nothing
        rows, headers = [[""] * width, *rows], 1
    cells = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in cells)]
    header = [" ".join(dict.fromkeys(filter(None, (row[column] for row in cells[:headers])))) for column in kept]
    body = [[row[column] for column in kept] for row in cells[headers:]]
    _put_signs(header, body)
    second = _second(header, body)
    sides = [slice(None, second), slice(second, None)] if second else [slice(None)]
    return "\n".join(_drawn(header[side], [row[side] for row in body]) for side in sides) if kept else ""


def _drawn(header: list[str], body: Sequence[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *(row for row in body if any(row))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _second(header: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """The column in which a second table begins beside a first: it has names, and what follows is called alike.

    ``资产 | 期末 | 期初 | 负债 | 期末 | 期初``: 3; 0 where there is one table.
    """
    middle, odd = divmod(len(header), 2)
    if odd or middle < 2 or not all(header[1:middle]) or list(header[1:middle]) != list(header[middle + 1 :]):
        return 0
    for first in (0, middle):
        names = [row[first] for row in body if row[first]]
        values = [cell for row in body for cell in row[first + 1 : first + middle]]
        if 2 * len(names) < len(body) or any(map(is_figure, names)) or not any(map(is_figure, values)):
            return 0
    return middle


def _put_signs(header: list[str], body: Sequence[list[str]]) -> None:
    """Put the signs that stand in a column of their own, without another name, to the figures beside them."""
    for column in range(len(header) - 1, 0, -1):
        signs = {row[column] for row in body} - {""}
        for beside, kinds in ((column + 1, _BEFORE), (column - 1, _BEHIND)):
            if 0 < beside < len(header) and signs <= kinds and header[column] in ("", header[beside]):
                for row in body:
                    row[beside] = "".join(row[place] for place in sorted((column, beside)))
                for row in (header, *body):
                    del row[column]
                break


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
