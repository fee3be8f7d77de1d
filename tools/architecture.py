"""The picture of the house, drawn from what its modules import, into docs/architecture.svg."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from index.commands import Parser

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
#: What stands beside the house: tests know everything.
BESIDE = {"tests", "docs", "deploy", "reports", "models", "var"}
#: What a room is for, in few words; a room that is not named here shows its name alone.
FOR = {
    "app": "python app.py",
    "web": "API, page, MCP",
    "answer": "sentences that cite, checked",
    "index": "search, store, build",
    "ingest": "files to passages",
    "text": "words, figures, periods",
    "records": "what flows",
    "settings": "what is chosen",
    "prompts": "what an LLM is told",
    "eval": "how good is it?",
    "train": "the models",
    "tools": "for who works on it",
}
#: Sizes, in points.
_WIDTH, _HEIGHT, _ROOM, _STOREY, _EDGE = 190, 52, 36, 64, 24
Rooms = Mapping[str, frozenset[str]]


class Place(NamedTuple):
    """Where a room is drawn: the left and the upper end of its box."""

    x: float
    y: float


def rooms(root: Path = ROOT) -> dict[str, frozenset[str]]:
    """Room -> the other rooms its modules import, inside their functions too: {"text": {"records"}, ...}."""
    files = {path.stem: [path] for path in root.glob("*.py")}
    for folder in sorted(root.iterdir()):
        is_room = folder.is_dir() and not folder.name.startswith(".") and folder.name not in BESIDE
        if is_room and (found := sorted(folder.rglob("*.py"))):
            files[folder.name] = found
    imported = {room: {name for path in paths for name in _imports(path)} for room, paths in files.items()}
    return {room: frozenset(names & files.keys() - {room}) for room, names in sorted(imported.items())}


def _imports(path: Path) -> Iterable[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def storeys(known: Rooms) -> list[list[str]]:
    """The rooms by storey, the ground first; each stands above all that it imports. Raises ValueError in a circle."""

    @cache
    def height(room: str, above: tuple[str, ...] = ()) -> int:
        if room in above:
            raise ValueError(f"{' imports '.join((*above, room))}: imports should run one way.")
        return 1 + max((height(other, (*above, room)) for other in known[room]), default=-1)

    found = defaultdict(list)
    for room in sorted(known):
        found[height(room)].append(room)
    return [found[number] for number in sorted(found)]


def arrows(known: Rooms) -> list[tuple[str, str]]:
    """Room and imported room, without those that others of its imports lead to anyway."""

    @cache
    def reached(room: str) -> frozenset[str]:
        return known[room].union(*(reached(other) for other in known[room]))

    return [
        (room, other)
        for room, others in known.items()
        for other in sorted(others)
        if not any(other in reached(between) for between in others - {other})
    ]


def drawn(known: Rooms) -> str:
    """The picture as SVG: the app on top, what knows nothing on the ground, an arrow from each to what it imports."""
    floors = storeys(known)[::-1]
    most = max(map(len, floors))
    width = 2 * _EDGE + most * _WIDTH + (most - 1) * _ROOM
    height = 2 * _EDGE + len(floors) * _HEIGHT + (len(floors) - 1) * _STOREY
    places: dict[str, Place] = {}
    for storey, floor in enumerate(floors):
        left = (width - len(floor) * _WIDTH - (len(floor) - 1) * _ROOM) / 2
        for number, room in enumerate(floor):
            places[room] = Place(left + number * (_WIDTH + _ROOM), _EDGE + storey * (_HEIGHT + _STOREY))
    lines = [_arrow(places[room], places[other]) for room, other in arrows(known)]
    boxes = [_box(room, places[room]) for room in sorted(places)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
            "<title>Which room imports which</title>",
            '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#475569"/></marker></defs>',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def _arrow(above: Place, below: Place) -> str:
    x, y, to_x, to_y = above.x + _WIDTH / 2, above.y + _HEIGHT, below.x + _WIDTH / 2, below.y
    bend = (to_y - y) / 2
    line = f"M{x:g} {y:g}C{x:g} {y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y:g}"
    if to_y - y > _STOREY and to_x != x:  # past the storeys between, beside their rooms
        side, middle = above.x if to_x < x else above.x + _WIDTH, above.y + _HEIGHT / 2
        line = f"M{side:g} {middle:g}Q{to_x:g} {middle:g} {to_x:g} {middle + _STOREY:g}V{to_y:g}"
    return f'<path d="{line}" fill="none" stroke="#475569" stroke-width="1.3" marker-end="url(#end)"/>'


def _box(room: str, place: Place) -> str:
    middle = place.x + _WIDTH / 2
    said = (
        f'<text x="{middle:g}" y="{place.y + 40:g}" font-size="12" fill="#475569">{escape(FOR[room])}</text>'
        if room in FOR
        else ""
    )
    return (
        f'<g text-anchor="middle"><rect x="{place.x:g}" y="{place.y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="8"'
        f' fill="#f0fdfa" stroke="#0f766e"/><text x="{middle:g}" y="{place.y + 22:g}" font-size="15"'
        f' font-weight="600" fill="#0f172a">{escape(room)}</text>{said}</g>'
    )


def main(arguments: list[str] | None = None) -> None:
    """Writes the picture."""
    about = "Draws which room imports which, into docs/architecture.svg."
    Parser(prog="python -m tools.architecture", description=about).parse_args(arguments)
    PICTURE.write_text(drawn(rooms()), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
