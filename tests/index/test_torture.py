"""A part of ``make torture``: what may befall an index is done to it, and nothing is lost, false or read twice."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.generation import KEYWORDS, build, verify
from tools import torture
from tools.torture import Place, Tally, base, both, cut, earlier, files, flip, killed, lose, mended, spoilt


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return base(tmp_path_factory.mktemp("torture"))


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [("idx", flip), ("pos", cut), ("term", lose), ("pos", lose), ("json", cut), ("npy", flip), ("npy", lose)],
)
def test_a_spoilt_file_is_named_shows_nothing_false_and_is_mended(
    place: Place, kind: str, spoil: Callable[[Path, random.Random], None]
) -> None:
    name = next(name for name in files(place) if name.endswith(f".{kind}"))
    spoilt(place, name, spoil, 1, tally := Tally(kind))
    assert (tally.faults, tally.struck) == ([], 1)


def test_keywords_cut_within_their_footer_are_made_anew_without_a_look(place: Place) -> None:
    """tantivy's own assertions, which are no exceptions as others are, end no build."""
    for kind in ("idx", "term", "fieldnorm"):
        with place.copy() as here:
            for path in (here.settings.index / KEYWORDS).glob(f"*.{kind}"):
                os.truncate(path, path.stat().st_size - 9)
            build(here.settings)
            assert verify(here.settings) == []
            assert here.lacks() == []


def test_keywords_that_lack_a_file_are_made_anew_without_a_look(place: Place) -> None:
    with place.copy() as here:
        next((here.settings.index / KEYWORDS).glob("*.pos")).unlink()
        assert verify(here.settings) == ["keywords lacks a file."]
        build(here.settings)
        assert verify(here.settings) == []
        assert here.lacks() == []


def test_what_a_killed_build_left_half_written_is_no_damage(place: Place) -> None:
    with place.copy() as here:
        left = here.settings.index / KEYWORDS / f"{'0' * 32}.idx"
        left.write_bytes(b"half of what was to be wri")
        assert verify(here.settings) == []
        torture.update(here)
        assert mended(here) == []


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize(("action", "call", "number"), [("compact", "renameat", 3), ("upload", "linkat", 1)])
def test_killed_at_a_system_call(place: Place, action: str, call: str, number: int) -> None:
    tally = Tally(action)
    killed(place, action, call, number, tally)
    assert tally.faults == []


def test_two_that_build_at_once(place: Place) -> None:
    both(place, tally := Tally("both"))
    assert tally.faults == []


def test_a_clock_that_is_set_back(place: Place) -> None:
    earlier(place, tally := Tally("earlier"))
    assert (tally.faults, tally.struck) == ([], 1)
