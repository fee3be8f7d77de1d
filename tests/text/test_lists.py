"""Lists in lists: what an item is set in under, and where a list goes on to the next thing."""

import pytest

from text.lists import over_items, parts

HALLS = """The halls:

- **Tulip hall**:
  - Capacity: 80 people
  - Deposit: 150 euros
- Orchid hall
  - Capacity: 220 people

  - Deposit: 400 euros,
    paid in advance
"""
WARRANTY = """1. Falcon 200
    * Battery
        * Capacity above 70%: 2 years
    * Brakes: 1 year
2. Falcon 300
    * Battery
        * Capacity above 70%: 4 years
"""


@pytest.mark.parametrize(
    ("text", "words", "above"),
    [
        (HALLS, "Deposit: 150", ["Tulip hall"]),
        (HALLS, "Deposit: 400", ["Orchid hall"]),
        (HALLS, "Orchid hall", []),
        (HALLS, "The halls", []),
        (WARRANTY, "Capacity above 70%: 4", ["Falcon 300", "Battery"]),
        (WARRANTY, "Brakes", ["Falcon 200"]),
        ("- 临江分公司\n\t- 负责人：何若愚\n", "负责人", ["临江分公司"]),
        ("- one\n\nA paragraph between.\n\n  - two\n", "two", []),
        (f"- {'a long sentence ' * 9}\n  - two\n", "two", []),
    ],
)
def test_an_item_stands_under_those_it_is_set_in_under(text: str, words: str, above: list[str]) -> None:
    assert over_items(text, text.index(words)) == above


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        (HALLS, ["- Orchid hall"]),
        (WARRANTY, ["2. Falcon 300"]),
        ("- 临江\n  - 负责人：何\n- 鹭岛\n  - 负责人：顾\n- 云台\n  - 负责人：鲁\n", ["- 鹭岛", "- 云台"]),
        ("- MV Heron\n  - carries 340\n- MV Osprey\n  - carries 512\n", ["- MV Osprey"]),
        ("- Heron\n  - built in 1998\n- Rules\n  - no smoking\n", []),
        ("- one\n- two\n- one\n", []),
        ("```\n- a\n  - name: x\n- b\n  - name: y\n```\n", []),
        ("- a\n  - x\n    - n: 1\n  - y\n    - n: 2\n", ["  - y"]),
    ],
)
def test_a_list_has_parts_where_several_items_have_the_same_said_of_them(text: str, begin: list[str]) -> None:
    starts = [text.rfind("\n", 0, text.index(line)) + 1 if line[0] == " " else text.index(line) for line in begin]
    assert parts(text, 0, len(text)) == starts
    assert [start + 5 for start in starts] == parts(f"And:\n{text}", 5, len(text) + 5)
