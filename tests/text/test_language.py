"""Which language a text is in, and how long it is."""

import pytest

from text.language import language_of, weight


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cilium 的份额是多少", "zh"),
        ("TikTok 和 ESnet 用 IPv6 吗", "zh"),
        ("The Linux Foundation 发布了报告", "zh"),
        ("A 股上涨了多少", "zh"),
        ("IT 行业的 US 市场", "zh"),
        ("In-toto 与 Next.js 是什么", "zh"),
        ("What is Cilium's share?", "en"),
        ("Who is 乱世浮生?", "en"),
        ("Did 海棠移动通信集团 beat 北屿电信股份有限公司 in 2023?", "en"),
        ("In 2023, 华风 grew by 5%", "en"),
        ("revenue of 青岚科技 in 2023", "en"),
        ("1.16 %", ""),
        ("", ""),
    ],
)
def test_names_of_the_other_language_do_not_make_a_text_its_own(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_chinese_report_under_an_english_question_is_chinese() -> None:
    assert language_of("What is Orinth?\n\n" + "港口的货运量增长了百分之九，新泊位已经启用。" * 3) == "zh"


def test_a_chinese_character_weighs_as_much_as_two_letters_and_a_half() -> None:
    assert weight("增长ab") == 7
    assert weight("增长，") == 7.5
