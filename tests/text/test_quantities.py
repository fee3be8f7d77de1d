import pytest

from text.quantities import parse


@pytest.mark.parametrize(
    "numeral",
    [
        "百万亿千" * 90,
        "亿" * 400,
        "9" * 400,
        f"{'9' * 400}.5 am",
        f"第{'9' * 400}名",
        f"百分之{'9' * 400}",
        f"{'9' * 400} million",
    ],
)
def test_a_numeral_beyond_all_measure_is_no_quantity(numeral: str) -> None:
    assert [(quantity.low, quantity.unit) for quantity in parse(f"{numeral}，另有 3 个集群")] == [(3.0, "")]
