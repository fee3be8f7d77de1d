"""The picture of the house: the rooms as they import one another, and the drawn one in step with them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from settings import ROOT
from tools.architecture import FOR, PICTURE, arrows, drawn, rooms, storeys

HOUSE = {
    "app": frozenset({"web", "index", "settings"}),
    "web": frozenset({"index", "settings"}),
    "index": frozenset({"settings"}),
    "settings": frozenset[str](),
}


def test_the_picture_is_in_step_with_the_imports() -> None:
    assert PICTURE.read_text("utf-8") == drawn(rooms()), "Draw it anew: python -m tools.architecture"


def test_every_room_says_what_it_is_for() -> None:
    assert FOR.keys() == rooms().keys()


def test_rooms_are_read_from_imports_those_inside_functions_too(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "store.py").write_text("import json\n\ndef open_it():\n    from records import Report\n")
    (tmp_path / "records.py").write_text("from __future__ import annotations\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("import index.store\n")
    assert rooms(tmp_path) == {"index": {"records"}, "records": set()}


def test_each_room_stands_above_what_it_imports() -> None:
    assert storeys(HOUSE) == [["settings"], ["index"], ["web"], ["app"]]


def test_only_the_nearest_imports_have_an_arrow() -> None:
    assert arrows(HOUSE) == [("app", "web"), ("web", "index"), ("index", "settings")]


def test_a_circle_is_named() -> None:
    with pytest.raises(ValueError, match="index imports web imports index"):
        storeys({"index": frozenset({"web"}), "web": frozenset({"index"})})


def test_the_picture_has_a_box_for_each_room_and_nothing_outside_its_frame() -> None:
    picture = ElementTree.fromstring(drawn(HOUSE))
    space = "{http://www.w3.org/2000/svg}"
    width, height = map(float, picture.attrib["viewBox"].split()[2:])
    boxes = [box for group in picture.iter(f"{space}g") for box in group.iter(f"{space}rect")]
    assert len(boxes) == len(HOUSE)
    for box in boxes:
        assert 0 <= float(box.attrib["x"]) <= width - float(box.attrib["width"])
        assert 0 <= float(box.attrib["y"]) <= height - float(box.attrib["height"])


def test_the_picture_asks_no_other_host() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    assert picture.count("http") == picture.count("http://www.w3.org/2000/svg") == 1
