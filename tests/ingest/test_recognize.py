"""Scanned pages are read by text recognition where it is installed: words, columns, and notes that are no figures."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ingest import bounded
from ingest.pdf.document import read_pdf
from records import told

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
cv2: Any = pytest.importorskip("cv2")

#: Words with where they begin from the upper left corner, and how large their letters are, in pixels.
Line = tuple[str, int, int, int]


def scanned(*pages: Sequence[Line], aslant: float = 0.0) -> bytes:
    """A PDF of images alone, 200 dots an inch; OpenCV has letters of both scripts inside."""
    images = []
    for lines in pages:
        image = np.full((1100, 1300, 3), 255, np.uint8)
        for words, x, y, size in lines:
            cv2.putText(image, words, (x, y), (0, 0, 0), cv2.FontFace("uni"), size)
        images.append(Image.fromarray(image).rotate(aslant, fillcolor="white", resample=Image.Resampling.BICUBIC))
    written = io.BytesIO()
    images[0].save(written, "PDF", save_all=True, append_images=images[1:], resolution=200)
    return written.getvalue()


@pytest.fixture(scope="module")
def read() -> Any:
    return read_pdf(
        scanned(
            [
                ("Harbour works in 2024", 90, 120, 60),
                ("The quay employed 41 people, 7 more than in 2023, and paid", 90, 240, 34),
                ("them $320", 90, 290, 34),
                ("1", 267, 277, 20),
                ("a day. Nobody was hurt, and 12.5% are apprentices.", 290, 290, 34),
                ("全年靠泊船舶 1,204 艘次，比上年减少 3.8%。", 90, 420, 34),
            ],
            [
                ("Month", 90, 120, 34), ("Boats", 500, 120, 34), ("Tons", 800, 120, 34),
                ("May", 90, 180, 34), ("12", 500, 180, 34), ("4,310", 800, 180, 34),
                ("June", 90, 240, 34), ("19", 500, 240, 34), ("5,020", 800, 240, 34),
            ],
            [],
            aslant=0.4,
        ),
        "quay.pdf",
    )  # fmt: skip


def test_words_of_both_scripts_are_read(read: Any) -> None:
    assert read.text.startswith("# Harbour works in 2024\n")
    assert "The quay employed 41 people, 7 more than in 2023, and paid them" in read.text
    assert "Nobody was hurt, and 12.5% are apprentices." in read.text
    assert "全年靠泊船舶1,204艘次，比上年减少3.8%。" in read.text


def test_the_mark_of_a_note_is_no_figure(read: Any) -> None:
    assert "$320[^1]" in read.text


def test_columns_stay_apart(read: Any) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in read.text.splitlines() if "|" in line]
    assert ["May", "12", "4,310"] in rows
    assert ["June", "19", "5,020"] in rows


def test_each_page_says_how_it_was_read(read: Any) -> None:
    assert read.left_out == (
        "page 1 is an image; its words were recognized, and some may be misread",
        "page 2 is an image; its words were recognized, and some may be misread",
        "page 3 is an image in which no words were recognized",
    )
    assert told(read.left_out[0]).chinese == "第 1 页是图像，文字由识别（OCR）得来，可能有误读"


def test_a_scan_is_read_within_the_bounds_of_a_reading_process(tmp_path: Any) -> None:
    (tmp_path / "quay.pdf").write_bytes(scanned([("The quay employed 41 people.", 90, 240, 34)]))
    assert bounded.read(tmp_path / "quay.pdf", tmp_path).text == "The quay employed 41 people.\n\n"
