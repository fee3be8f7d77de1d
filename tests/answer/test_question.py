"""What a question asks, and follow-ups made whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.question import KINDS, entities, language_of, understand
from records import Turn


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Cilium 有多少家贡献公司?", "number"),
        ("How many companies contributed?", "number"),
        ("年度开发活动增长了几倍?", "number"),
        ("Cilium 的市场份额是多少?", "share"),
        ("What percentage of users run Cilium on virtual machines?", "share"),
        ("受访用户中百分之几使用虚拟机?", "share"),
        ("Cilium 的第一次提交是什么时候?", "date"),
        ("When was Cilium founded?", "date"),
        ("In which year did it join CNCF?", "date"),
        ("哪个版本引入了 BGPv2?", "version"),
        ("Which version introduced BGPv2?", "version"),
        ("谁发布了这份报告?", "name"),
        ("Who published the report?", "name"),
        ("Which company runs the largest cluster?", "name"),
        ("Cilium 总部在哪里?", "place"),
        ("Where is the largest cluster?", "place"),
        ("哪些公司使用 Cilium?", "list"),
        ("Which companies use Cilium?", "list"),
        ("What are the six trends?", "list"),
        ("为什么本地裸金属部署增长?", "reason"),
        ("Why did bare metal grow?", "reason"),
        ("什么是 netkit?", "definition"),
        ("What is netkit?", "definition"),
        ("Cilium 支持 IPv6 吗?", "yesno"),
        ("Does Cilium support IPv6?", "yesno"),
        ("2024 和 2025 年的报告有何不同?", "comparison"),
        ("How do the two reports differ?", "comparison"),
        ("总结一下 2024 年报告", "summary"),
        ("Summarize the 2024 report.", "summary"),
        ("如何降低尾部延迟?", "how"),
        ("How does netkit reduce overhead?", "how"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    assert kind in KINDS
    assert understand(question).kind == kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cilium 的份额是多少", "zh"),
        ("What is Cilium's share?", "en"),
        ("TikTok 和 ESnet 用 IPv6 吗", "zh"),
        ("Who is 乱世浮生?", "en"),
        ("", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_a_question_names() -> None:
    question = understand("《2025 年度报告》说 Cilium 1.17 比 v1.16 在 2025 年快 5 倍吗?")
    assert question.entities == ("2025 年度报告", "Cilium")
    assert question.years == (2025,)
    assert question.versions == ("1.17", "1.16")
    assert [(q.low, q.unit) for q in question.numbers] == [(5, "x")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Google Cloud and the CNCF say about eBPF?", ("Google Cloud", "CNCF", "eBPF")),
        ("Is Cilium's share larger than Calico's?", ("Cilium", "Calico")),
        ("iptables 和 netkit 的区别", ("iptables", "netkit")),
        ("由清华大学发布", ("清华大学",)),
    ],
)
def test_entities(text: str, names: tuple[str, ...]) -> None:
    assert entities(text) == names


def test_latest_and_relative_years() -> None:
    assert understand("最新的报告说了什么?").latest
    assert understand("What does the latest report say?").latest
    assert not understand("2024 年报告说了什么?").latest
    assert understand("去年的份额是多少?").relative == (-1,)
    assert understand("去年的份额是多少?", today=date(2026, 3, 1)).years == (2025,)
    assert understand("What was the share last year?", today=date(2026, 3, 1)).years == (2025,)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Cilium 2024 年有多少贡献公司?", "那 2025 年呢?", "Cilium 2025 年有多少贡献公司?"),
        ("Cilium 2024 年有多少贡献公司?", "2025呢", "Cilium 2025 年有多少贡献公司?"),
        ("今年的份额是多少?", "去年呢?", "去年的份额是多少?"),
        ("Cilium 有多少贡献公司?", "那 2025 年呢?", "2025 年Cilium 有多少贡献公司?"),
        ("Cilium 1.15 有哪些新功能?", "1.16 呢?", "Cilium 1.16 有哪些新功能?"),
        ("Cilium 1.15 有哪些新功能?", "下一个版本呢?", "Cilium 1.16 有哪些新功能?"),
        ("2025 年的份额是多少?", "前一年呢?", "2024 年的份额是多少?"),
        ("Cilium 的份额是多少?", "Calico 呢?", "Calico 的份额是多少?"),
        ("Cilium 2024 年的贡献公司有多少?", "那个人贡献者呢?", "Cilium 2024 年的个人贡献者有多少?"),
        ("Cilium 1.15 有哪些新功能?", "它是什么时候发布的?", "Cilium 1.15 是什么时候发布的?"),
        ("什么是 netkit?", "它的性能怎么样?", "netkit 的性能怎么样?"),
        ("谁发布了 Cilium 报告?", "那份额是多少?", "Cilium 份额是多少?"),
        ("本地裸金属超越 AWS 了吗?", "为什么?", "为什么本地裸金属超越 AWS 了?"),
        ("Cilium 加入了 CNCF 吗?", "什么时候?", "什么时候 Cilium 加入了 CNCF?"),
        ("哪些公司使用 Cilium?", "有几家?", "多少家公司使用 Cilium?"),
        ("How many companies contributed in 2024?", "And in 2025?", "How many companies contributed in 2025?"),
        (
            "How many companies contributed to Cilium?",
            "What about 2025?",
            "How many companies contributed to Cilium in 2025?",
        ),
        ("What did Cilium 1.15 add?", "What about 1.16?", "What did Cilium 1.16 add?"),
        ("What did Cilium 1.15 add?", "And the one after that?", "What did Cilium 1.16 add?"),
        ("What was the share in 2025?", "And the year before?", "What was the share in 2024?"),
        ("What is Cilium's share?", "And Calico?", "What is Calico's share?"),
        ("Did Cilium's share grow in 2025?", "Why?", "Why did Cilium's share grow in 2025?"),
        ("Did Cilium join CNCF?", "When?", "When did Cilium join CNCF?"),
        ("What is Tetragon?", "Who founded it?", "Who founded Tetragon?"),
        ("What is Tetragon?", "What are its features?", "What are Tetragon's features?"),
        (
            "Which companies use Cilium for AI training?",
            "How many of them?",
            "How many companies use Cilium for AI training?",
        ),
        (
            "How many contributing companies are there?",
            "What about individual contributors?",
            "How many individual contributors are there?",
        ),
    ],
)
def test_follow_ups_are_made_whole(before: str, question: str, whole: str) -> None:
    understood = understand(question, [Turn(before)])
    assert understood.whole == whole
    assert understood.understood == whole


@pytest.mark.parametrize(
    "question",
    [
        "Cilium 的性能怎么样?",
        "Tetragon 2025 年有哪些新功能?",
        "Why did Google choose Cilium?",
        "How long does it take to migrate to Cilium?",
        "Is it true that Cilium supports IPv6?",
        "What is Hubble and how does it work?",
        "Cilium 为什么把它的策略放到内核?",
    ],
)
def test_a_whole_question_is_left_as_asked(question: str) -> None:
    understood = understand(question, [Turn("什么是 netkit?"), Turn("What did Calico 3.2 add in 2023?")])
    assert understood.whole == question
    assert understood.understood == ""


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    turns = [Turn("How many companies contributed to Cilium in 2023?"), Turn("And in 2024?")]
    assert understand("And the year after that?", turns).whole == "How many companies contributed to Cilium in 2025?"


def test_without_earlier_turns_nothing_is_added() -> None:
    assert understand("那 2025 年呢?").whole == "那 2025 年呢?"
    assert understand("").kind == "other"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_understood(before: str, question: str) -> None:
    understood = understand(question, [Turn(before)])
    assert understood.asked == question
    assert understood.kind in KINDS
