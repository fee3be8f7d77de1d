"""What the long run takes for growth: a leak is named, what filled at first or goes up and down is not."""

from __future__ import annotations

from itertools import cycle, islice

from tools.soak import Sample, grown

MIB = 1024
#: How memory goes up and down while it stays as it is, in MiB.
UNREST = (0, 9, 3, 12, 6)


def run(added: list[float]) -> list[Sample]:
    """A run of a server of 600 MiB, with so many MiB more at each look."""
    return [
        Sample((600 + rest + more) * MIB, 40, 0, 100)
        for rest, more in zip(islice(cycle(UNREST), len(added)), added, strict=True)
    ]


def test_what_goes_up_and_down_is_flat() -> None:
    assert grown(run([0.0] * 120)) == []


def test_what_filled_in_the_first_quarter_is_flat() -> None:
    assert grown(run([min(look, 29) * 5.0 for look in range(120)])) == []


def test_memory_that_grows_on_is_named() -> None:
    """60 MiB in ten minutes, as of 100 KiB an answer at one answer a second."""
    assert grown(run([look / 2 for look in range(120)])) == [
        "memory grew from 643,328 in the second quarter to 674,048 in the last."
    ]


def test_handles_and_logs_that_grow_are_named() -> None:
    samples = [Sample(600 * MIB, 40 + look // 10, look, 100) for look in range(120)]
    assert [told.split()[0] for told in grown(samples)] == ["handles", "log"]


def test_a_run_that_was_too_short_does_not_pass() -> None:
    assert grown(run([0.0] * 3)) == ["There are too few samples to tell. Let it run for longer."]
