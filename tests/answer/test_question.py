"""What a question asks, and follow-ups made whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.question import entities, understand
from records import Turn


def test_a_follow_up_is_answered_in_the_language_it_is_asked_in() -> None:
    turn = Turn("How many companies contributed to Cilium in 2024?")
    assert understand("那 2025 年呢?", [turn]).language == "zh"
    assert understand("Calico", [Turn("Cilium 的份额是多少?")]).language == "zh"
    assert understand("and in 2025?", [Turn("Cilium 2024 年的份额是多少?")]).language == "en"


def test_what_a_question_names() -> None:
    question = understand("《2025 年度报告》说 Cilium 1.17 比 v1.16 在 2025 年快 5 倍吗?")
    assert question.names == ("2025 年度报告", "Cilium")
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
        ("2023 年青岚科技的净利润", ("青岚科技",)),
        ("岭南茶业公司有多少家门店", ("岭南茶业公司",)),
        ("哪些公司使用 Cilium?", ("Cilium",)),
        ("有多少贡献公司?", ()),
        ("Who led Endor Labs' Series A?", ("Endor Labs", "Series")),
    ],
)
def test_entities(text: str, names: tuple[str, ...]) -> None:
    assert entities(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Roughly how many users are there?", ()),
        ("Overall, how many?", ()),
        ("Compared with Calico, how fast is it?", ("Calico",)),
        ("Besides Google, who uses it?", ("Google",)),
        ("Regarding Cilium, what changed?", ("Cilium",)),
        ("Apart from AWS, where?", ("AWS",)),
        ("Hi! Could you say who uses Cilium?", ("Cilium",)),
        ("DaoCloud users?", ("DaoCloud",)),
        ("CNCF budget?", ("CNCF",)),
        ("Google Cloud users?", ("Google Cloud",)),
        ("Gitee's share?", ("Gitee",)),
        ("Does the Chinese paper say who the CEO was in March?", ()),
        ("What was revenue in Q3 of FY2024?", ()),
    ],
)
def test_a_capital_that_every_sentence_or_date_has_makes_no_name(text: str, names: tuple[str, ...]) -> None:
    assert entities(text) == names


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("Which project is number one, and who came first?", []),
        ("What are the 3 biggest of the four roles?", []),
        ("两篇报告各有几个作者", []),
        ("DaoCloud 这两年为啥掉得这么惨", []),
        ("25 年开源之夏贡献排第一的是哪所大学", []),
        ("2018-2020", []),
        ("AutoGPT 那 1200 万美元是谁领投的", [12e6]),
        ("月活 8 亿的产品能用吗", [8e8]),
        ("Are 25% of 1,011 companies using 5 GB?", [25, 1011, 5e9]),
    ],
)
def test_numbers_are_the_figures_that_identify(question: str, numbers: list[float]) -> None:
    assert [q.low for q in understand(question).numbers] == numbers


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("23年那份开源问卷", (2023,)),
        ("25 年来有什么变化", ()),
        ("What was net income in FY2023?", (2023,)),
        ("2018 和 2023 两回问卷", (2018, 2023)),
        ("from 2018-2020", (2018, 2020)),
    ],
)
def test_years(question: str, years: tuple[int, ...]) -> None:
    assert understand(question).years == years


def test_latest_and_relative_years() -> None:
    assert understand("最新的报告说了什么?").latest
    assert understand("最新的报告说了什么?").timeless == "的报告说了什么?"
    assert understand("What does the latest report say?").latest
    assert not understand("2024 年报告说了什么?").latest
    assert understand("去年的份额是多少?").relative == (-1,)
    assert understand("去年的份额是多少?", today=date(2026, 3, 1)).years == (2025,)
    assert understand("What was the share last year?", today=date(2026, 3, 1)).years == (2025,)


@pytest.mark.parametrize(
    ("question", "summary", "compares", "several"),
    [
        ("总结一下 2024 年报告", True, False, False),
        ("这份报告讲了什么？", True, False, False),
        ("Give me an overview of the 2024 report.", True, False, False),
        ("What is the web3 chapter about?", True, False, False),
        ("2024 和 2025 年的报告有何不同?", False, True, False),
        ("做镜像和用校验位，哪种更省磁盘", False, True, False),
        ("华语开发者占比，以太坊跟 Sui 谁高", False, True, False),
        ("How do the two reports differ?", False, True, False),
        ("RAID5 vs RAID6", False, True, False),
        ("What changed between 1.15 and 1.16?", False, True, False),
        ("哪些公司使用 Cilium?", False, False, True),
        ("营业收入和员工人数分别是多少？", False, False, True),
        ("Which companies use Cilium?", False, False, True),
        ("What are the six trends?", False, False, True),
        ("Name three users of Cilium.", False, False, True),
        ("Cilium 有多少家贡献公司?", False, False, False),
        ("Which company runs the largest cluster?", False, False, False),
        ("What does FaaS mean?", False, False, False),
        ("哪个城市的开源贡献者最多", False, False, False),
    ],
)
def test_what_shape_of_answer_is_asked_for(question: str, summary: bool, compares: bool, several: bool) -> None:
    understood = understand(question)
    assert (understood.summary, understood.compares, understood.several) == (summary, compares, several)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Cilium 2024 年有多少贡献公司?", "那 2025 年呢?", "Cilium 2025 年有多少贡献公司?"),
        ("Cilium 2024 年有多少贡献公司?", "2025呢", "Cilium 2025 年有多少贡献公司?"),
        ("今年的份额是多少?", "去年呢?", "去年的份额是多少?"),
        ("Cilium 2024 年的份额是多少?", "去年呢?", "Cilium 去年的份额是多少?"),
        ("Cilium 有多少贡献公司?", "那 2025 年呢?", "2025 年Cilium 有多少贡献公司?"),
        ("Cilium 1.15 有哪些新功能?", "1.16 呢?", "Cilium 1.16 有哪些新功能?"),
        ("Cilium 1.15 有哪些新功能?", "下一个版本呢?", "Cilium 1.16 有哪些新功能?"),
        ("Cilium 1.15 支持 Gateway API 的哪个版本?", "那 1.16 的主题是什么?", "Cilium 1.16 的主题是什么?"),
        ("2025 年的份额是多少?", "前一年呢?", "2024 年的份额是多少?"),
        ("青岚科技2023年第三季度营收是多少?", "第四季度呢?", "青岚科技2023年第四季度营收是多少?"),
        ("Cilium 的份额是多少?", "Calico 呢?", "Calico 的份额是多少?"),
        ("融资表里 Taichi 有多少 star?", "fork 那列呢?", "融资表里 Taichi 有多少 fork?"),
        ("青岚科技2023年的营业收入是多少?", "毛利率呢", "青岚科技2023年的毛利率是多少?"),
        ("安岭银行2023年的不良贷款率是多少?", "南桥银行呢", "南桥银行2023年的不良贷款率是多少?"),
        ("青岚科技2023年的营业收入是多少?", "2022年第三季度呢", "第三季度青岚科技2022年的营业收入是多少?"),
        ("稻香农业集团种了多少亩水稻?", "玉米呢", "稻香农业集团种了多少玉米?"),
        ("青岚科技2023年的净利润是多少?", "白鹭电子呢?", "白鹭电子2023年的净利润是多少?"),
        ("青岚科技2023年的营业收入是多少?", "它的净利润是多少?", "2023 年青岚科技的净利润是多少?"),
        ("Cilium 1.15 有哪些新功能?", "它是什么时候发布的?", "Cilium 1.15 是什么时候发布的?"),
        ("什么是 netkit?", "它的性能怎么样?", "netkit 的性能怎么样?"),
        ("How many companies contributed in 2024?", "And in 2025?", "How many companies contributed in 2025?"),
        ("How many companies use Cilium?", "What about 2025?", "How many companies use Cilium in 2025?"),
        ("What was Harborline's revenue in Q2 2024?", "And Q3?", "What was Harborline's revenue in Q3 2024?"),
        ("What did Cilium 1.15 add?", "What about 1.16?", "What did Cilium 1.16 add?"),
        ("What did Cilium 1.15 add?", "And the one after that?", "What did Cilium 1.16 add?"),
        ("What was the share in 2025?", "And the year before?", "What was the share in 2024?"),
        ("What is Cilium's share?", "And Calico?", "What is Calico's share?"),
        ("Who led Endor Labs' Series A?", "and Union AI's?", "Who led Union AI's Series A?"),
        ("What was Harborline's revenue in 2024?", "And net income?", "What was Harborline's net income in 2024?"),
        ("What was Harborline's revenue in 2024?", "What is its debt?", "What is Harborline's debt in 2024?"),
        ("How many explorers did PyTorch have?", "and committers?", "How many committers did PyTorch have?"),
        (
            "What did Lindholt Transit spend on trams in 2023?",
            "and on buses?",
            "What did Lindholt Transit spend on buses in 2023?",
        ),
        ("What is Tetragon?", "Who founded it?", "Who founded Tetragon?"),
        ("What is Tetragon?", "What are its features?", "What are Tetragon's features?"),
    ],
)
def test_what_is_surely_replaced_is_replaced(before: str, question: str, whole: str) -> None:
    understood = understand(question, [Turn(before)])
    assert understood.whole == whole
    assert understood.understood == whole


@pytest.mark.parametrize(
    ("before", "question", "needed"),
    [
        ("2025 年开源之夏一共发布了多少项目?", "最后结项的有几个?", ("开源之夏", "2025")),
        ("2018 年的调查里男女比例怎么样?", "那 2015 年女的占多少?", ("调查", "2015")),
        ("Cilium 的模糊测试审计一共发现几个崩溃?", "前三个怎么直接关了不修?", ("Cilium", "模糊测试")),
        ("青岚科技有多少员工?", "其中研发人员有多少?", ("青岚科技",)),
        ("青岚科技2023年的营业收入是多少?", "海外呢", ("青岚科技", "2023", "营业收入", "海外")),
        ("青岚科技2023年的营业收入是多少?", "其中海外占多少?", ("青岚科技", "2023", "营业收入", "海外")),
        ("青岚科技2023年的营业收入是多少?", "入境的呢", ("青岚科技", "2023", "营业收入")),
        ("What was Harborline's revenue in 2024?", "why did it fall?", ("Harborline's revenue", "2024", "fall")),
        ("What was Harborline's revenue in 2024?", "and in Europe?", ("Harborline's revenue", "2024", "Europe")),
        ("How many homes were flooded last winter?", "why?", ("homes", "flooded", "last winter")),
        ("青岚科技2023年的净利润是多少?", "2024年营业收入是多少?", ("青岚科技", "2024年营业收入")),
        ("华为2023年研发投入多少?", "跟前一年比增加了多少", ("华为2023年研发投入",)),
        ("Cilium 2024 年有多少贡献公司?", "那个人贡献者呢?", ("Cilium", "2024", "个人贡献者")),
        ("本地裸金属超越 AWS 了吗?", "为什么?", ("本地裸金属超越 AWS", "为什么")),
        ("Cilium 加入了 CNCF 吗?", "什么时候?", ("Cilium 加入了 CNCF", "什么时候")),
        ("哪些公司使用 Cilium?", "有几家?", ("Cilium", "有几家")),
        ("Did Cilium's share grow in 2025?", "Why?", ("Cilium's share grow", "2025", "Why?")),
        ("Did Cilium join CNCF?", "When was that?", ("Cilium join CNCF", "When")),
        ("Which companies use Cilium for AI training?", "How many of them?", ("Cilium", "AI training")),
        ("Which companies use Cilium?", "how many are there?", ("companies use Cilium",)),
        ("Which company tops the 2025 ranking?", "and the runner-up?", ("2025 ranking", "runner-up")),
        ("What share of the 2024 respondents are men?", "how about women", ("2024 respondents", "women")),
        ("How many staff did Siemens have in 2022?", "What about in Germany?", ("staff", "Siemens", "2022", "Germany")),
        ("What is openEuler's OpenRank in 2025?", "MindSpore's size in that same table?", ("MindSpore", "2025")),
        ("How far did Tailwind traffic drop?", "What about Stack Overflow activity?", ("traffic", "Stack Overflow")),
    ],
)
def test_what_the_question_before_was_about_goes_first(before: str, question: str, needed: tuple[str, ...]) -> None:
    whole = understand(question, [Turn(before)]).whole
    assert [words for words in needed if words not in whole] == []


@pytest.mark.parametrize(
    ("turn", "question", "needed"),
    [
        (Turn("Which CNCF project graduated first?", "Falco did."), "Who founded it?", "Who founded Falco?"),
        (Turn("Who founded Cilium?", "Thomas Graf."), "When did he leave?", "When did Thomas Graf leave?"),
        (Turn("Who founded Cilium?", "Thomas Graf."), "Who funds it?", "Who funds Cilium?"),
        (Turn("青岚科技的董事长是谁?", "沈若川"), "他是哪年上任的?", "沈若川是哪年上任的?"),
        (Turn("2021 年选举换成了什么系统?", "换成了 Elekto。"), "这系统是谁做出来的?", "Elekto"),
        (Turn("Which company tops the ranking?", "Microsoft, with 205."), "who's right behind them?", "Microsoft"),
        (Turn("Which subproject needs help?", "The raft subproject."), "why is that one a risk?", "raft"),
    ],
)
def test_an_answer_may_tell_what_is_meant(turn: Turn, question: str, needed: str) -> None:
    assert needed in understand(question, [turn]).whole


@pytest.mark.parametrize(
    "question",
    [
        "Cilium 的性能怎么样?",
        "Tetragon 2025 年有哪些新功能?",
        "2023 年开源项目商业化的融资情况如何?",
        "写这份云原生安全白皮书中文版花了译者们多长时间",
        "安卓上那个 PS2 模拟器 AetherSX2 的作者为什么不做了",
        "什么是零信任?",
        "Cilium 为什么把它的策略放到内核?",
        "How many projects did the CNCF graduate in 2024?",
        "Why did Google choose Cilium?",
        "How long does it take to migrate to Cilium?",
        "Is it true that Cilium supports IPv6?",
        "What is Hubble and how does it work?",
        "how can a project be risky because it releases too often",
        "what is this OpenSSF Scorecard thing",
        "who wrote most of the code in 2025?",
        "火星上有多少人？",
        "Is the euro older than the dollar?",
    ],
)
def test_a_whole_question_is_left_as_asked(question: str) -> None:
    for turn in (Turn("什么是 netkit?"), Turn("What did Calico 3.2 add in 2023?"), Turn("Gitee 有多少用户?", "很多。")):
        understood = understand(question, [turn])
        assert understood.whole == question
        assert understood.understood == ""


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    turns = [Turn("How many companies contributed to Cilium in 2023?"), Turn("And in 2024?")]
    assert understand("And the year after that?", turns).whole == "How many companies contributed to Cilium in 2025?"
    turns = [Turn("2025 年开源之夏有多少项目?"), Turn("最后结项的有几个?"), Turn("为什么?")]
    assert "2025 年开源之夏" in understand("谁组织的?", turns).whole
    turns = [Turn("安衡保险2022年的保费收入是多少?"), Turn("2023年呢?"), Turn("为什么增长?")]
    whole = understand("其中车险占多少?", turns).whole
    assert all(words in whole for words in ("安衡保险", "2023", "保费收入", "车险"))
    assert "2022" not in whole


def test_of_two_follow_ups_in_a_row_the_second_takes_the_place_of_the_first() -> None:
    turns = [Turn("小满食堂有多少家门店?"), Turn("直营的呢")]
    whole = understand("加盟的呢", turns).whole
    assert "小满食堂" in whole
    assert "加盟" in whole
    assert "直营" not in whole


def test_without_earlier_turns_nothing_is_added() -> None:
    assert understand("那 2025 年呢?").whole == "那 2025 年呢?"
    assert understand("").whole == ""


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_understood(before: str, answer: str, question: str) -> None:
    understood = understand(question, [Turn(before, answer)])
    assert understood.asked == question
    assert question.strip() == "" or understood.whole
