"""The sample collection: complete front matter, enough to read, and the same figures in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import jieba
import pytest
import yaml

from settings import ROOT

PATHS = sorted((ROOT / "reports").glob("*.md"))
YEARS = ("2024", "2025")
MONTHS = {"January": "1", "December": "12"}


def parts(path: Path) -> tuple[dict[str, str], str]:
    """Front matter, every value as text, and the body."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return {key: str(value) for key, value in yaml.safe_load(front).items()}, body


def digest(year: str, language: str) -> str:
    return parts(ROOT / "reports" / f"cilium-{year}.{language}.md")[1]


def figures(text: str) -> set[str]:
    """The numbers of a text: ``"95% of 1,011 on 7 January 2025"`` -> {95%, 1,011, 7, 1, 2025}."""
    for month, number in MONTHS.items():
        text = text.replace(f" {month} ", f" {number} ")
    return set(re.findall(r"\d+(?:[.,]\d+)*%?", text))


def names(text: str) -> set[str]:
    """The words in Latin letters, in small letters: ``"CNCF 的 BGPv2"`` -> {cncf, bgpv2}."""
    return {name.lower() for name in re.findall(r"[A-Za-z][A-Za-z0-9]*", text)}


def test_each_year_is_told_in_both_languages() -> None:
    assert {path.name for path in PATHS} >= {f"cilium-{year}.{lang}.md" for year in YEARS for lang in ("zh", "en")}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_front_matter_says_all_that_a_citation_shows(path: Path) -> None:
    front, body = parts(path)
    assert set(front) == {"title", "publisher", "published", "language", "source"}
    assert all(front.values())
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", front["published"])
    assert path.name.endswith(f".{front['language']}.md")
    assert body.lstrip().startswith(f"# {front['title']}\n")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_digest_has_900_words_or_more(path: Path) -> None:
    front, body = parts(path)
    words = jieba.lcut(body) if front["language"] == "zh" else body.split()
    assert sum(any(letter.isalnum() for letter in word) for word in words) >= 900


@pytest.mark.parametrize("year", YEARS)
def test_figures_agree_between_the_languages(year: str) -> None:
    assert figures(digest(year, "zh")) == figures(digest(year, "en"))


@pytest.mark.parametrize("year", YEARS)
def test_names_of_the_chinese_digest_are_in_the_english_one(year: str) -> None:
    english = digest(year, "en").lower()
    assert {name for name in names(digest(year, "zh")) if name not in english} == set()


@pytest.mark.parametrize("year", YEARS)
def test_both_languages_have_the_same_sections(year: str) -> None:
    levels = [re.findall(r"(?m)^(#+) ", digest(year, language)) for language in ("zh", "en")]
    assert levels[0] == levels[1]
    items = [len(re.findall(r"(?m)^(?:-|\d\.|\|) ", digest(year, language))) for language in ("zh", "en")]
    assert items[0] == items[1]


def test_the_lost_percentage_is_said_to_be_missing() -> None:
    assert "百分比在原文中缺失" in digest("2025", "zh")
    assert "is missing in the source" in digest("2025", "en")
