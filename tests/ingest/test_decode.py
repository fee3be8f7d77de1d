import time

import pytest

from ingest.decode import decode, decoded
from ingest.written import Unreadable

SIMPLIFIED = "港务报告显示，三号码头的吞吐量达到了百分之六十，比去年增长了两倍。"
TRADITIONAL = "港務報告顯示，三號碼頭的吞吐量達到了百分之六十，比去年增長了兩倍。"
ENGLISH = "Throughput rose by 4% to 12.3 million. The café’s naïve plan – it’s fine."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, ENGLISH, f"{SIMPLIFIED}\n\n{ENGLISH}\n"])
def test_utf16_without_a_mark_is_told_by_its_zeros_or_its_common_characters(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), "a.txt") == (text, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "gb18030"])
def test_zeros_at_the_end_are_padding(encoding: str) -> None:
    assert decode(f"{SIMPLIFIED}\n".encode(encoding) + b"\0" * 4096, "a.txt") == f"{SIMPLIFIED}\n"


@pytest.mark.parametrize(
    ("most", "one", "called"),
    [
        ("utf-8", "gb18030", "GB18030"),
        ("gb18030", "utf-8", "UTF-8"),
    ],
)
def test_a_line_in_another_encoding_is_read_and_told_of(most: str, one: str, called: str) -> None:
    line = f"{SIMPLIFIED}\n"
    text, mended = decoded((line * 2).encode(most) + line.encode(one) + line.encode(most), "a.txt")
    assert text == line * 4
    assert mended == (f"Line 3 is read as {called}, unlike the rest.",)


def test_a_mark_of_utf8_does_not_bind_the_lines_below_it() -> None:
    assert decode(f"{SIMPLIFIED}\n".encode("utf-8-sig") + SIMPLIFIED.encode("gb18030"), "a.txt") == (
        f"{SIMPLIFIED}\n{SIMPLIFIED}"
    )


def test_a_line_of_big5_and_one_of_western_text_are_read_among_utf8() -> None:
    data = f"{TRADITIONAL}\n".encode() * 3 + f"{TRADITIONAL}\n".encode("big5") + f"{ENGLISH}\n".encode("cp1252")
    text, mended = decoded(data, "a.txt")
    assert text == f"{TRADITIONAL}\n" * 4 + f"{ENGLISH}\n"
    assert mended == (
        "Line 4 is read as Big5, unlike the rest.",
        "Line 5 is read as Windows-1252, unlike the rest.",
    )


@pytest.mark.parametrize("halves", [("utf-8", "gb18030"), ("gb18030", "utf-8")])
@pytest.mark.parametrize("lines", [(3, 3), (3, 5), (5, 3)])
def test_files_of_two_halves_are_read_whole(halves: tuple[str, str], lines: tuple[int, int]) -> None:
    data = b"".join(f"{SIMPLIFIED}\n".encode(encoding) * count for encoding, count in zip(halves, lines, strict=True))
    assert decode(data, "a.txt") == f"{SIMPLIFIED}\n" * sum(lines)


def test_a_stray_byte_costs_itself_alone_and_is_told_of() -> None:
    line = SIMPLIFIED.encode("gb18030")
    text, mended = decoded(line + b"\n" + line[:18] + b"\xff" + line[18:] + b"\n" + line, "a.txt")
    assert text == f"{SIMPLIFIED}\n{SIMPLIFIED[:9]}\ufffd{SIMPLIFIED[9:]}\n{SIMPLIFIED}"
    assert mended == ("Line 2 is damaged: 1 character cannot be read (\ufffd).",)


def test_a_character_cut_in_two_costs_itself_alone_in_utf16() -> None:
    text, mended = decoded(b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le") + b"\x42", "a.txt")
    assert text == SIMPLIFIED + "\ufffd"
    assert mended == ("1 character cannot be read (\ufffd).",)


def test_figures_beside_a_damaged_byte_stay_as_they_are() -> None:
    data = (f"{SIMPLIFIED}\n".encode() * 2) + b"\xff1,234.5\xfe 6\n"
    assert decode(data, "a.txt").endswith("\ufffd1,234.5\ufffd 6\n")


def test_other_scripts_in_utf8_keep_their_words_around_a_damaged_byte() -> None:
    line = "Отчёт о работе порта за год\n"
    assert decode(line.encode() * 2 + b"\xff" + line.encode(), "a.txt") == line * 2 + "\ufffd" + line


def test_a_stray_zero_is_a_blank() -> None:
    text, mended = decoded(f"{SIMPLIFIED * 10}\0{SIMPLIFIED}".encode(), "a.txt")
    assert text == f"{SIMPLIFIED * 10} {SIMPLIFIED}"
    assert mended == ("1 NUL character read as blank.",)


@pytest.mark.parametrize("data", [bytes(range(128, 256)) * 3, b"\x00\x01\x02\xff\xfe\x00" * 50, b"\0\1" * 9])
def test_what_is_no_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"a\.txt: .*(?:binary|neither|is not)"):
        decode(data, "a.txt")


def test_decoding_takes_time_in_proportion() -> None:
    def seconds(lines: int) -> float:
        data = f"{SIMPLIFIED}\n".encode("gb18030") * lines + f"{SIMPLIFIED}\n".encode() * lines
        began = time.perf_counter()
        decode(data, "a.txt")
        return time.perf_counter() - began

    assert seconds(2000) < 30 * seconds(500) + 0.5
