"""Names of Chinese people and places stand beside their spelling in Latin letters."""

from train.data import spelled, syllables


def test_names_are_spelled_as_newspapers_do() -> None:
    found = {pair.right: pair.left for pair in spelled()}
    assert found["李白"] == "Li Bai"
    assert found["龟山岛"] == "Guishandao"
    assert len(found) > 10_000


def test_syllables_are_those_of_mandarin() -> None:
    assert {"zhang", "xue", "lv", "er"} <= set(syllables())
    assert 380 < len(syllables()) < 450
