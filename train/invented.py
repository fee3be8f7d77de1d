"""Lessons of our own invention: reports that never were, and the questions people would ask of them in their own
words.

A *concept* is one thing that reports speak of. It has statements in the reports' wording and questions in the
readers', in both languages, that share as few words as possible. A lesson renders one statement among others of the
same report and asks for one of its slots; about half of the lessons ask what the passage does not say.

Slots of statements: ``{S}`` who (a name, or "the company" where the heading names it), ``{T}`` / ``{t}`` / ``{E}``
when (at the sentence's start, at its end, as of a year's end), any other a value of the concept. Slots of
questions: ``{o}`` who, ``{y}`` when, any other a value that the question names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from train.lesson import CONTRADICTED, SUPPORTED, UNKNOWN, UNSUPPORTED, Lesson

ZH, EN = 0, 1
Pair = tuple[str, str]


def pairs(text: str) -> list[Pair]:
    """``zh | en`` a line."""
    return [(a.strip(), b.strip()) for a, b in (line.split("|") for line in text.strip().splitlines())]


def lines(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing reports speak of; ``asks`` are (slot asked for, or "" for the whole sentence; zh wordings; en wordings)."""  # noqa: E501

    key: str
    domain: str
    label: Pair
    slots: dict[str, str]
    said: tuple[list[str], list[str]]
    asks: list[tuple[str, list[str], list[str]]]
    near: tuple[str, ...] = ()
    opposite: str = ""

    @property
    def dated(self) -> bool:
        """Whether its statements hold for one period only."""
        return any(slot in self.said[ZH][0] for slot in ("{T}", "{E}"))


BANK: dict[str, Concept] = {}


def add(
    key: str,
    domain: str,
    label: str,
    slots: str,
    zh: str,
    en: str,
    *asks: tuple[str, str, str],
    near: str = "",
    opposite: str = "",
) -> None:
    """Put one concept into the bank."""
    parted = dict(item.split("=", 1) for item in slots.split())
    BANK[key] = Concept(
        key,
        domain,
        pairs(label)[0],
        parted,
        (lines(zh), lines(en)),
        [(slot, lines(a), lines(b)) for slot, a, b in asks],
        tuple(near.split()),
        opposite,
    )


# ---------------------------------------------------------------------------------------------------------------- names

PLACES_OF_NAMES = pairs("""
青岚 | Qinglan
北屿 | Northisle
云栈 | Yunzhan
赤霄 | Chixiao
海棠湾 | Haitang Bay
星垣 | Xingyuan
松隐 | Songyin
鹿鸣 | Luming
白石 | Whitestone
澄江 | Chengjiang
远岫 | Yuanxiu
金梧 | Jinwu
沧浪 | Canglang
银杏谷 | Ginkgo Valley
铁林 | Tielin
望舒 | Wangshu
渡口 | Ferrypoint
南麓 | Nanlu
石榴 | Pomegranate
蓝鲸港 | Blue Whale Harbour
临溪 | Linxi
霁月 | Jiyue
岱宗 | Daizong
麦田 | Wheatfield
九曲 | Jiuqu
橙帆 | Orange Sail
雁回 | Yanhui
玄武岩 | Basalt
竹里 | Zhuli
东篱 | Dongli
拓野 | Tuoye
晨曦 | Chenxi
三江源 | Sanjiang
极昼 | Polarday
木兰 | Magnolia
飞廉 | Feilian
""")
TRADES = pairs("""
科技 | Tech
银行 | Bank
能源 | Energy
汽车 | Motors
生物 | Biosciences
物流 | Logistics
食品 | Foods
电子 | Electronics
软件 | Software
集团 | Group
零售 | Retail
航空 | Airlines
医疗 | Medical
保险 | Insurance
新材料 | Advanced Materials
云 | Cloud
传媒 | Media
半导体 | Semiconductor
""")
PROJECTS = (
    "Korvex Lumenkit Tidegate Brackenfs Otterbase Velluma Quillnet Ferrodb Mistral-Lane Nimbrel Pagewren Sablemesh Tarnish "  # noqa: E501
    "Halyard Cinderproxy Oakline Runeflow Petralog Zephyrix Wickerd Marlowe Sundial Gantry Fennec Hollowkv Torquil Ambervault "  # noqa: E501
    "Skerry Loamstack Dovetail Ironleaf Kestrelci Plinth Umbrabox Yarrow Cobaltine Driftwood Moraine Spindrel Tessel Vantor "  # noqa: E501
    "OpenLarch Basaltql Heronwatch Juniperd Kilnworks"
).split()
SURVEY_KINDS = pairs("""
用户调查 | User Survey
开发者调查 | Developer Survey
社区问卷 | Community Survey
年度调研 | Annual Survey
维护者调查 | Maintainer Survey
云原生调查 | Cloud Native Survey
安全实践调查 | Security Practices Survey
""")
SURVEYORS = pairs("""
开源中坚 | OpenBackbone
北方开发者联盟 | Northern Developers League
云原生之家 | House of Cloud Native
代码集市 | Code Bazaar
青岚科技 | Qinglan Tech
数据工匠 | Data Artisans Guild
远岫研究院 | Yuanxiu Institute
城市生活观察 | City Life Watch
职场罗盘 | Career Compass
""")
CHARITIES = pairs("""
萤火公益基金会 | Firefly Foundation
开放代码基金会 | Open Code Foundation
清源河流保护协会 | Clearsource Rivers Trust
绿洲图书馆联盟 | Oasis Library Alliance
晨光助学会 | Morninglight Education Fund
山野救援队 | Highland Rescue
橡果社区基金会 | Acorn Community Foundation
海岸湿地中心 | Coastal Wetlands Centre
北辰开源基金会 | Polestar Open Source Foundation
暖冬行动 | Warm Winter Campaign
""")
SURNAMES = pairs("""
陈 | Chen
林 | Lin
周 | Zhou
许 | Xu
沈 | Shen
韩 | Han
冯 | Feng
陆 | Lu
顾 | Gu
孟 | Meng
秦 | Qin
唐 | Tang
魏 | Wei
叶 | Ye
苏 | Su
欧阳 | Ouyang
蒋 | Jiang
贺 | He
""")
GIVEN = pairs("""
思远 | Siyuan
若琳 | Ruolin
建国 | Jianguo
晓彤 | Xiaotong
明哲 | Mingzhe
雨桐 | Yutong
志恒 | Zhiheng
安然 | Anran
海燕 | Haiyan
子墨 | Zimo
文博 | Wenbo
雪梅 | Xuemei
立群 | Liqun
嘉禾 | Jiahe
""")
FOREIGN = (
    "Marta Lindqvist|Oluwaseun Adeyemi|Priya Raghavan|Tom Hargreaves|Ines Carvalho|Yuki Tanabe|Dmitri Volkov|Aisha Rahman|"  # noqa: E501
    "Lucas Moreau|Hannah Becker|Diego Fuentes|Kwame Boateng|Sofia Petrova|Ravi Menon|Emily Thornton|Jonas Eriksen"
).split("|")
CITIES = pairs("""
杭州 | Hangzhou
成都 | Chengdu
深圳 | Shenzhen
上海 | Shanghai
北京 | Beijing
苏州 | Suzhou
新加坡 | Singapore
柏林 | Berlin
西雅图 | Seattle
都柏林 | Dublin
东京 | Tokyo
班加罗尔 | Bangalore
多伦多 | Toronto
圣保罗 | São Paulo
内罗毕 | Nairobi
悉尼 | Sydney
巴塞罗那 | Barcelona
厦门 | Xiamen
西安 | Xi'an
武汉 | Wuhan
""")
COUNTRIES = pairs("""
越南 | Vietnam
巴西 | Brazil
德国 | Germany
墨西哥 | Mexico
泰国 | Thailand
印度 | India
波兰 | Poland
肯尼亚 | Kenya
西班牙 | Spain
匈牙利 | Hungary
印度尼西亚 | Indonesia
加拿大 | Canada
""")
POOLS: dict[str, list[Pair]] = {
    "city": CITIES,
    "country": COUNTRIES,
    "project": [(name, name) for name in PROJECTS],
    "licence": [(x, x) for x in ("Apache-2.0", "MIT", "GPL-3.0", "BSD-3-Clause", "MPL-2.0", "AGPL-3.0", "EPL-2.0")],
    "severity": pairs("高危 | high\n严重 | critical\n中危 | medium\n低危 | low"),
    "language": [(x, x) for x in ("Rust", "Go", "Python", "TypeScript", "C++", "Java", "Zig")],
    "auditor": pairs("""
    Ada Logics | Ada Logics
    铁盾安全 | Ironshield Security
    NorthGlass Labs | NorthGlass Labs
    Quarkline | Quarkline
    白帽工坊 | Whitehat Works
    Trail & Tide | Trail & Tide
    """),
    "accountant": pairs("""
    恒信会计师事务所 | Hengxin CPA
    Marsh & Keller | Marsh & Keller
    立衡会计师事务所 | Liheng Accounting
    Brook Partners LLP | Brook Partners LLP
    """),
    "fund": pairs("""
    远帆资本 | Farsail Capital
    Maple Ridge Ventures | Maple Ridge Ventures
    启明湖基金 | Lakeside Dawn Fund
    红杉谷创投 | Redwood Valley Partners
    Blue Heron Capital | Blue Heron Capital
    """),
    "round": pairs("A轮 | Series A\nB轮 | Series B\nC轮 | Series C\n天使轮 | angel\nPre-A轮 | Pre-A"),
    "rise": pairs("""
    海外订单大幅增加 | a surge in overseas orders
    新产品放量 | strong take-up of the new product line
    原材料价格回落 | lower raw material prices
    并表新收购的子公司 | the consolidation of a newly acquired subsidiary
    线上渠道拓展见效 | the expansion of online channels
    出行需求恢复 | the recovery of travel demand
    """),
    "fall": pairs("""
    主要客户推迟采购 | delayed purchases by key customers
    市场竞争加剧、产品降价 | price cuts amid fiercer competition
    汇率不利变动 | adverse exchange rate movements
    关停两条老旧产线 | the closure of two ageing production lines
    上游芯片供应紧张 | tight supply of chips
    补贴政策退出 | the end of government subsidies
    """),
    "bug": pairs("""
    配置推送时漏掉了一项校验 | a configuration push that skipped validation
    数据库主从切换失败 | a failed database failover
    证书过期未及时续签 | an expired certificate that had not been renewed
    机房制冷设备故障 | a cooling failure in the data centre
    缓存集群内存耗尽 | memory exhaustion in the cache cluster
    """),
    "goal": pairs("""
    完成核心模块向 Rust 的迁移 | finish moving the core to Rust
    把测试覆盖率提高到九成 | raise test coverage to 90%
    发布 2.0 稳定版 | ship a stable 2.0
    建立双周发布机制 | move to a fortnightly release train
    补齐中文文档 | complete the Chinese documentation
    申请升级为毕业项目 | apply for graduation
    """),
    "need": pairs("""
    文档翻译 | translating the documentation
    Windows 平台的持续集成 | continuous integration on Windows
    代码评审人手 | reviewers for incoming patches
    ARM 架构的测试设备 | test hardware for ARM
    新人引导 | onboarding newcomers
    网站改版 | redesigning the website
    """),
    "governance": pairs("""
    设立技术指导委员会 | setting up a technical steering committee
    把维护者任期改为两年 | limiting maintainers' terms to two years
    引入惰性共识规则 | adopting lazy consensus
    新增最终用户代表席位 | adding a seat for end users
    """),
    "feature": pairs("""
    旧版插件接口 | the legacy plugin interface
    XML 配置格式 | the XML configuration format
    v1 REST 接口 | the v1 REST API
    内置的脚本引擎 | the built-in scripting engine
    32 位安装包 | 32-bit packages
    """),
    "instead": pairs("""
    gRPC 接口 | the gRPC interface
    YAML 配置 | YAML configuration
    v2 接口 | the v2 API
    WebAssembly 扩展 | WebAssembly extensions
    """),
    "means": pairs("""
    减少空驶和合并配送路线 | cutting empty runs and merging delivery routes
    给厂房屋顶装光伏板 | putting solar panels on factory roofs
    更换高效电机 | switching to high-efficiency motors
    把数据中心迁到水电丰富的地区 | moving data centres to regions rich in hydropower
    改用可回收包装 | changing to recyclable packaging
    """),
    "award": pairs("""
    年度最佳雇主奖 | the Employer of the Year award
    金帆质量奖 | the Golden Sail Quality Prize
    绿色供应链示范奖 | the Green Supply Chain Award
    数字创新大奖 | the Digital Innovation Award
    """),
    "product": pairs("""
    "蜂鸟"轻卡 | the Hummingbird light truck
    "棱镜"芯片 | the Prism chip
    Lumo 智能手表 | the Lumo smartwatch
    "松果"记账应用 | the Pinecone bookkeeping app
    Aster 2 云平台 | the Aster 2 cloud platform
    "微澜"净水器 | the Ripple water purifier
    """),
    "standard": pairs("ISO 27001 | ISO 27001\nISO 14001 | ISO 14001\nSOC 2 | SOC 2\nISO 9001 | ISO 9001"),
    "claimant": pairs("""
    一家前经销商 | a former distributor
    竞争对手拓野电子 | its rival Tuoye Electronics
    两名离职员工 | two former employees
    一家专利持有公司 | a patent holding firm
    """),
    "matter": pairs("""
    专利侵权 | patent infringement
    拖欠货款 | unpaid invoices
    违反竞业协议 | breach of a non-compete clause
    虚假宣传 | misleading advertising
    """),
    "gripe": pairs("""
    配送延误 | late deliveries
    退款缓慢 | slow refunds
    客服难以联系 | unreachable customer service
    产品描述不符 | inaccurate product descriptions
    """),
    "method": pairs("""
    在线问卷 | an online questionnaire
    电话访谈 | telephone interviews
    入户面访 | face-to-face interviews at home
    邮件邀请 | e-mail invitations
    """),
    "component": pairs("""
    证书解析模块 | the certificate parser
    登录服务 | the login service
    镜像拉取组件 | the image puller
    策略引擎 | the policy engine
    命令行工具 | the command-line tool
    """),
    "flaw": pairs("""
    路径穿越 | path traversal
    整数溢出 | an integer overflow
    越权访问 | broken access control
    拒绝服务 | denial of service
    日志泄露凭据 | credentials leaking into logs
    """),
    "cause": pairs("""
    乡村教师培训 | training village teachers
    河道清淤 | clearing riverbeds
    儿童医疗救助 | medical care for children
    灾后重建 | rebuilding after disasters
    开源维护者津贴 | stipends for open source maintainers
    """),
    "what": pairs("""
    一款面向边缘设备的消息中间件 | a message broker for edge devices
    一种按列存储的时序数据库 | a columnar time-series database
    用于检查容器镜像的命令行扫描器 | a command-line scanner for container images
    管理密钥轮换的控制器 | a controller that rotates secrets
    把策略写成代码的校验框架 | a framework for validating policy as code
    """),
    "default": pairs("""
    30秒 | 30 seconds
    5分钟 | 5 minutes
    64 MB | 64 MB
    8080 | 8080
    关闭 | off
    """),
    "setting": pairs("""
    连接超时 | the connection timeout
    缓存上限 | the cache limit
    遥测上报 | telemetry reporting
    监听端口 | the listening port
    """),
    "term": pairs("""
    活跃用户 | active user
    重大事故 | major incident
    核心维护者 | core maintainer
    有效问卷 | valid response
    """),
    "meaning": pairs("""
    过去30天内至少登录过一次的账户 | an account that signed in at least once in the past 30 days
    影响超过一成客户且持续一小时以上的中断 | an outage that hits over 10% of customers for more than an hour
    拥有合并权限且每季度至少评审十个补丁的人 | someone with merge rights who reviews at least ten patches a quarter
    答完八成以上题目的答卷 | a form with at least 80% of the questions filled in
    """),
}

# ------------------------------------------------------------------------------------------------------------- concepts
# Companies: money.

add(
    "revenue",
    "co",
    "营业收入 | Revenue",
    "v=money:1:900 pct=pct:3:48",
    """{T}{S}实现营业收入{v}，同比增长{pct}。
    {T}{S}全年营业总收入达到{v}。
    {T}合并口径销售收入为{v}，较上年上升{pct}。
    {T}{S}营业收入保持平稳，收入结构持续优化。""",
    """{T}{S} recorded operating revenue of {v}, an increase of {pct} year on year.
    Total revenue came to {v} {t}.
    {T}consolidated sales at {S} stood at {v}, up {pct} from the prior period.
    {T}{S} saw a healthier revenue mix across its segments.""",
    (
        "v",
        """{o}{y}一共进账多少
    {y}{o}生意做到多大规模？
    {o} 营收 {y}
    请问{o}在{y}的销售总额是多少？
    {o}{y}卖了多少钱的东西
    他们{y}的流水有多少""",
        """how much money did {o} bring in during {y}?
    {o} turnover {y}
    what were {o}'s takings in {y}
    Could you tell me the top line for {o} in {y}?
    how much did they sell {y}
    {o} {y} sales figure""",
    ),
    (
        "pct",
        """{o}{y}的进账比前一年多了几成？
    {y}{o}营收涨幅
    {o}生意{y}扩张得多快""",
        """how fast did {o}'s top line grow in {y}
    {o} sales growth {y}
    by what percentage did turnover go up at {o} in {y}?""",
    ),
    near="profit margin orders",
)

add(
    "profit",
    "co",
    "归母净利润 | Net profit",
    "v=money:0.3:90",
    """{T}{S}实现归属于母公司股东的净利润{v}。
    {T}{S}税后盈利{v}，较上年有所改善。
    {T}扣除各项税费后，{S}净利润为{v}。
    {T}{S}盈利能力稳步增强，利润质量有所提高。""",
    """{T}net profit attributable to shareholders of {S} was {v}.
    {T}{S} posted after-tax earnings of {v}.
    Net income for {S} amounted to {v} {t}.
    {T}{S} strengthened the quality of its earnings.""",
    (
        "v",
        """{o}{y}到底赚了多少
    {y}{o}最后落袋多少钱？
    {o} 净赚 {y}
    刨去成本和税，{o}{y}还剩多少
    {y}他们挣了多少钱""",
        """what was {o}'s bottom line in {y}?
    how much did {o} actually make {y}
    {o} earnings {y}
    what did {o} have left after tax in {y}
    how profitable was {o} in {y}, in money terms?""",
    ),
    near="revenue margin dividend",
)

add(
    "loss",
    "co",
    "净亏损 | Net loss",
    "v=money:0.2:30",
    """{T}{S}录得净亏损{v}。
    {T}受拨备影响，{S}亏损{v}。
    {T}{S}仍未实现盈利，亏损幅度收窄。""",
    """{T}{S} reported a net loss of {v}.
    Losses at {S} totalled {v} {t}.
    {T}{S} remained in the red, although losses narrowed.""",
    (
        "v",
        """{o}{y}赔了多少钱
    {y}{o}烧掉了多少？
    {o} 亏了多少 {y}
    {o}{y}的窟窿有多大""",
        """how much money did {o} lose in {y}
    {o} deficit {y}
    how deep in the red was {o} in {y}?
    what shortfall did they book {y}""",
    ),
    near="revenue capex margin",
)

add(
    "margin",
    "co",
    "毛利率 | Gross margin",
    "v=pct1:12:71",
    """{T}{S}综合毛利率为{v}。
    {T}主营业务毛利率达到{v}，产品结构改善。
    {T}{S}毛利率水平保持行业领先。""",
    """{T}gross margin at {S} was {v}.
    {T}{S} achieved a gross profit margin of {v} on its core business.
    {T}{S} kept its gross margin ahead of peers.""",
    (
        "v",
        """{o}{y}卖一百块能留下几块毛利
    {o} 毛利水平 {y}
    {y}{o}的利润空间有多大？
    扣掉直接成本后{o}{y}还剩百分之几""",
        """what share of sales did {o} keep after direct costs in {y}?
    {o} GM% {y}
    how fat were {o}'s margins {y}
    gross profit as a percentage, {o} {y}""",
    ),
    near="profit revenue share",
)

add(
    "rnd",
    "co",
    "研发投入 | R&D expenditure",
    "v=money:0.2:80 pct=pct1:2:24",
    """{T}{S}研发投入合计{v}，占营业收入的{pct}。
    {T}{S}研究与开发费用为{v}。
    {T}{S}持续加大研发力度，重点布局前沿技术。""",
    """{T}{S} spent {v} on research and development, or {pct} of revenue.
    R&D expenditure at {S} reached {v} {t}.
    {T}{S} stepped up research in frontier technologies.""",
    (
        "v",
        """{o}{y}砸了多少钱搞技术
    {y}{o}花在新技术上的钱有多少？
    {o} 科研经费 {y}
    他们{y}为创新掏了多少
    麻烦问下{o}{y}的R&D支出""",
        """how much did {o} put into R&D in {y}
    {o} innovation budget {y}
    what did {o} pay for developing new tech {y}?
    R&D bill of {o}, {y}""",
    ),
    (
        "pct",
        """{o}{y}拿出收入的百分之几做研究
    {y}{o}的研发强度是多少？""",
        """what slice of sales went to R&D at {o} in {y}?
    {o} R&D intensity {y}""",
    ),
    near="capex patents training",
)

add(
    "capex",
    "co",
    "资本开支 | Capital expenditure",
    "v=money:0.5:120",
    """{T}{S}资本性支出为{v}，主要用于产能建设。
    {T}{S}购建固定资产支付现金{v}。
    {T}{S}审慎安排资本性支出。""",
    """{T}capital expenditure of {S} totalled {v}, chiefly for new capacity.
    {T}{S} invested {v} in plant and equipment.
    {T}{S} took a prudent line on capital spending.""",
    (
        "v",
        """{o}{y}盖厂买设备花了多少
    {y}{o}在基建上投了多少钱？
    {o} capex {y}
    添置机器厂房一共用了多少，{o}{y}""",
        """{o} capex {y}
    how much did {o} sink into machines and buildings in {y}
    what did {o} spend on building things {y}?
    money laid out on fixed assets by {o}, {y}""",
    ),
    near="rnd revenue factory",
)

add(
    "dividend",
    "co",
    "每10股派息 | Dividend per share",
    "v=yuan:0.3:18",
    """{T}董事会建议每10股派发现金红利{v}（含税）。
    {T}{S}拟向全体股东每10股派现{v}。
    {T}{S}重视股东回报，并将维持稳定的分红政策。""",
    """{T}the board of {S} proposed a cash dividend of {v} per ten shares.
    {T}{S} will pay shareholders {v} for every ten shares held.
    {T}{S} remained committed to a stable payout policy.""",
    (
        "v",
        """{o}{y}分红多少
    {y}拿着{o}的股票能收到多少钱？
    {o} 派息 {y}
    {o}{y}给股东发了多少现金""",
        """how big was {o}'s payout to shareholders in {y}?
    {o} divvy {y}
    what do investors in {o} get per ten shares for {y}
    {y} distribution {o}""",
    ),
    near="profit shareholder",
)

add(
    "funding",
    "co",
    "融资 | Funding",
    "r=pool:round v=money:0.2:25 f=pool:fund",
    """{T}{S}完成{v}的{r}融资，由{f}领投。
    {T}{f}领投了{S}的{r}融资，金额为{v}。
    {T}{S}的新一轮融资已经完成交割，资金将用于扩充团队。""",
    """{T}{S} closed a {r} round of {v} led by {f}.
    {T}{f} led the {r} round of {S}, worth {v}.
    {T}{S} completed a new financing round to expand its team.""",
    (
        "v",
        """{o}{y}拿到了多少投资
    {o} 融了多少 {y}
    {y}{o}从VC那里要到多少钱？""",
        """how much did {o} raise in {y}?
    {o} fundraise amount {y}
    what did VCs put into {o} {y}""",
    ),
    (
        "f",
        """{y}谁是{o}最大的金主
    {o}{y}那笔钱主要是谁出的？
    {o} 领投方""",
        """which investor fronted the deal for {o} in {y}?
    who backed {o} {y}
    {o} lead investor""",
    ),
    ("r", """{o}{y}融到第几轮了""", """what stage was {o}'s {y} raise?"""),
    near="dividend acquisition",
)

add(
    "founded",
    "co",
    "成立时间 | Founded",
    "v=year:1978:2016 p=person c=pool:city",
    """{S}于{v}创立，创始人为{p}。
    {p}于{v}在{c}创办{S}。
    {S}成立于{v}，从一间小作坊起步。
    {S}由一群工程师创立，最初只做维修业务。""",
    """{S} was established in {v} by {p}.
    {p} set up {S} in {c} in {v}.
    Incorporated in {v}, {S} began as a small workshop.
    {S} was started by a handful of engineers as a repair business.""",
    (
        "v",
        """{o}哪年开张的
    {o}是什么时候起家的？
    {o} 创办年份
    {o}有多少年历史了""",
        """when did {o} get started?
    {o} year of birth
    how long has {o} been around
    since when does {o} exist?""",
    ),
    (
        "p",
        """{o}是谁一手搞起来的
    {o}的创办者叫什么？
    {o} founder""",
        """who started {o}?
    {o} founder
    whose brainchild is {o}""",
    ),
    near="listing hq ceo",
)

add(
    "hq",
    "co",
    "总部 | Headquarters",
    "c=pool:city",
    """{S}总部设于{c}。
    {S}的注册地址和主要办公场所均位于{c}。
    {S}已搬入新的总部大楼，新楼获绿色建筑认证。""",
    """{S} is headquartered in {c}.
    The registered office and principal place of business of {S} are in {c}.
    {S} moved into a new head office with a green building certificate.""",
    (
        "c",
        """{o}大本营在哪
    {o}是哪个城市的公司？
    {o} 总部 哪里
    请问{o}坐落在什么地方""",
        """where is {o} based?
    {o} home city
    which city does {o} call home
    HQ of {o}""",
    ),
    near="offices founded factory",
)

add(
    "ceo",
    "co",
    "首席执行官 | Chief executive",
    "p=person d=day",
    """{T}董事会委任{p}为{S}首席执行官，自{d}起生效。
    {d}，{p}接任{S}总裁兼首席执行官。{T0}
    {T}{S}首席执行官{p}表示，将坚持长期主义。
    {T}{S}完成了管理层交接。""",
    """{T}the board named {p} chief executive officer of {S}, effective {d}.
    {p} took over as president and CEO of {S} on {d}. {T0}
    {p}, chief executive of {S}, said the group would keep a long-term view {t}.
    {T}{S} completed a handover in its top management.""",
    (
        "p",
        """{o}{y}的一把手是谁
    {y}谁在掌舵{o}？
    {o} CEO 叫什么
    {o}的老总是哪位""",
        """who runs {o} in {y}?
    {o} boss name
    who was at the helm of {o} in {y}
    top executive at {o}, {y}""",
    ),
    (
        "d",
        """{o}的新老板{y}哪天走马上任
    {y}{o}换帅是几号的事？""",
        """on what day did the new boss of {o} start in {y}?
    start date of {o}'s new head {y}""",
    ),
    near="chair board founded",
)

add(
    "chair",
    "co",
    "董事长 | Chair",
    "p=person",
    """{T}{p}获选为{S}董事会主席。
    {T}{S}董事长由{p}担任。
    {T}{S}董事长在致辞中感谢全体员工。""",
    """{T}{p} was elected chair of the board of {S}.
    {p} served as chairman of {S} {t}.
    {T}the chair of {S} thanked all staff in the opening letter.""",
    (
        "p",
        """{y}{o}董事会谁说了算
    {o} 董事会一号人物 {y}
    {y}是谁在主持{o}的董事会？""",
        """who headed {o}'s board in {y}?
    {o} chairperson {y}
    who presided over the directors at {o} {y}""",
    ),
    near="ceo board",
)

add(
    "board",
    "co",
    "董事会人数 | Board size",
    "v=n:7:15 w=n:2:5",
    """{T}{S}董事会由{v}名董事组成，其中独立董事{w}名。
    {E}{S}董事会共有{v}名成员，独立董事占{w}席。
    {T}{S}董事会勤勉尽责，充分发挥决策职能。""",
    """{T}the board of {S} had {v} directors, {w} of them independent.
    The board of {S} comprised {v} members {t}, including {w} independents.
    {T}the directors of {S} discharged their duties diligently.""",
    (
        "v",
        """{o}{y}董事会里坐了几个人
    {y}{o}有多少董事？""",
        """how many people sat on {o}'s board in {y}?
    {o} number of directors {y}""",
    ),
    (
        "w",
        """{o}{y}有几个外部董事
    {y}{o}的独董多少位""",
        """how many outside directors did {o} have in {y}
    {o} non-affiliated board seats {y}""",
    ),
    near="chair ceo shareholder",
)

add(
    "headcount",
    "co",
    "员工人数 | Employees",
    "v=n:180:96000 pct=pct:14:61",
    """{E}{S}在册员工共{v}人，其中女性占{pct}。
    {E}{S}员工总数为{v}名。
    {E}{S}及附属公司共雇用{v}人，女性员工比例为{pct}。
    {T}{S}坚持以人为本，不断完善用工制度。""",
    """{E}{S} employed {v} people, {pct} of them women.
    {E}the workforce of {S} numbered {v}.
    {E}{S} and its subsidiaries had {v} staff on the payroll; women made up {pct}.
    {T}{S} continued to improve its employment practices.""",
    (
        "v",
        """{o}{y}有多少人干活？
    {y}{o}的团队规模
    {o} headcount {y}
    给{o}打工的{y}一共有几个
    {y}{o}多少号人""",
        """how big was the team at {o} in {y}?
    {o} headcount {y}
    how many folks work for {o} ({y})
    size of {o}'s staff {y}
    How many workers did {o} have in {y}?""",
    ),
    (
        "pct",
        """{o}{y}的女生多吗，占几成
    {y}{o}男女比例里女的占多少？""",
        """what proportion of {o}'s staff was female in {y}?
    {o} share of women {y}""",
    ),
    near="customers turnover training",
)

add(
    "turnover",
    "co",
    "员工流失率 | Staff attrition",
    "v=pct1:3:29",
    """{T}{S}员工流失率为{v}。
    {T}{S}全年离职率为{v}。
    {T}{S}关注员工流动情况，并开展离职访谈。""",
    """{T}staff attrition at {S} was {v}.
    Employee turnover at {S} ran at {v} {t}.
    {T}{S} held exit interviews to understand why people leave.""",
    (
        "v",
        """{o}{y}有百分之几的人走了
    {y}{o}留不住人的程度有多严重？
    {o} 跳槽比例 {y}""",
        """what fraction of people quit {o} in {y}?
    {o} quit rate {y}
    how many percent of workers left {o} {y}""",
    ),
    near="headcount churn training",
)

add(
    "salary",
    "co",
    "人均薪酬 | Average pay",
    "v=wan:9:62",
    """{T}{S}人均年薪酬为{v}。
    {T}{S}在岗职工平均工资达{v}。
    {T}{S}健全以绩效为导向的薪酬体系。""",
    """{T}average annual pay at {S} was {v}.
    {T}employees of {S} earned {v} on average.
    {T}{S} refined its performance-based pay system.""",
    (
        "v",
        """在{o}上班{y}一年平均能拿多少
    {o} 待遇 {y}
    {y}{o}一般员工年入多少？""",
        """what did a typical worker at {o} make in {y}?
    {o} mean wage {y}
    how well does {o} pay on average ({y})""",
    ),
    near="headcount dividend training",
)

add(
    "training",
    "co",
    "培训时长 | Training hours",
    "v=n:8:96",
    """{T}{S}员工人均受训{v}小时。
    {T}{S}人均培训时长为{v}小时。
    {T}{S}推出多层次的培训课程。""",
    """{T}each employee of {S} received {v} hours of training on average.
    Average training per employee at {S} came to {v} hours {t}.
    {T}{S} rolled out courses at several levels.""",
    (
        "v",
        """{o}{y}每人上了多少钟头的课
    {o} 人均学习时间 {y}
    {y}{o}一个员工平均进修多久？""",
        """how long did {o} staff spend in class in {y}?
    {o} learning hours per head {y}
    hours each worker spent upskilling, {o} {y}""",
    ),
    near="headcount salary",
)

add(
    "customers",
    "co",
    "客户数 | Customers",
    "v=n:320:480000 c=countrylist",
    """{E}{S}服务的客户达{v}家。
    {E}{S}客户总数为{v}家，遍及{c}等地。
    {T}{S}始终把客户放在首位，提升服务体验。""",
    """{E}{S} served {v} customers.
    {E}{S} had {v} clients in markets including {c}.
    {T}{S} put customers first and improved its service.""",
    (
        "v",
        """{y}有多少家买{o}的东西
    {o} 甲方数量 {y}
    {o}{y}一共有多少主顾？""",
        """how many clients did {o} have in {y}?
    {o} client count {y}
    number of businesses buying from {o}, {y}""",
    ),
    near="headcount mau orders",
)

add(
    "mau",
    "co",
    "月活跃用户 | Monthly active users",
    "v=n:40000:90000000",
    """{E}{S}平台月活跃用户数为{v}。
    {T}{S}旗下应用平均月活跃用户达到{v}。
    {T}{S}用户活跃度持续提升。""",
    """{E}monthly active users on the platform of {S} reached {v}.
    {T}apps run by {S} averaged {v} monthly active users.
    {T}{S} saw livelier engagement on its platform.""",
    (
        "v",
        """{o} MAU {y}
    {y}每个月有多少人在用{o}的App
    {o}{y}一个月大概多少人打开？""",
        """{o} MAU {y}
    how many people use {o} each month ({y})?
    how popular was {o}'s app per month in {y}""",
    ),
    near="customers orders downloads",
)

add(
    "orders",
    "co",
    "订单量 | Orders",
    "v=n:9000:70000000",
    """{T}{S}全年处理订单{v}笔。
    {T}{S}订单总量为{v}笔。
    {T}{S}订单履约流程进一步优化。""",
    """{T}{S} processed {v} orders.
    Orders handled by {S} totalled {v} {t}.
    {T}{S} streamlined the way it fulfils orders.""",
    (
        "v",
        """{o}{y}接了多少单
    {y}{o}成交几笔？
    {o} 单量 {y}""",
        """how many purchases went through {o} in {y}?
    {o} order volume {y}
    number of transactions {o} fulfilled {y}""",
    ),
    near="delivery customers mau",
)

add(
    "delivery",
    "co",
    "平均配送时长 | Average delivery time",
    "v=num1:12:72:小时:hours",
    """{T}{S}平均配送时长为{v}。
    {T}从下单到签收，{S}平均用时{v}。
    {T}{S}配送网络进一步下沉到县域。""",
    """{T}average delivery time at {S} was {v}.
    {T}parcels from {S} took {v} on average from order to doorstep.
    {T}{S} extended its delivery network to small towns.""",
    (
        "v",
        """{o}{y}送货要等多久
    {y}在{o}买东西多长时间能到手？
    {o} 到货速度 {y}""",
        """how long did {o} take to ship stuff in {y}?
    {o} shipping speed {y}
    typical wait for a package from {o} ({y})""",
    ),
    near="orders stores",
)

add(
    "share",
    "co",
    "市场份额 | Market share",
    "v=pct:4:58",
    """{T}{S}在国内市场的占有率为{v}，位居前列。
    {T}据行业协会统计，{S}市场份额达到{v}。
    {T}{S}市场地位进一步巩固。""",
    """{T}{S} held a market share of {v}.
    {T}industry figures put the share of {S} in its home market at {v}.
    {T}{S} consolidated its position in the market.""",
    (
        "v",
        """{o}{y}占了多大一块蛋糕
    {y}同行里{o}拿下了百分之几的盘子？
    {o} 市占 {y}""",
        """how much of the market did {o} own in {y}?
    {o} slice of the pie {y}
    what proportion of industry sales went to {o} {y}""",
    ),
    near="margin shareholder revenue",
)

add(
    "acquisition",
    "co",
    "收购 | Acquisition",
    "x=company v=money:0.4:70 d=day",
    """{T}{S}以{v}收购{x}全部股权，交割于{d}完成。
    {d}，{S}完成对{x}的收购，对价为{v}。{T0}
    {T}{S}完成收购{x}，双方团队正在整合。
    {T}{S}继续寻找合适的并购标的。""",
    """{T}{S} acquired all shares in {x} for {v}; the deal closed on {d}.
    On {d}, {S} completed its takeover of {x} for {v}. {T0}
    {T}{S} took over {x} and is merging the two teams.
    {T}{S} kept looking for suitable targets.""",
    (
        "x",
        """{o}{y}把谁买下来了
    {y}{o}吞并了哪家公司？
    {o} 并购对象 {y}""",
        """which firm did {o} buy in {y}?
    {o} M&A target {y}
    who did {o} swallow up {y}""",
    ),
    (
        "v",
        """{o}{y}买下别家花了多少
    {y}{o}那笔并购的价钱？""",
        """what did {o} pay for its {y} purchase of another company?
    price tag of {o}'s {y} buyout""",
    ),
    ("d", """{o}{y}的并购哪天敲定的""", """when was {o}'s {y} buyout wrapped up?"""),
    near="funding partner",
)

add(
    "offices",
    "co",
    "分支机构 | Offices",
    "v=n:3:140 w=n:4:60",
    """{E}{S}在{w}个国家和地区设有{v}个办事处。
    {E}{S}共有{v}个分支机构，覆盖{w}个国家。
    {T}{S}全球化布局取得进展。""",
    """{E}{S} operated {v} offices in {w} countries and regions.
    {E}{S} had {v} branches spread over {w} countries.
    {T}{S} made progress with its global footprint.""",
    (
        "v",
        """{o}{y}开了几处办公点
    {o} 网点数量 {y}""",
        """how many locations did {o} have in {y}?
    {o} number of branches {y}""",
    ),
    (
        "w",
        """{o}{y}的生意铺到了多少个国家
    {y}多少国家能见到{o}？""",
        """in how many countries was {o} present in {y}?
    {o} country count {y}""",
    ),
    near="stores hq factory",
)

add(
    "stores",
    "co",
    "门店数 | Stores",
    "v=n:40:9000 w=n:8:600",
    """{E}{S}门店总数为{v}家，年内净增{w}家。
    {T}{S}新开门店{w}家，门店总数达{v}家。
    {T}{S}对门店形象进行了升级。""",
    """{E}{S} had {v} stores, a net addition of {w}.
    {T}{S} opened {w} new stores, taking the total to {v}.
    {T}{S} refreshed the look of its stores.""",
    (
        "v",
        """{o}{y}有多少间铺子
    {y}{o}一共开了多少家店？
    {o} 店铺 数量 {y}""",
        """how many shops did {o} have in {y}?
    {o} outlet count {y}
    number of branches you can shop at, {o} {y}""",
    ),
    (
        "w",
        """{o}{y}多了几家店
    {y}{o}新增的铺面有几个""",
        """how many more shops did {o} gain in {y}?
    {o} net new outlets {y}""",
    ),
    near="offices factory orders",
)

add(
    "factory",
    "co",
    "新工厂 | New plant",
    "c=pool:country v=n:2:80 d=month",
    """{T}{S}位于{c}的新工厂于{d}投产，设计年产能{v}万台。
    {d}，{S}{c}生产基地正式启用，年产能{v}万台。{T0}
    {T}{S}继续推进生产基地的智能化改造。""",
    """{T}the new plant of {S} in {c} came on stream in {d}, with a capacity of {v}0,000 units a year.
    In {d}, {S} inaugurated its production base in {c}, able to turn out {v}0,000 units a year. {T0}
    {T}{S} went on automating its production bases.""",
    (
        "c",
        """{o}{y}把厂子开到了哪个国家
    {y}{o}去哪儿建的厂？""",
        """where abroad did {o} start manufacturing in {y}?
    {o} overseas plant location {y}""",
    ),
    (
        "d",
        """{o}{y}的新厂几月份开工出货
    {y}{o}海外工厂啥时候转起来的？""",
        """which month did {o}'s new works start up in {y}?
    {o} plant opening month {y}""",
    ),
    near="capex offices output",
)

add(
    "output",
    "co",
    "产量 | Output",
    "v=n:3000:4000000:台:units",
    """{T}{S}全年生产整机{v}。
    {T}{S}产量为{v}，产能利用率保持高位。
    {T}{S}生产组织有序，未发生停产。""",
    """{T}{S} manufactured {v}.
    Output at {S} was {v} {t}, with high capacity utilisation.
    {T}production at {S} ran smoothly without stoppages.""",
    (
        "v",
        """{o}{y}造了多少台
    {y}{o}下线了几台机器？
    {o} 生产数量 {y}""",
        """how many machines did {o} build in {y}?
    {o} production volume {y}
    how much rolled off {o}'s lines {y}""",
    ),
    near="orders factory",
)

add(
    "carbon",
    "co",
    "温室气体排放 | Greenhouse gas emissions",
    "v=n:900:2400000:吨:tonnes pct=pct1:2:31 m=pool:means",
    """{T}{S}温室气体排放总量为{v}二氧化碳当量。
    {T}{S}范围一和范围二排放合计{v}，较基准年下降{pct}。
    {T}{S}通过{m}，使排放下降{pct}。
    {T}{S}积极响应双碳目标，完善碳管理制度。""",
    """{T}greenhouse gas emissions of {S} totalled {v} of CO2 equivalent.
    {T}scope 1 and 2 emissions at {S} were {v}, down {pct} against the base year.
    {T}{S} lowered its emissions by {pct} by {m}.
    {T}{S} improved its carbon management in line with national targets.""",
    (
        "v",
        """{o}{y}排了多少碳
    {y}{o}给大气添了多少二氧化碳？
    {o} 碳足迹 {y}""",
        """how much CO2 did {o} put out in {y}?
    {o} carbon footprint {y}
    how dirty was {o} in tonnes of carbon {y}""",
    ),
    ("pct", """{o}{y}的碳减了百分之几""", """how big was {o}'s carbon cut in {y}?"""),
    (
        "m",
        """{o}{y}靠什么办法减的碳
    {y}{o}怎么做到少排放的？""",
        """how did {o} manage to pollute less in {y}?
    what did {o} do to shrink its carbon footprint {y}""",
    ),
    near="energy donation",
)

add(
    "energy",
    "co",
    "综合能耗 | Energy consumption",
    "v=n:1200:900000:兆瓦时:MWh pct=pct:11:88",
    """{T}{S}用电量为{v}，其中可再生能源占{pct}。
    {T}{S}能源消耗总量{v}，绿电比例{pct}。
    {T}{S}开展节能宣传周活动。""",
    """{T}{S} consumed {v} of electricity, {pct} of it from renewables.
    Energy use at {S} was {v} {t}, with {pct} from green sources.
    {T}{S} held an energy-saving week.""",
    (
        "v",
        """{o}{y}耗了多少电
    {o} 电力 {y} 多少""",
        """how much power did {o} burn through in {y}?
    {o} electricity {y}""",
    ),
    (
        "pct",
        """{o}{y}用的电有几成是风光水电
    {y}{o}清洁电力的比重？""",
        """what part of {o}'s power was clean in {y}?
    {o} wind and solar proportion {y}""",
    ),
    near="carbon capex",
)

add(
    "donation",
    "co",
    "对外捐赠 | Donations",
    "v=wan:30:9800",
    """{T}{S}对外捐赠{v}，用于教育和救灾。
    {T}{S}公益捐款总额为{v}。
    {T}{S}鼓励员工参加志愿活动。""",
    """{T}{S} donated {v} to education and disaster relief.
    Charitable giving by {S} amounted to {v} {t}.
    {T}{S} encouraged its people to volunteer.""",
    (
        "v",
        """{o}{y}做慈善花了多少
    {y}{o}捐出去多少钱？
    {o} 善款 {y}""",
        """how much did {o} give away in {y}?
    {o} philanthropy spend {y}
    how generous was {o} to good causes {y}""",
    ),
    near="training carbon",
)

add(
    "patents",
    "co",
    "专利授权 | Patents granted",
    "v=n:12:6800 w=n:3:900",
    """{T}{S}新获授权专利{w}件，累计拥有专利{v}件。
    {E}{S}累计专利{v}件。
    {T}{S}完善知识产权管理体系。""",
    """{T}{S} was granted {w} patents, for a portfolio of {v}.
    {E}{S} held {v} patents in all.
    {T}{S} improved its management of intellectual property.""",
    (
        "w",
        """{o}{y}新拿到几项发明
    {y}{o}批下来的专利有几个""",
        """how many new inventions did {o} get protected in {y}?
    {o} fresh patents {y}""",
    ),
    ("v", """到{y}{o}手里总共攒了多少专利""", """how large was {o}'s stock of patents by {y}?"""),
    near="rnd standard",
)

add(
    "shareholder",
    "co",
    "第一大股东持股 | Largest shareholder",
    "x=company v=pct1:18:67",
    """{E}{x}持有{S}{v}的股份，为第一大股东。
    {E}{S}控股股东{x}的持股比例为{v}。
    {T}{S}股权结构保持稳定。""",
    """{E}{x} was the largest shareholder of {S} with {v}.
    {E}the controlling shareholder of {S}, {x}, owned {v} of the shares.
    {T}the ownership structure of {S} stayed stable.""",
    (
        "x",
        """{o}{y}背后的大老板是哪家
    {y}谁在{o}里股份最多？""",
        """who owned most of {o} in {y}?
    {o} biggest owner {y}""",
    ),
    (
        "v",
        """{o}{y}头号股东攥着百分之几的股
    {o} 大股东 比例 {y}""",
        """how big was the top owner's stake in {o} in {y}?
    {o} largest stake percent {y}""",
    ),
    near="dividend share board",
)

add(
    "nps",
    "co",
    "客户满意度 | Customer satisfaction",
    "v=n:31:98:分:points",
    """{T}{S}客户满意度得分为{v}。
    {T}第三方测评显示，{S}净推荐值为{v}。
    {T}{S}定期回访客户，倾听改进意见。""",
    """{T}{S} scored {v} for customer satisfaction.
    {T}a third party put the net promoter score of {S} at {v}.
    {T}{S} called customers regularly to hear their views.""",
    (
        "v",
        """用户给{o}{y}打了几分
    {y}大家对{o}满不满意，多少分？
    {o} 口碑评分 {y}""",
        """what rating did people give {o} in {y}?
    {o} NPS {y}
    how happy were {o}'s clients, in numbers ({y})""",
    ),
    near="complaints customers",
)

add(
    "complaints",
    "co",
    "投诉量 | Complaints",
    "v=n:40:26000:件:complaints g=pool:gripe",
    """{T}{S}共受理投诉{v}，主要集中在{g}。
    {T}{S}收到{v}，以{g}居多。
    {T}{S}优化了投诉处理流程。""",
    """{T}{S} handled {v}, most of them about {g}.
    {T}{S} received {v}, chiefly over {g}.
    {T}{S} simplified how grievances are handled.""",
    (
        "v",
        """{o}{y}被吐槽了多少次
    {y}{o}有几单客诉？""",
        """how many grievances were filed against {o} in {y}?
    {o} gripes number {y}""",
    ),
    (
        "g",
        """大家{y}最烦{o}什么
    {y}顾客骂{o}骂得最多的是哪方面？""",
        """what annoyed {o}'s customers most in {y}?
    biggest pain point of {o} users {y}""",
    ),
    near="nps lawsuit",
)

add(
    "lawsuit",
    "co",
    "诉讼 | Litigation",
    "x=pool:claimant m=pool:matter v=wan:80:9000",
    """{T}{x}以{m}为由起诉{S}，索赔{v}。
    {T}{S}因{m}被{x}诉至法院，涉案金额{v}。
    {T}{S}未决诉讼均在正常审理之中。""",
    """{T}{x} sued {S} for {m}, claiming {v}.
    {T}{S} was taken to court by {x} over {m}; the sum at stake is {v}.
    {T}pending cases involving {S} proceeded normally.""",
    (
        "x",
        """{y}谁把{o}告了
    {o} 原告 {y}""",
        """who took legal action against {o} in {y}?
    {o} plaintiff {y}""",
    ),
    (
        "m",
        """{o}{y}为啥吃官司
    {y}{o}被告是因为什么事？""",
        """what was {o} accused of in {y}?
    why was {o} dragged before a judge {y}""",
    ),
    ("v", """{y}对方要{o}赔多少""", """how much did the other side want from {o} in the {y} case?"""),
    near="complaints",
)

add(
    "launch",
    "co",
    "产品发布 | Product launch",
    "x=pool:product d=month",
    """{T}{S}于{d}推出{x}。
    {d}，{S}正式发布{x}。{T0}
    {T}{S}新产品反响良好，预订踊跃。""",
    """{T}{S} launched {x} in {d}.
    In {d}, {S} unveiled {x}. {T0}
    {T}the new product of {S} was well received.""",
    (
        "x",
        """{o}{y}上了什么新货
    {y}{o}有啥新品？""",
        """what new thing did {o} put on sale in {y}?
    {o} new release {y}""",
    ),
    (
        "d",
        """{o}{y}的新品几月上市
    {y}{o}的新家伙啥时候开卖""",
        """which month did {o}'s new product hit the market in {y}?
    {o} go-to-market date {y}""",
    ),
    near="factory partner",
)

add(
    "partner",
    "co",
    "合作 | Partnership",
    "x=company",
    """{T}{S}与{x}签署战略合作协议。
    {T}{x}成为{S}的战略合作伙伴。
    {T}{S}秉持开放共赢理念，广交合作伙伴。""",
    """{T}{S} signed a strategic cooperation agreement with {x}.
    {T}{x} became a strategic partner of {S}.
    {T}{S} welcomed partners in a spirit of openness.""",
    (
        "x",
        """{o}{y}跟谁联手了
    {y}{o}找了哪家搭伙？""",
        """who did {o} team up with in {y}?
    {o} new ally {y}""",
    ),
    near="acquisition shareholder",
)

add(
    "accountant",
    "co",
    "审计机构 | Auditor",
    "x=pool:accountant v=wan:40:900",
    """{T}{S}聘请{x}为年度审计机构，审计费用{v}。
    {T}{x}为{S}出具了标准无保留意见，收费{v}。
    {T}{S}财务报表已经审计。""",
    """{T}{S} engaged {x} as its auditor for a fee of {v}.
    {T}{x} issued an unqualified opinion on the accounts of {S}, charging {v}.
    {T}the financial statements of {S} were audited.""",
    (
        "x",
        """{o}{y}的账是哪家查的
    {y}谁给{o}审的报表？""",
        """which firm checked {o}'s books in {y}?
    {o} auditors {y} who""",
    ),
    ("v", """{o}{y}查账付了多少钱""", """what did {o} pay to have its books checked in {y}?"""),
    near="lawsuit ceo",
)

add(
    "award",
    "co",
    "获奖 | Award",
    "x=pool:award",
    """{T}{S}荣获{x}。
    {T}{x}授予{S}，以表彰其管理创新。
    {T}{S}受到各界好评。""",
    """{T}{S} won {x}.
    {T}{x} went to {S} in recognition of its management.
    {T}{S} was praised on many sides.""",
    (
        "x",
        """{o}{y}拿了什么奖
    {y}{o}得过啥荣誉？""",
        """what prize did {o} pick up in {y}?
    {o} honours {y}""",
    ),
    near="standard nps",
)

add(
    "standard",
    "co",
    "认证 | Certification",
    "x=pool:standard d=month",
    """{T}{S}于{d}通过{x}认证。
    {T}{S}获得{x}证书。
    {T}{S}积极参与行业标准制定。""",
    """{T}{S} was certified to {x} in {d}.
    {T}{S} obtained {x} certification.
    {T}{S} took part in drafting industry standards.""",
    (
        "x",
        """{o}{y}过了哪个体系
    {o} 资质证书 {y}""",
        """which badge of compliance did {o} earn in {y}?
    {o} compliance {y} which""",
    ),
    ("d", """{o}{y}几月拿的证""", """what month did {o} get its {y} certificate?"""),
    near="award patents",
)

add(
    "price",
    "co",
    "调价 | Price change",
    "x=pool:product v=n:99:9999:元:yuan pct=pct1:3:28",
    """{T}{S}将{x}的零售价下调{pct}至{v}。
    {T}{x}的官方售价定为{v}。
    {T}{S}的定价策略保持灵活。""",
    """{T}{S} cut the retail price of {x} by {pct} to {v}.
    {T}the list price of {x} was set at {v}.
    {T}{S} kept its pricing flexible.""",
    (
        "v",
        """{o}的{x}{y}卖多少钱
    {y}买{x}要花多少？""",
        """how much does {x} by {o} cost in {y}?
    {x} price {y}""",
    ),
    ("pct", """{x}{y}便宜了百分之几""", """by how much did {x} get cheaper in {y}?"""),
    near="launch",
)

add(
    "whyup",
    "co",
    "收入增长原因 | Reasons for growth",
    "r=pool:rise",
    """{T}{S}营业收入增长，主要得益于{r}。
    {T}{S}收入较上年增加，原因在于{r}。
    {T}{r}，带动{S}营业收入上升。""",
    """{T}revenue of {S} grew, mainly owing to {r}.
    {T}the increase in revenue at {S} was driven by {r}.
    {T}{S} lifted its revenue on the back of {r}.""",
    (
        "r",
        """{o}{y}凭啥卖得更多了
    {y}{o}业绩变好是什么缘故？
    为什么{o}{y}进账多了""",
        """why did {o} sell more in {y}?
    what was behind {o}'s bigger takings {y}
    reason for the jump in {o}'s turnover, {y}""",
    ),
    near="revenue profit",
    opposite="whydown",
)

add(
    "whydown",
    "co",
    "收入下降原因 | Reasons for decline",
    "r=pool:fall",
    """{T}{S}营业收入下滑，主要由于{r}。
    {T}受{r}影响，{S}营业收入减少。
    {T}{S}收入低于上年，原因是{r}。""",
    """{T}revenue of {S} declined, mainly because of {r}.
    {T}{r} weighed on the revenue of {S}, which came in lower.
    {T}the decrease in revenue at {S} was due to {r}.""",
    (
        "r",
        """{o}{y}的生意怎么缩水了
    {y}{o}进账变少，为啥？
    什么拖累了{o}{y}的业绩""",
        """why did {o}'s takings shrink in {y}?
    what hurt {o}'s sales {y}
    cause of the drop at {o} in {y}""",
    ),
    near="revenue margin",
    opposite="whyup",
)

add(
    "churn",
    "co",
    "客户流失率 | Churn",
    "v=pct1:1:19 w=money:0.3:40",
    """{E}{S}年度经常性收入为{w}，客户流失率{v}。
    {T}{S}订阅客户流失率为{v}，年度经常性收入{w}。
    {T}{S}订阅业务运行平稳。""",
    """{E}annual recurring revenue at {S} was {w}, with customer churn of {v}.
    {T}{S} lost {v} of its subscribers and booked annual recurring revenue of {w}.
    {T}the subscription business of {S} ran steadily.""",
    (
        "v",
        """{o}{y}有百分之几的客人不续了
    {o} churn {y}""",
        """what portion of clients did {o} lose in {y}?
    {o} cancellation rate {y}""",
    ),
    (
        "w",
        """{o} ARR {y}
    {y}{o}一年稳稳收多少订阅费？""",
        """{o} ARR {y}
    how much subscription money does {o} get a year ({y})?""",
    ),
    near="turnover customers",
)

add(
    "uptime",
    "co",
    "可用性 | Uptime",
    "v=uptime w=n:2:40:起:incidents b=pool:bug",
    """{T}{S}云服务可用性为{v}，共发生{w}故障。
    {T}{S}平台可用率达{v}；最长的一次中断源于{b}。
    {T}{S}的一次大范围中断由{b}引起。
    {T}{S}加强了值班制度。""",
    """{T}service availability at {S} was {v}, with {w}.
    {T}the platform of {S} was up {v} of the time; the longest outage stemmed from {b}.
    {T}a wide outage at {S} was caused by {b}.
    {T}{S} strengthened its on-call rota.""",
    (
        "v",
        """{o}{y}稳不稳，几个九
    {o} SLA 实际 {y}""",
        """how many nines did {o} manage in {y}?
    {o} uptime {y}""",
    ),
    (
        "w",
        """{o}{y}挂了几回
    {y}{o}出过多少次事？""",
        """how often did things break at {o} in {y}?
    {o} outages count {y}""",
    ),
    (
        "b",
        """{o}{y}那次宕机怎么回事
    {y}{o}服务崩了的根源？""",
        """what made {o} go down in {y}?
    root cause of {o} downtime {y}""",
    ),
    near="complaints delivery",
)

add(
    "listing",
    "co",
    "上市 | Listing",
    "d=day c=pool:city",
    """{d}，{S}在{c}证券交易所挂牌。
    {S}于{d}在{c}上市交易。
    {S}上市后持续完善信息披露。""",
    """{S} listed on the {c} stock exchange on {d}.
    Shares in {S} began trading in {c} on {d}.
    Since its listing {S} has improved its disclosure.""",
    (
        "d",
        """{o}哪天敲的钟
    {o}IPO是什么时候？""",
        """when did {o} go public?
    {o} IPO date""",
    ),
    ("c", """{o}的股票在哪儿交易""", """where can you buy {o} stock?"""),
    near="founded hq",
)

# Open source projects.

add(
    "contributors",
    "oss",
    "贡献者 | Contributors",
    "v=n:14:4200:人:people w=n:3:600 c=companies",
    """{T}共有{v}为{S}提交过代码。
    {T}{S}的贡献者达{v}，其中新面孔{w}位。
    {T}{S}感谢每一位贡献者的付出。""",
    """{T}{v} contributed code to {S}.
    {S} had contributions from {v} {t}, {w} of them first-timers.
    {T}{S} thanked everyone who contributed.""",
    (
        "v",
        """{y}多少人给{o}写过代码
    {o} 参与人数 {y}
    {y}有几个人在搞{o}？""",
        """how many devs worked on {o} in {y}?
    {o} number of people submitting patches {y}
    {o} contributor count {y}""",
    ),
    (
        "w",
        """{o}{y}来了几个新人
    {y}头一回给{o}提交的有多少""",
        """how many newcomers showed up at {o} in {y}?
    {o} new faces {y}""",
    ),
    near="commits stars adopters",
)

add(
    "commits",
    "oss",
    "提交数 | Commits",
    "v=n:120:28000 w=n:60:9000",
    """{T}{S}主仓库合并了{w}个拉取请求，共计{v}次提交。
    {T}{S}累计提交{v}次。
    {T}{S}代码库保持活跃。""",
    """{T}{S} merged {w} pull requests, comprising {v} commits.
    {S} saw {v} commits {t}.
    {T}the code base of {S} stayed active.""",
    (
        "v",
        """{o}{y}代码改了多少次
    {o} commit 数 {y}""",
        """how many changes landed in {o}'s repo in {y}?
    {o} commits {y}""",
    ),
    (
        "w",
        """{o}{y}收了多少PR
    {y}{o}通过了几个合并申请？""",
        """how many PRs got into {o} in {y}?
    {o} accepted patches {y}""",
    ),
    near="contributors issues stars",
)

add(
    "issues",
    "oss",
    "已关闭问题 | Issues closed",
    "v=n:60:9000 w=n:20:2000",
    """{T}{S}关闭了{v}个议题，仍有{w}个未解决。
    {T}{S}新增议题{w}个，关闭{v}个。
    {T}{S}改进了议题分类标签。""",
    """{T}{S} closed {v} issues, leaving {w} open.
    {v} issues were resolved in {S} {t}.
    {T}{S} reworked its issue labels.""",
    (
        "v",
        """{o}{y}解决了多少个 ticket
    {y}{o}处理掉几个 issue？""",
        """how many tickets did {o} get done in {y}?
    {o} resolved bug reports {y}""",
    ),
    near="commits contributors",
)

add(
    "stars",
    "oss",
    "GitHub 星标 | GitHub stars",
    "v=n:300:78000",
    """{E}{S}在 GitHub 上获得{v}个星标。
    {T}{S}的星标数突破{v}。
    {T}{S}在 GitHub 上的关注度提高。""",
    """{E}{S} had {v} stars on GitHub.
    The GitHub repository of {S} passed {v} stars {t}.
    {T}{S} drew more attention on GitHub.""",
    (
        "v",
        """{o}{y}有多少人点赞收藏
    {o} star {y}""",
        """how many people starred {o} by {y}?
    {o} GH stargazers {y}""",
    ),
    near="downloads contributors commits",
)

add(
    "downloads",
    "oss",
    "下载量 | Downloads",
    "v=n:9000:60000000",
    """{T}{S}安装包被下载{v}次。
    {T}{S}镜像拉取量累计{v}次。
    {T}{S}提供了更多下载镜像站点。""",
    """{T}packages of {S} were downloaded {v} times.
    {S} recorded {v} image pulls {t}.
    {T}{S} added mirrors for its packages.""",
    (
        "v",
        """{o}{y}被装了多少次
    {y}{o}的包有多少人拉？""",
        """how many installs did {o} see in {y}?
    {o} pulls {y}""",
    ),
    near="stars adopters",
)

add(
    "releases",
    "oss",
    "发布版本 | Releases",
    "v=n:2:24 x=ver d=month",
    """{T}{S}发布了{v}个版本，最新的{x}于{d}推出。
    {d}，{S}发布{x}，这是全年第{v}个版本。{T0}
    {T}{S}遵循语义化版本规范。""",
    """{T}{S} shipped {v} releases, the latest being {x} in {d}.
    {x} of {S} came out in {d}; it was release number {v} of the year. {T0}
    {T}{S} followed semantic versioning.""",
    (
        "v",
        """{o}{y}更新了几版
    {y}{o}出了多少个新版？""",
        """how many versions did {o} put out in {y}?
    {o} release count {y}""",
    ),
    (
        "x",
        """{o}{y}最近的版本号
    {y}用{o}该装哪个版？""",
        """what's the newest {o} as of {y}?
    {o} current version {y}""",
    ),
    ("d", """{o}{y}最新版哪个月放出来的""", """which month did {o}'s latest build of {y} drop?"""),
    near="commits downloads deprecated",
)

add(
    "licence",
    "oss",
    "许可证 | Licence",
    "x=pool:licence l=pool:language",
    """{S}采用{x}许可证，使用{l}编写。
    {S}以{x}协议开源。
    {S}要求贡献者签署贡献者协议。""",
    """{S} is released under {x} and written in {l}.
    The source code of {S} is available under the {x} licence.
    {S} asks contributors to sign an agreement.""",
    (
        "x",
        """{o}是什么协议
    {o}能商用吗，什么授权？
    {o} license""",
        """what terms is {o} open-sourced on?
    {o} license
    which licence covers {o}""",
    ),
    (
        "l",
        """{o}拿什么语言写的
    {o} 技术栈""",
        """what is {o} coded in?
    {o} programming language""",
    ),
    near="whatis default",
)

add(
    "whatis",
    "oss",
    "定位 | What it is",
    "w=pool:what",
    """{S}是{w}。
    {S}定位为{w}，最初由一家初创公司开发。
    {S}的标志由社区投票选出。""",
    """{S} is {w}.
    {S}, first built at a start-up, is {w}.
    The logo of {S} was chosen in a community vote.""",
    (
        "",
        """{o}是干嘛的
    {o}是个什么东西？
    啥是{o}
    介绍一下{o}""",
        """what is {o}?
    what does {o} do
    explain {o}
    {o} meaning""",
    ),
    near="licence",
)

add(
    "lead",
    "oss",
    "项目负责人 | Project lead",
    "p=person q=person",
    """{T}{S}由{p}担任项目负责人，{q}负责发布。
    {T}{p}是{S}的首席维护者。
    {T}{S}的维护者保持每周轮值。""",
    """{T}{p} led {S}, with {q} in charge of releases.
    {p} was the lead maintainer of {S} {t}.
    {T}maintainers of {S} took weekly turns on duty.""",
    (
        "p",
        """{o}{y}谁挑大梁
    {y}{o}主要谁在管？
    {o} 维护者 老大""",
        """who was in charge of {o} in {y}?
    {o} head maintainer {y}""",
    ),
    (
        "q",
        """{o}{y}的版本谁来发
    谁管{o}{y}的出版本""",
        """who cut the releases for {o} in {y}?
    {o} release manager {y}""",
    ),
    near="contributors governance",
)

add(
    "reportby",
    "oss",
    "报告撰写 | Report author",
    "p=person",
    """{T}本报告由{p}撰写，代表{S}社区。
    {T}{S}的年度回顾由{p}执笔。
    {T}{S}的年度回顾已发布在博客上。""",
    """{T}this review of {S} was written by {p}.
    {p} authored the annual review of {S} {t}.
    {T}the annual review of {S} was posted on the blog.""",
    (
        "p",
        """{y}{o}的总结是谁写的
    {o} 年度报告 作者 {y}""",
        """who penned the {y} report for {o}?
    {o} report author {y}""",
    ),
    near="lead meetings",
)

add(
    "adopters",
    "oss",
    "采用者 | Adopters",
    "v=n:6:480:家:organisations c=companies",
    """{E}{S}公开登记的采用者有{v}，包括{c}。
    {T}{c}等{v}在生产环境中使用{S}。
    {T}{S}邀请采用者分享案例。""",
    """{E}{v} were listed as adopters of {S}, among them {c}.
    {T}{v}, including {c}, ran {S} in production.
    {T}{S} invited adopters to share their stories.""",
    (
        "v",
        """{o}{y}有几家在线上跑
    {y}多少单位用了{o}？""",
        """how many outfits were running {o} for real in {y}?
    {o} user organisations count {y}""",
    ),
    (
        "c",
        """{y}哪些公司在用{o}
    {o} 用户 都有谁 {y}""",
        """which companies rely on {o} ({y})?
    {o} who uses it {y}""",
    ),
    near="contributors downloads",
)

add(
    "meetings",
    "oss",
    "社区会议 | Community meetings",
    "v=n:1:6 w=n:9:90",
    """{T}{S}社区每月召开{v}次线上例会，平均{w}人到场。
    {T}{S}每月例会{v}场，场均{w}人。
    {T}{S}的例会录像可以回看。""",
    """{T}{S} held {v} community calls a month, attended by {w} people on average.
    The {S} community met online {v} times per month {t}, with about {w} attendees.
    {T}recordings of {S} calls can be watched again.""",
    (
        "v",
        """{o}{y}一个月开几回会
    {o} 例会频率 {y}""",
        """how often per month did {o} folks meet in {y}?
    {o} meeting frequency {y}""",
    ),
    ("w", """{o}{y}每次开会来多少人""", """how well attended were {o}'s calls in {y}?"""),
    near="contributors talks list",
)

add(
    "list",
    "oss",
    "邮件列表订阅 | Mailing list subscribers",
    "v=n:80:9000",
    """{E}{S}邮件列表有{v}名订阅者。
    {T}{S}邮件列表订阅人数增至{v}。
    {T}{S}更新了邮件列表礼仪。""",
    """{E}the mailing list of {S} had {v} subscribers.
    Subscriptions to the {S} mailing list rose to {v} {t}.
    {T}{S} revised its mailing list etiquette.""",
    (
        "v",
        """{y}多少人收{o}的群发邮件
    {o} mailing list 人数 {y}""",
        """how many people got {o}'s e-mails in {y}?
    {o} ML members {y}""",
    ),
    near="contributors meetings",
)

add(
    "mentoring",
    "oss",
    "导师计划 | Mentoring",
    "v=n:2:60 w=n:2:40",
    """{T}{S}的导师计划接收了{v}名学员，{w}名导师参与。
    {T}{w}位导师带领{v}名学员参与{S}开发。
    {T}{S}的导师计划反馈积极。""",
    """{T}{S} took in {v} mentees, guided by {w} mentors.
    {w} mentors helped {v} students work on {S} {t}.
    {T}feedback on the {S} mentoring scheme was good.""",
    (
        "v",
        """{o}{y}带了几个徒弟
    {y}多少学生跟着{o}学习？""",
        """how many trainees joined {o} in {y}?
    {o} interns {y}""",
    ),
    ("w", """{o}{y}有几个师傅带人""", """how many people coached at {o} in {y}?"""),
    near="contributors meetings",
)

add(
    "talks",
    "oss",
    "KubeCon 演讲 | KubeCon talks",
    "v=n:2:30 c=pool:city",
    """{T}{S}成员在{c} KubeCon 上作了{v}场演讲。
    {T}在{c}举行的 KubeCon 上，{S}相关议题有{v}个。
    {T}{S}在多个会议上设有展台。""",
    """{T}members of {S} gave {v} talks at KubeCon in {c}.
    KubeCon in {c} had {v} sessions on {S} {t}.
    {T}{S} had a booth at several events.""",
    (
        "v",
        """{o}{y}上台讲了几次
    {y}KubeCon 关于{o}的分享有多少？""",
        """how many times was {o} presented at KubeCon in {y}?
    {o} sessions {y}""",
    ),
    ("c", """{o}{y}去哪个城市讲的""", """in which city did {o} folks speak in {y}?"""),
    near="meetings mentoring",
)

add(
    "goal",
    "oss",
    "下一年目标 | Goals for next year",
    "g=pool:goal",
    """{T}{S}为下一年定下的目标是{g}。
    {T}{S}计划在来年{g}。
    {T}{S}公布了上一年目标的完成情况。""",
    """{T}{S} set itself the goal for the coming year to {g}.
    {T}{S} plans to {g} next year.
    {T}{S} reported on last year's goals.""",
    (
        "g",
        """{o}{y}说明年想干啥
    {y}{o}接下来的打算？
    {o} 后续规划 {y}""",
        """what was {o} hoping to get done after {y}?
    what's next for {o} ({y} report)
    {o} roadmap {y}""",
    ),
    near="need releases",
)

add(
    "need",
    "oss",
    "需要帮助 | Help wanted",
    "g=pool:need",
    """{T}{S}最需要帮助的方面是{g}。
    {T}目前阻碍{S}进展的主要是{g}缺少投入。
    {T}{S}欢迎任何形式的参与。""",
    """{T}{S} most needs help with {g}.
    {T}the main thing holding {S} back is a lack of hands for {g}.
    {T}{S} welcomes any kind of participation.""",
    (
        "g",
        """{o}{y}哪里缺人手
    {y}想给{o}出力，从哪儿下手好？
    {o} 卡在哪 {y}""",
        """where is {o} short-handed in {y}?
    {o} blockers {y}
    how could a volunteer be most useful to {o} in {y}?""",
    ),
    near="goal mentoring",
)

add(
    "governance",
    "oss",
    "治理变化 | Governance changes",
    "g=pool:governance",
    """{T}{S}修订治理章程，{g}。
    {T}{S}在治理方面的变化是{g}。
    {T}{S}的治理文档已归档。""",
    """{T}{S} amended its charter by {g}.
    {T}governance of {S} changed by {g}.
    {T}governance documents of {S} were archived.""",
    (
        "g",
        """{o}{y}内部规矩改了啥
    {y}{o}的管理方式有何变动？""",
        """what rules changed inside {o} in {y}?
    {o} how decisions are made now {y}""",
    ),
    near="lead meetings",
)

add(
    "deprecated",
    "oss",
    "弃用 | Deprecations",
    "g=pool:feature h=pool:instead x=ver",
    """自{x}起，{S}弃用{g}，改用{h}。
    {S}在{x}中移除了{g}，建议迁移到{h}。
    {S}提供了迁移指南。""",
    """As of {x}, {S} deprecates {g} in favour of {h}.
    {S} removed {g} in {x} and recommends {h}.
    {S} offers a migration guide.""",
    (
        "g",
        """{o}有哪个老功能不让用了
    {o} {x} 砍掉了什么""",
        """what did {o} drop in {x}?
    which old bit of {o} is going away""",
    ),
    ("h", """{o}的旧功能没了以后用啥替代""", """what should I switch to now that {o} dropped the old thing?"""),
    ("x", """{o}从哪个版本开始不支持{g}""", """from which version does {o} no longer have {g}?"""),
    near="default licence",
)

add(
    "default",
    "oss",
    "默认设置 | Defaults",
    "g=pool:setting h=pool:default",
    """在{S}中，{g}的默认值为{h}。
    {S}默认将{g}设为{h}。
    {S}允许按环境覆盖{g}。""",
    """In {S}, {g} defaults to {h}.
    By default {S} sets {g} to {h}.
    {S} lets each environment override {g}.""",
    (
        "h",
        """{o}装好不改配置的话{g}是多少
    {o} {g} 初始值""",
        """out of the box, what is {g} in {o}?
    {o} {g} initial value""",
    ),
    near="deprecated licence",
)

add(
    "latency",
    "oss",
    "P99 延迟 | P99 latency",
    "v=n:2:480:毫秒:ms w=n:900:900000",
    """{T}{S}基准测试中 P99 延迟为{v}，吞吐量为每秒{w}次请求。
    {T}{S}单节点每秒可处理{w}次请求，P99 延迟{v}。
    {T}{S}公开了性能测试脚本。""",
    """{T}{S} showed a p99 latency of {v} and a throughput of {w} requests per second.
    A single node of {S} served {w} requests a second {t}, at a p99 latency of {v}.
    {T}{S} published its benchmark scripts.""",
    (
        "v",
        """{o}{y}慢的时候要等多少
    {o} 响应时间 {y}""",
        """how slow does {o} get at worst ({y})?
    {o} response time {y}""",
    ),
    (
        "w",
        """{o}{y}一秒扛得住多少请求
    {o} QPS {y}""",
        """how much load can {o} take per second ({y})?
    {o} RPS {y}""",
    ),
    near="downloads releases",
)

# Security audits.

add(
    "auditfirm",
    "audit",
    "审计方 | Audit firm",
    "x=pool:auditor v=n:2:7 w=n:12:80",
    """{T}{S}的安全审计由{x}承担，{v}名工程师投入{w}个人日。
    {T}{x}派出{v}名审计人员，对{S}进行了{w}个人日的审计。
    {T}{S}的安全审计得到社区资助。""",
    """{T}the security audit of {S} was carried out by {x}: {v} engineers over {w} person-days.
    {T}{x} assigned {v} auditors to {S} for {w} person-days.
    {T}the audit of {S} was paid for by the community.""",
    (
        "x",
        """{y}谁来给{o}做的体检
    {o} 审计公司 {y}
    {y}哪家查了{o}的安全？""",
        """who reviewed {o}'s security in {y}?
    {o} assessors {y}
    which shop pentested {o} {y}""",
    ),
    ("v", """{y}几个人查的{o}""", """how many reviewers looked at {o} in {y}?"""),
    ("w", """{y}查{o}花了多少人天""", """how much effort went into checking {o} in {y}?"""),
    near="vulns fuzzers",
)

add(
    "auditwhen",
    "audit",
    "审计时间 | Audit period",
    "d=day e=day2",
    """对{S}的审计始于{d}，于{e}结束。
    {S}的审计工作自{d}起，至{e}止。
    {S}的审计分两个阶段进行。""",
    """The audit of {S} began on {d} and ended on {e}.
    Work on {S} ran from {d} to {e}.
    The audit of {S} was done in two phases.""",
    (
        "d",
        """{o}的审查哪天开工
    什么时候动手查{o}的""",
        """when did the checkers start on {o}?
    {o} review kickoff""",
    ),
    (
        "e",
        """{o}的审查什么时候收尾
    查{o}查到哪天为止？""",
        """when was the {o} review finished?
    {o} review wrap-up date""",
    ),
    near="auditfirm fixed",
)

add(
    "vulns",
    "audit",
    "发现问题 | Findings",
    "v=n:9:60 s=pool:severity w=n:2:8",
    """{T}对{S}的审计共发现{v}个问题，其中{w}个为{s}。
    {T}{S}审计报告列出{v}项发现，{w}项定级为{s}。
    {T}{S}的问题按严重程度分级。""",
    """{T}the audit of {S} found {v} issues, {w} of which were rated {s}.
    {v} findings were reported for {S} {t}, {w} of {s} severity.
    {T}findings in {S} were graded by severity.""",
    (
        "v",
        """{y}{o}查出来几个毛病
    {o} 漏洞总数 {y}""",
        """how many holes turned up in {o} in {y}?
    {o} total findings {y}""",
    ),
    (
        "w",
        """{y}{o}里{s}的漏洞有几个
    {o} {s} 数量 {y}""",
        """how many {s}-severity bugs did {o} have in {y}?
    {o} {s} count {y}""",
    ),
    near="fixed fuzzers",
)

add(
    "fixed",
    "audit",
    "已修复 | Fixed",
    "v=n:5:50 x=ver",
    """{T}{S}团队已修复{v}个问题，修复包含在{x}中。
    {T}{x}修补了{S}审计中的{v}个缺陷。
    {T}{S}团队对审计结果反应迅速。""",
    """{T}the {S} team fixed {v} of the findings; the patches are in {x}.
    {x} of {S} resolved {v} defects from the audit {t}.
    {T}the {S} team responded quickly to the audit.""",
    (
        "v",
        """{y}{o}补上了几个洞
    {o} 修好多少 {y}""",
        """how many holes did {o} plug in {y}?
    {o} patched number {y}""",
    ),
    (
        "x",
        """想要{o}{y}的安全补丁，得升到哪个版本""",
        """which version of {o} should I upgrade to for the {y} patches?""",
    ),
    near="vulns fuzzers",
)

add(
    "fuzzers",
    "audit",
    "模糊测试器 | Fuzzers",
    "v=n:3:70 w=n:1:9",
    """{T}审计方为{S}编写了{v}个模糊测试器，由此找到{w}个崩溃。
    {T}{S}新增{v}个模糊测试用例，并接入 OSS-Fuzz。
    {T}{S}的模糊测试在云端持续运行。""",
    """{T}the auditors wrote {v} fuzzers for {S}, which turned up {w} crashes.
    {v} fuzzers were added to {S} {t} and hooked up to OSS-Fuzz.
    {T}fuzzing of {S} runs continuously in the cloud.""",
    (
        "v",
        """{y}给{o}造了几个 fuzzer
    {o} fuzz 数量 {y}""",
        """how many fuzz targets did {o} get in {y}?
    {o} fuzz harness count {y}""",
    ),
    ("w", """{y}随机输入把{o}弄崩了几次""", """how many times did random input bring {o} down in {y}?"""),
    near="vulns fixed",
)

add(
    "flaw",
    "audit",
    "主要漏洞 | Main flaw",
    "c=pool:component f=pool:flaw p=person",
    """在{S}的{c}中发现的问题是{f}，由{p}报告。
    {p}报告了{S}{c}的{f}问题。
    {S}的{c}得到重点检查。""",
    """In {c} of {S}, the problem found was {f}, reported by {p}.
    {p} reported {f} in {c} of {S}.
    Special attention was paid to {c} of {S}.""",
    (
        "f",
        """{o}的{c}有什么漏洞
    {c}哪里不安全，{o}""",
        """what was wrong with {c} in {o}?
    weakness in {c}, {o}""",
    ),
    ("c", """{o}的{f}出在哪一块""", """which part of {o} suffered from {f}?"""),
    ("p", """{o}的{c}漏洞是谁挖到的""", """who discovered the hole in {c} of {o}?"""),
    near="vulns auditfirm",
)

# Surveys.

add(
    "sample",
    "survey",
    "有效样本 | Valid responses",
    "v=n:180:42000:份:responses w=n:12:90",
    """{S}共回收有效问卷{v}，覆盖{w}个国家和地区。
    {S}的有效样本为{v}。
    {S}对无效问卷作了剔除。""",
    """{S} collected {v} from {w} countries.
    {v} formed the valid sample of {S}.
    Incomplete forms were removed from {S}.""",
    (
        "v",
        """{o}有多少人填
    {o} 样本量
    {o}到底问了多少人？""",
        """how many people filled in {o}?
    {o} sample size
    n for {o}
    how many took part in {o}""",
    ),
    ("w", """{o}的答题者来自多少个国家""", """how many countries did people answering {o} live in?"""),
    near="period method",
)

add(
    "period",
    "survey",
    "调查时间 | Fieldwork",
    "d=day e=day2",
    """{S}的问卷于{d}开放，{e}截止。
    {S}自{d}开始收集答卷，至{e}结束。
    {S}的收集期比往届更长。""",
    """{S} opened on {d} and closed on {e}.
    Answers to {S} were gathered between {d} and {e}.
    {S} stayed open longer than before.""",
    (
        "d",
        """{o}什么时候开始填的
    {o} 启动日期""",
        """when could people begin answering {o}?
    {o} kickoff""",
    ),
    (
        "e",
        """{o}哪天停止收卷
    {o} 填写最后期限""",
        """last day to take part in {o}?
    {o} deadline""",
    ),
    near="sample method",
)

add(
    "method",
    "survey",
    "调查方式 | Method",
    "m=pool:method x=company",
    """{S}采用{m}方式，由{x}执行。
    {x}受托以{m}方式开展{S}。
    {S}的方法与往届一致。""",
    """{S} was conducted by {x} through {m}.
    {x} fielded {S} using {m}.
    {S} used the same approach as before.""",
    (
        "m",
        """{o}是怎么问的
    {o}通过什么渠道收集意见？""",
        """how did {o} reach people?
    {o} how data was gathered""",
    ),
    (
        "x",
        """{o}是哪家做的
    谁操办的{o}？""",
        """who ran {o}?
    {o} organiser""",
    ),
    near="sample period",
)

# Foundations and associations.

add(
    "budget",
    "ngo",
    "年度预算 | Budget",
    "v=wan:80:9600 x=company",
    """{T}{S}年度预算为{v}，最大赞助方是{x}。
    {T}{x}为{S}提供了最多的赞助，全年预算{v}。
    {T}{S}的预算经理事会通过。""",
    """{T}{S} had a budget of {v}; its largest sponsor was {x}.
    {T}{x} was the top sponsor of {S}, which worked with a budget of {v}.
    {T}the budget of {S} was approved by its council.""",
    (
        "v",
        """{o}{y}有多少钱可花
    {o} 经费盘子 {y}""",
        """how much money did {o} have to work with in {y}?
    {o} financial plan total {y}""",
    ),
    (
        "x",
        """{y}谁给{o}出钱最多
    {o} 头号金主 {y}""",
        """who bankrolled {o} most in {y}?
    {o} main backer {y}""",
    ),
    near="raised volunteers",
)

add(
    "raised",
    "ngo",
    "募款收入 | Funds raised",
    "v=wan:20:9000 c=pool:cause",
    """{T}{S}接受捐赠{v}，主要用于{c}。
    {T}{S}募得善款{v}，优先投入{c}。
    {T}{S}公开了每笔捐赠的去向。""",
    """{T}{S} received donations of {v}, spent mainly on {c}.
    {T}{S} raised {v}, with priority given to {c}.
    {T}{S} disclosed where each donation went.""",
    (
        "v",
        """{o}{y}筹到多少
    {y}大家一共给{o}捐了多少？""",
        """how much did people give to {o} in {y}?
    {o} gifts total {y}""",
    ),
    (
        "c",
        """{o}{y}把捐款花哪儿了
    {y}给{o}的钱主要干什么用？""",
        """what did {o} use the gifts for in {y}?
    where did money given to {o} go {y}""",
    ),
    near="budget volunteers",
)

add(
    "volunteers",
    "ngo",
    "志愿者 | Volunteers",
    "v=n:40:28000:人:people w=n:900:260000",
    """{T}{S}注册志愿者有{v}，贡献服务{w}小时。
    {T}共有{v}为{S}义务服务，合计{w}小时。
    {T}{S}表彰了优秀志愿者。""",
    """{T}{v} volunteered for {S}, giving {w} hours.
    {S} counted {v} as volunteers {t}, who worked {w} hours.
    {T}{S} honoured its best volunteers.""",
    (
        "v",
        """{y}多少人义务给{o}帮忙
    {o} 义工 {y}""",
        """how many unpaid helpers did {o} have in {y}?
    {o} helpers {y}""",
    ),
    ("w", """{o}{y}的义工干了多少钟头""", """how much time did helpers give {o} in {y}?"""),
    near="members raised",
)

add(
    "members",
    "ngo",
    "会员 | Members",
    "v=n:30:5000 w=n:4:300",
    """{E}{S}共有会员{v}名，年内新增{w}名。
    {E}{S}会员数为{v}，其中新入会{w}名。
    {T}{S}举办了会员日活动。""",
    """{E}{S} had {v} members, {w} of whom had joined during the year.
    {E}membership of {S} stood at {v} after {w} admissions.
    {T}{S} held a members' day.""",
    (
        "v",
        """{o}{y}拉了多少人入伙，总数
    {y}加入{o}的一共有多少""",
        """how many belonged to {o} by {y}?
    {o} roster size {y}""",
    ),
    ("w", """{y}{o}新来了几个成员""", """how many signed up with {o} in {y}?"""),
    near="volunteers subprojects",
)

add(
    "subprojects",
    "ngo",
    "子项目 | Subprojects",
    "v=n:2:14 x=pool:project z=pool:project",
    """{T}{S}新接纳{v}个项目，包括{x}；{z}已退役。
    {T}{x}等{v}个项目加入{S}，{z}被归档。
    {T}{S}更新了项目成熟度标准。""",
    """{T}{S} took in {v} new projects, among them {x}; {z} was retired.
    {v} projects including {x} joined {S} {t}, while {z} was archived.
    {T}{S} updated its maturity criteria.""",
    (
        "v",
        """{o}{y}收了几个新项目
    {o} 新增项目数 {y}""",
        """how many projects came under {o}'s roof in {y}?
    {o} intake {y}""",
    ),
    (
        "z",
        """{o}{y}停掉了哪个项目
    {y}{o}里哪个项目凉了？""",
        """which project did {o} shut down in {y}?
    {o} discontinued project {y}""",
    ),
    near="members conference",
)

add(
    "conference",
    "ngo",
    "大会 | Conference",
    "v=n:120:14000:人:people c=pool:city d=day",
    """{T}{S}年会于{d}在{c}举行，到场{v}。
    {d}，{v}参加了{S}在{c}召开的大会。{T0}
    {T}{S}年会的视频已上线。""",
    """{T}the annual conference of {S} took place in {c} on {d} and drew {v}.
    On {d}, {v} came to the {S} conference in {c}. {T0}
    {T}videos of the {S} conference are online.""",
    (
        "v",
        """{o}{y}的会来了多少人
    {o} 参会规模 {y}""",
        """how big was the crowd at {o}'s {y} event?
    {o} turnout {y}""",
    ),
    (
        "c",
        """{o}{y}在哪里办会
    {o} 大会 地点 {y}""",
        """where did {o} gather in {y}?
    {o} {y} venue city""",
    ),
    ("d", """{o}{y}的聚会是哪天""", """what date was {o}'s {y} gathering?"""),
    near="members volunteers",
)

add(
    "term",
    "ngo",
    "术语 | Terms",
    "g=pool:term h=pool:meaning",
    """{S}把"{g}"定义为{h}。
    在{S}的统计中，"{g}"指{h}。
    {S}对"{g}"的统计由专人负责。""",
    """{S} defines "{g}" as {h}.
    In the figures of {S}, "{g}" means {h}.
    A dedicated person at {S} keeps track of "{g}".""",
    (
        "",
        """{o}说的{g}是啥意思
    {o}眼里怎样才算{g}？""",
        """what counts as "{g}" for {o}?
    {o}: what do they mean by {g}""",
    ),
    near="members",
)

# ----------------------------------------------------------------------------------------------------- surveys' options


@dataclass(frozen=True, slots=True)
class Topic:
    """A survey's question: its heading, wordings for its top answer, and options (as printed; as people ask for them)."""  # noqa: E501

    heading: Pair
    top: tuple[list[str], list[str]]
    options: list[tuple[Pair, Pair]]


def options(text: str) -> list[tuple[Pair, Pair]]:
    """``zh | en | how a zh reader asks | how an en reader asks`` a line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [((a, b), (c, d)) for a, b, c, d in rows]


TOPICS = [
    Topic(
        ("采用过程中的主要障碍", "Main barriers to adoption"),
        (
            ["最让人头疼的是啥", "大家上不去主要卡在哪", "头号拦路虎"],
            ["what holds people back most?", "number one headache", "biggest hurdle for users"],
        ),
        options("""缺乏专业技能 | Lack of skills | 不会用、没本事 | not knowing how
          预算不足 | Insufficient budget | 没钱 | being short of cash
          文档不完善 | Poor documentation | 说明书写得烂 | bad manuals
          安全合规要求 | Security and compliance requirements | 过不了合规 | red tape around security
          与现有系统集成困难 | Difficult integration with existing systems | 跟老系统接不上 | not fitting with what is there
          """),  # noqa: E501
    ),
    Topic(
        ("参与者年龄", "Age of respondents"),
        (["填问卷的哪个岁数的最多", "主力是多大的人"], ["how old were most people?", "largest age bracket"]),
        options("""25岁以下 | Under 25 | 不到二十五的 | people younger than twenty-five
          25至34岁 | 25–34 | 二十五到三十四的年轻人 | people between twenty-five and thirty-four
          35至44岁 | 35–44 | 三十五到四十四的 | people aged thirty-five to forty-four
          45岁及以上 | 45 and over | 四十五往上的 | people forty-five or older
          """),
    ),
    Topic(
        ("参与者性别", "Gender of respondents"),
        (["男的多还是女的多"], ["were there more men or women?"]),
        options("""男性 | Male | 男的 | men
          女性 | Female | 女的 | women
          非二元性别 | Non-binary | 不认男女二分的 | people who are neither man nor woman
          不愿透露 | Prefer not to say | 不想说自己是男是女的 | people who kept their gender to themselves
          """),
    ),
    Topic(
        ("参与者职业", "Occupation of respondents"),
        (["都是干什么工作的人最多", "哪个岗位占大头"], ["what job did most people have?", "most common role"]),
        options("""后端工程师 | Back-end engineer | 写服务端的 | server-side coders
          运维/SRE | Operations / SRE | 管线上机器的 | folks keeping servers alive
          学生 | Student | 还在念书的 | people still at school
          管理者 | Manager | 当领导的 | bosses
          数据科学家 | Data scientist | 搞数据分析的 | number crunchers
          """),
    ),
    Topic(
        ("选择该工具的首要原因", "Primary reason for adopting"),
        (["大家图它啥", "为什么选它的人最多"], ["what made most people pick it?", "main draw"]),
        options("""性能优异 | High performance | 跑得快 | speed
          社区活跃 | Active community | 人气旺 | lots of people around it
          开源免费 | Free and open source | 不要钱 | costing nothing
          易于部署 | Easy to deploy | 装起来省事 | a simple set-up
          公司要求 | Company mandate | 上头让用的 | the boss saying so
          """),
    ),
    Topic(
        ("最常用的编辑器", "Favourite editor"),
        (["写代码都爱用啥软件", "哪个编辑器最吃香"], ["what do most people write code in?", "most loved IDE"]),
        options("""VS Code | VS Code | VS Code 党 | VS Code
          JetBrains 系列 | JetBrains IDEs | 用 IDEA 那一家子的 | IntelliJ and its siblings
          Vim/Neovim | Vim / Neovim | vi 党 | vi fans
          Emacs | Emacs | Emacs 信徒 | Emacs
          """),
    ),
    Topic(
        ("所在城市", "City of residence"),
        (["哪儿的人最多", "人都扎堆在哪座城"], ["where did most people live?", "top location"]),
        options("""北京 | Beijing | 住在首都的 | people in China's capital
          上海 | Shanghai | 魔都的 | Shanghai folks
          深圳 | Shenzhen | 鹏城的 | Shenzhen people
          成都 | Chengdu | 蓉城的 | Chengdu people
          其他 | Other | 别的地方的 | people living elsewhere
          """),
    ),
    Topic(
        ("通勤方式", "How respondents commute"),
        (["大家一般咋上班", "最普遍的出行方式"], ["how do most people get to work?", "commonest way of travelling"]),
        options("""地铁 | Metro | 坐地铁的 | the subway
          公交 | Bus | 挤公交的 | taking the bus
          自驾 | Private car | 自己开车的 | driving themselves
          骑行 | Bicycle | 蹬车子的 | pedalling
          步行 | On foot | 走路的 | walking
          """),
    ),
    Topic(
        ("计划增加投入的领域", "Planned areas of investment"),
        (["接下来钱主要往哪砸", "最想加码什么"], ["where will most of them spend more?", "top spending priority"]),
        options("""人工智能 | Artificial intelligence | 想砸AI的 | AI
          安全 | Security | 要多花钱防黑客的 | keeping hackers out
          可观测性 | Observability | 想加强监控的 | better monitoring
          降低云成本 | Cloud cost reduction | 想省云账单的 | cutting the cloud bill
          """),
    ),
]

# ------------------------------------------------------------------------------------------ what is so and what is not so  # noqa: E501
# (domain, zh so, zh not so, en so, en not so, zh questions, en questions); said of {S}.

YESNO = [
    (
        "oss",
        "{S}支持 Windows 平台。",
        "{S}目前不支持 Windows 平台。",
        "{S} supports Windows.",
        "{S} does not support Windows.",
        ["{o}能在Win上跑吗", "我电脑是微软系统，用得了{o}吗？"],
        ["does {o} run on a Microsoft OS?", "{o} Win ok?"],
    ),
    (
        "oss",
        "{S}接受匿名贡献。",
        "{S}拒绝匿名贡献。",
        "{S} accepts anonymous contributions.",
        "{S} rejects anonymous contributions.",
        ["不留真名能给{o}交代码吗"],
        ["can I send {o} patches without giving my name?"],
    ),
    (
        "oss",
        "{S}默认开启遥测。",
        "{S}默认关闭遥测。",
        "Telemetry is enabled by default in {S}.",
        "Telemetry is turned off by default in {S}.",
        ["{o}会不会偷偷上报数据", "装好{o}它会往外发使用情况吗？"],
        ["does {o} phone home out of the box?", "is {o} tracking me unless I opt out"],
    ),
    (
        "oss",
        "{S}要求所有补丁经两人评审。",
        "{S}不要求补丁经过评审。",
        "{S} requires two reviews for every patch.",
        "{S} does not require reviews for patches.",
        ["往{o}合代码必须有人看过吗"],
        ["must someone look over changes to {o}?"],
    ),
    (
        "oss",
        "{S}已停止维护1.x分支。",
        "{S}仍在维护1.x分支。",
        "{S} has stopped maintaining the 1.x branch.",
        "{S} still maintains the 1.x branch.",
        ["{o}老的1系列还有人管吗"],
        ["is the old 1-series of {o} still looked after?"],
    ),
    (
        "oss",
        "{S}在合并之前运行全部测试。",
        "{S}在合并之后才运行全部测试。",
        "{S} runs the full test suite before merging.",
        "{S} runs the full test suite only after merging.",
        ["{o}是先测再合还是合了再测"],
        ["does {o} test first and merge later?"],
    ),
    (
        "oss",
        "{S}的维护者人数增加。",
        "{S}的维护者人数减少。",
        "The number of maintainers of {S} rose.",
        "The number of maintainers of {S} fell.",
        ["管{o}的人变多了还是变少了"],
        ["are more people looking after {o} than before?"],
    ),
    (
        "co",
        "{S}客户数量上升。",
        "{S}客户数量下降。",
        "Customer numbers at {S} rose.",
        "Customer numbers at {S} fell.",
        ["买{o}的人是多了还是少了"],
        ["did {o} gain or lose clients?"],
    ),
    (
        "co",
        "{S}毛利率提高。",
        "{S}毛利率降低。",
        "The gross margin of {S} widened.",
        "The gross margin of {S} narrowed.",
        ["{o}赚钱的空间变大没有"],
        ["did {o} get to keep more of each sale?"],
    ),
    (
        "co",
        "{S}开设了成都办事处。",
        "{S}关闭了成都办事处。",
        "{S} opened its Chengdu office.",
        "{S} closed its Chengdu office.",
        ["{o}在成都的点是新开还是撤了"],
        ["is {o} entering or leaving Chengdu?"],
    ),
    (
        "co",
        "{S}允许员工远程办公。",
        "{S}不允许员工远程办公。",
        "{S} allows its staff to work remotely.",
        "{S} does not allow its staff to work remotely.",
        ["在{o}上班能待在家里吗", "{o} WFH 行不行"],
        ["can you work from home at {o}?", "{o} WFH policy"],
    ),
    (
        "co",
        "{S}已通过年度审计。",
        "{S}未能通过年度审计。",
        "{S} passed its annual audit.",
        "{S} failed its annual audit.",
        ["{o}的账过关了吗"],
        ["were {o}'s books given the all-clear?"],
    ),
    (
        "co",
        "{S}在董事会批准之前签署了协议。",
        "{S}在董事会批准之后签署了协议。",
        "{S} signed the agreement before the board approved it.",
        "{S} signed the agreement after the board approved it.",
        ["{o}是先签字还是先过会"],
        ["did {o} sign first and ask its directors later?"],
    ),
    (
        "co",
        "{S}向股东派发股息。",
        "{S}决定不派发股息。",
        "{S} paid a dividend to shareholders.",
        "{S} decided not to pay a dividend.",
        ["{o}给股东分钱了吗"],
        ["did {o}'s owners get a payout?"],
    ),
    (
        "co",
        "{S}扩大了招聘规模。",
        "{S}缩减了招聘规模。",
        "{S} stepped up hiring.",
        "{S} cut back on hiring.",
        ["{o}是在多招人还是少招人"],
        ["is {o} taking on more people or fewer?"],
    ),
    (
        "co",
        "{S}提前还清了贷款。",
        "{S}未能按期还清贷款。",
        "{S} repaid its loan ahead of schedule.",
        "{S} failed to repay its loan on time.",
        ["{o}欠银行的钱按时还上没"],
        ["did {o} settle its debt in time?"],
    ),
    (
        "audit",
        "{S}的所有高危问题均已修复。",
        "{S}的高危问题尚未修复。",
        "All high-severity issues in {S} have been fixed.",
        "The high-severity issues in {S} have not been fixed.",
        ["{o}最要命的洞补好没有"],
        ["are the worst holes in {o} closed?"],
    ),
    (
        "audit",
        "{S}的源代码全部纳入审计范围。",
        "{S}的第三方依赖不在审计范围之内。",
        "All code of {S} was in scope of the audit.",
        "Third-party dependencies of {S} were out of scope.",
        ["查{o}时外部库也看了吗"],
        ["were outside libraries of {o} looked at too?"],
    ),
    (
        "audit",
        "审计未在{S}中发现远程执行漏洞。",
        "审计在{S}中发现了远程执行漏洞。",
        "The audit found no remote code execution in {S}.",
        "The audit found a remote code execution flaw in {S}.",
        ["{o}会不会被人从外面操控"],
        ["could an outsider run their own code on {o}?"],
    ),
    (
        "ngo",
        "{S}接受企业捐款。",
        "{S}不接受企业捐款。",
        "{S} accepts corporate donations.",
        "{S} does not accept corporate donations.",
        ["公司想给{o}打钱，收不收"],
        ["would {o} take money from a firm?"],
    ),
    (
        "ngo",
        "{S}提高了会费。",
        "{S}降低了会费。",
        "{S} raised its membership fee.",
        "{S} lowered its membership fee.",
        ["加入{o}是贵了还是便宜了"],
        ["did it get dearer to belong to {o}?"],
    ),
    (
        "ngo",
        "{S}的理事会由会员选举产生。",
        "{S}的理事会由赞助方任命。",
        "The council of {S} is elected by its members.",
        "The council of {S} is appointed by sponsors.",
        ["{o}管事的是投票选的吗"],
        ["do ordinary people vote for {o}'s leaders?"],
    ),
    (
        "survey",
        "{S}向参与者支付报酬。",
        "{S}不向参与者支付报酬。",
        "{S} paid its respondents.",
        "{S} did not pay its respondents.",
        ["填{o}有钱拿吗"],
        ["do you get money for answering {o}?"],
    ),
    (
        "survey",
        "{S}的数据经过加权。",
        "{S}的数据未经加权。",
        "Data of {S} were weighted.",
        "Data of {S} were not weighted.",
        ["{o}的结果有没有按人口调整"],
        ["were {o} results adjusted to match the population?"],
    ),
]

# ---------------------------------------------------------------------------------------------------------------- lists
# (domain, lead zh, lead en, zh questions, en questions, items)

LISTS = [
    (
        "co",
        "{T}{S}面临的主要风险如下：",
        "{T}the main risks facing {S} were as follows:",
        ["{o}{y}最怕出什么岔子", "{y}{o}可能栽在哪些事上？"],
        ["what could go wrong for {o} in {y}?", "{o} threats {y}"],
        pairs("""汇率大幅波动 | Sharp swings in exchange rates
     关键原料供应中断 | Interruptions in the supply of key materials
     新的数据保护法规 | New data protection rules
     核心技术人员流失 | Loss of key engineers
     客户集中度过高 | Dependence on a few customers
     网络攻击 | Cyber attacks"""),
    ),
    (
        "co",
        "{T}{S}在环保方面采取了以下措施：",
        "{T}{S} took the following environmental measures:",
        ["{o}{y}为环境干了些啥", "{o} 绿色行动 {y}"],
        ["what did {o} do for the planet in {y}?", "{o} green steps {y}"],
        pairs("""更换全部照明为 LED | All lighting replaced with LEDs
     车队改用电动货车 | The fleet switched to electric vans
     回收生产用水 | Process water is recycled
     取消一次性餐具 | Disposable cutlery abolished
     在厂区植树三千棵 | Three thousand trees planted on site"""),
    ),
    (
        "oss",
        "{T}{S}的主要新功能包括：",
        "{T}new features in {S} included:",
        ["{o}{y}加了啥", "{y}{o}有什么新花样？"],
        ["what's new in {o} ({y})?", "{o} goodies added {y}"],
        pairs("""支持增量备份 | Incremental backups
     新的权限模型 | A new permission model
     内置仪表盘 | A built-in dashboard
     原生支持 ARM64 | Native ARM64 support
     离线安装模式 | An offline installation mode
     基于角色的配额 | Role-based quotas"""),
    ),
    (
        "oss",
        "{T}{S}在下一年的工作重点：",
        "{T}priorities of {S} for the coming year:",
        ["{o}{y}之后想搞什么", "{o} 下一步 {y}"],
        ["what will {o} tackle after {y}?", "{o} to-do {y}"],
        pairs("""缩短发布周期 | A shorter release cycle
     招募两名新维护者 | Recruit two more maintainers
     重写安装程序 | Rewrite the installer
     改进无障碍体验 | Better accessibility
     清理过时接口 | Remove outdated interfaces"""),
    ),
    (
        "audit",
        "{T}审计方对{S}提出的建议：",
        "{T}recommendations of the auditors for {S}:",
        ["{y}查完后让{o}改什么", "{o} 整改意见 {y}"],
        ["what was {o} told to improve in {y}?", "{o} advice from reviewers {y}"],
        pairs("""为依赖项固定版本 | Pin the versions of dependencies
     对发布包进行签名 | Sign release artefacts
     启用双因素认证 | Turn on two-factor authentication
     扩大模糊测试覆盖 | Widen fuzzing coverage
     缩小默认权限 | Narrow default permissions"""),
    ),
    (
        "ngo",
        "{T}{S}开展的主要活动：",
        "{T}main activities of {S}:",
        ["{o}{y}忙活了些什么", "{y}{o}都做了哪些事？"],
        ["what was {o} up to in {y}?", "{o} doings {y}"],
        pairs("""为山区学校捐建图书角 | Reading corners for mountain schools
     组织百场义诊 | A hundred free clinics
     开设编程夏令营 | A summer camp for coding
     清理二十公里海岸线 | Cleaning twenty kilometres of coast
     出版志愿者手册 | A handbook for volunteers"""),
    ),
]
LEADS = len(LISTS)

# --------------------------------------------------------------------------------------------------------------- filler

FILLER = (
    lines("""
    各项工作稳步推进，总体符合预期。
    详细情况请参阅附录。
    下文分部分作进一步说明。
    管理层定期召开会议，检查计划执行情况。
    感谢各方一直以来的信任与支持。
    外部环境依然复杂多变。
    内部控制制度运行有效，未发现重大缺陷。
    相关流程已作相应调整。
    图表中的数字因四舍五入可能与合计略有出入。
    今后将继续完善相关机制。
    各部门协同配合，取得了积极成效。
    以上信息未经第三方核实。
    有关政策可在官方网站查阅。
    这一做法得到了多方认可。
    团队在压力之下保持了专注。
    具体安排将另行通知。
    统计口径与上期保持一致。
    信息披露遵循真实、准确、完整的原则。
    经验表明，持续沟通至关重要。
    部分工作受天气影响有所延后。
    我们相信，长期投入终将得到回报。
    后续进展会及时更新。
    质量始终是一切工作的基础。
    与会者就若干议题交换了意见。
    """),
    lines("""
    Work went ahead steadily and broadly as planned.
    Further details can be found in the appendix.
    The sections below look at each area in turn.
    Management met regularly to check progress against the plan.
    We thank everyone for their trust and support.
    Conditions outside remained complex.
    Internal controls worked well and no material weakness was found.
    The procedures involved have been adjusted.
    Figures may not add up because of rounding.
    The mechanism will be refined further.
    Departments worked together with good results.
    This information has not been verified by a third party.
    The relevant policies are available on the website.
    The approach was welcomed on several sides.
    The team kept its focus under pressure.
    Arrangements will be announced separately.
    The basis of calculation is unchanged.
    Disclosure follows the principles of accuracy and completeness.
    Experience shows that steady communication matters.
    Some work was put off because of the weather.
    We believe that long-term commitment pays off.
    Updates will follow as things develop.
    Quality remains the foundation of everything we do.
    Participants exchanged views on a number of topics.
    """),
)
SUBJECTS = {
    "co": (["公司", "本公司", "集团"], ["the company", "the group"]),
    "oss": (["项目", "本项目"], ["the project"]),
    "audit": (["该项目", "被审项目"], ["the project"]),
    "survey": (["本次调查", "调查"], ["the survey", "this survey"]),
    "ngo": (["本会", "本机构"], ["the organisation", "our organisation"]),
}
TITLES = {
    "co": (["年度报告", "年报", "可持续发展报告"], ["Annual Report", "Sustainability Report", "Form 20-F"]),
    "oss": (["年度回顾", "项目年度报告"], ["Annual Review", "Project Report"]),
    "audit": (["安全审计报告"], ["Security Audit"]),
    "survey": (["结果"], ["Results", "Findings"]),
    "ngo": (["年度报告", "工作报告"], ["Annual Report", "Impact Report"]),
}
HEADINGS = (
    ["经营情况", "概述", "要点", "进展", "年度摘要"],
    ["Operations", "Overview", "Highlights", "Progress", "In brief"],
)
FLOW = ("revenue", "profit", "loss", "margin", "rnd", "capex", "orders", "output", "complaints", "mau")
CLASHES = ({"profit", "loss"}, {"whyup", "whydown"}, {"revenue", "whydown"})
MONTHS = ("January February March April May June July August September October November December").split()


# --------------------------------------------------------------------------------------------------------------- values


def trimmed(number: float) -> str:
    """A number with at most two decimals, thousands parted."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def money(rng: Random, yi: float) -> Pair:
    """A sum of so many hundred millions."""
    yi = float(f"{yi:.3g}")
    zh_name, en_name = rng.choice((("元", "RMB "), ("元", "CNY "), ("美元", "US$"), ("元", "¥")))
    if yi < 1:
        zh, million = f"{trimmed(yi * 10000)}万{zh_name}", yi * 100
    else:
        zh, million = f"{trimmed(yi)}亿{zh_name}", yi * 100
    en = f"{trimmed(million / 1000)} billion" if million >= 1000 else f"{trimmed(million)} million"
    if million < 1:
        en = f"{round(million * 1e6):,}"
    return zh, en_name + en


def between(rng: Random, low: float, high: float) -> float:
    """A number whose logarithm is even between two bounds."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def percent(rng: Random, low: float, high: float, words: bool) -> Pair:
    """A share, now and then in words."""
    share = round(rng.uniform(low, high), 1)
    if words and rng.random() < 0.12:
        said = pairs(
            "四成 | forty percent\n近三分之一 | almost a third\n约四分之一 | about a quarter\n近半 | nearly half"
        )
        return rng.choice(said)
    text = f"{share:g}%"
    return text, text


def day(rng: Random, year: int, months: tuple[int, int]) -> Pair:
    """A day of a year."""
    month, number = rng.randint(*months), rng.randint(1, 28)
    return f"{year}年{month}月{number}日", rng.choice(
        (f"{number} {MONTHS[month - 1]} {year}", f"{MONTHS[month - 1]} {number}, {year}")
    )


def person(rng: Random) -> Pair:
    """Someone's name."""
    if rng.random() < 0.3:
        name = rng.choice(FOREIGN)
        return name, name
    (a, b), (c, d) = rng.choice(SURNAMES), rng.choice(GIVEN)
    return a + c, f"{d} {b}"


def company(rng: Random) -> Pair:
    """A company's name."""
    (a, b), (c, d) = rng.choice(PLACES_OF_NAMES), rng.choice(TRADES)
    return a + c, f"{b} {d}"


def value(rng: Random, spec: str, year: int) -> Pair:
    """A value, in both languages."""
    kind, *rest = spec.split(":")
    unit = (rest[2], " " + rest[3]) if len(rest) > 3 else ("", "")
    if kind == "n":
        number = round(between(rng, float(rest[0]), float(rest[1])))
        if number > 100000:
            number = round(number, -3)
        big = number >= 20000 and number % 1000 == 0
        zh = f"{trimmed(number / 10000)}万" if big else f"{number:,}"
        en = f"{trimmed(number / 1e6)} million" if number >= 1000000 and number % 10000 == 0 else f"{number:,}"
        return zh + unit[ZH], en + unit[EN]
    if kind == "num1":
        text = f"{rng.uniform(float(rest[0]), float(rest[1])):.1f}"
        return text + unit[ZH], text + unit[EN]
    if kind in ("money", "wan"):
        return money(rng, between(rng, float(rest[0]), float(rest[1])) / (1 if kind == "money" else 10000))
    if kind == "yuan":
        amount = f"{rng.uniform(float(rest[0]), float(rest[1])):.2f}"
        return f"{amount}元", f"RMB {amount}"
    if kind in ("pct", "pct1"):
        return percent(rng, float(rest[0]), float(rest[1]), kind == "pct")
    if kind == "year":
        text = str(rng.randint(int(rest[0]), int(rest[1])))
        return f"{text}年", text
    if kind == "ver":
        text = f"v{rng.randint(0, 6)}.{rng.randint(0, 19)}" + rng.choice(("", ".0", ".3"))
        return text, text
    if kind == "uptime":
        text = rng.choice(("99.9%", "99.95%", "99.99%", "99.87%", "99.982%"))
        return text, text
    if kind == "day":
        return day(rng, year, (1, 6))
    if kind == "day2":
        return day(rng, year, (7, 12))
    if kind == "month":
        month = rng.randint(1, 12)
        return f"{year}年{month}月", f"{MONTHS[month - 1]} {year}"
    if kind == "person":
        return person(rng)
    if kind == "company":
        return company(rng)
    if kind == "companies":
        a, b = company(rng), company(rng)
        return f"{a[ZH]}和{b[ZH]}", f"{a[EN]} and {b[EN]}"
    if kind == "countrylist":
        few = rng.sample(COUNTRIES, 3)
        return "、".join(c[ZH] for c in few), f"{few[0][EN]}, {few[1][EN]} and {few[2][EN]}"
    return rng.choice(POOLS[rest[0]])


#: Concepts whose second number is a part of the first.
WITHIN = ("members", "vulns", "contributors", "board", "patents", "stores", "offices")


def amount(said: Pair) -> float:
    """The number that an English value begins with."""
    found = re.match(r"[\d.,]+", said[EN])
    return float(found[0].replace(",", "")) * (1e6 if "million" in said[EN] else 1) if found else 0.0


def values_of(rng: Random, concept: Concept, year: int) -> dict[str, Pair]:
    """A value for each of a concept's slots, no two alike."""
    found: dict[str, Pair] = {}
    for slot, spec in concept.slots.items():
        for _ in range(9):
            found[slot] = value(rng, spec, year)
            below = slot != "w" or concept.key not in WITHIN or amount(found["w"]) < amount(found["v"])
            if below and all(found[slot] != other for name, other in found.items() if name != slot):
                break
    return found


# ------------------------------------------------------------------------------------------------------------ sentences


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose report it is, of when, in which language, and whether its sentences name both or leave them to the heading."""  # noqa: E501

    domain: str
    org: Pair
    year: int
    quarter: int
    lang: int
    named: bool
    spaced: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, where in it the words asked for lie, and whether it answers."""

    text: str
    span: tuple[int, int] | None = None
    answers: bool = False


@dataclass(slots=True)
class Page:
    """A passage in the making."""

    text: str = ""
    evidence: list[tuple[int, int]] = field(default_factory=list)
    answer: tuple[int, int] | None = None

    def put(self, said: Said, before: str) -> None:
        """Append a sentence after a separator."""
        self.text += before if self.text else before.lstrip(" \n")
        start = len(self.text)
        self.text += said.text
        if said.answers:
            self.evidence.append((start, len(self.text)))
            if said.span:
                self.answer = start + said.span[0], start + said.span[1]


def organisation(rng: Random, domain: str, year: int) -> Pair:
    """A name for a kind of reporter; a survey's has its year."""
    if domain == "co":
        return company(rng)
    if domain == "ngo":
        return rng.choice(CHARITIES)
    if domain == "survey":
        (a, b), (c, d) = rng.choice(SURVEYORS), rng.choice(SURVEY_KINDS)
        return f"{a}{year}年{c}", f"{b} {d} {year}"
    name = rng.choice(PROJECTS)
    return name, name


def other_organisation(rng: Random, scene: Scene) -> Pair:
    """Another name than the scene's."""
    while True:
        org = organisation(rng, scene.domain, scene.year)
        if not set(org) & set(scene.org):
            return org


def new_scene(rng: Random, domain: str, lang: int, quarterly: bool = False) -> Scene:
    """Some report."""
    year = rng.randint(2015, 2025)
    return Scene(
        domain,
        organisation(rng, domain, year),
        year,
        rng.randint(1, 4) if quarterly else 0,
        lang,
        rng.random() < 0.45,
        rng.random() < 0.4,
    )


def times(rng: Random, scene: Scene) -> dict[str, str]:
    """The slots of time and subject."""
    year, quarter = scene.year, scene.quarter
    if scene.lang == ZH:
        period = f"{year}年第{'一二三四'[quarter - 1]}季度" if quarter else rng.choice((f"{year}年", f"{year}年度"))
        if scene.named:
            end = period if quarter else f"{year}年"
            return {"T": f"{period}，", "t": period, "E": rng.choice((f"截至{end}末，", f"{end}末，")), "T0": ""}
        now = "本季度，" if quarter else rng.choice(("报告期内，", "本年度，", "年内，", "全年，"))
        return {"T": now, "t": "", "E": rng.choice(("截至报告期末，", "期末，")), "T0": ""}
    period = f"Q{quarter} {year}" if quarter else str(year)
    if scene.named:
        ends = (f"At the end of {period}, ",) if quarter else (f"At the end of {year}, ", f"As of 31 December {year}, ")
        return {"T": f"In {period}, ", "t": f"in {period}", "E": rng.choice(ends), "T0": ""}
    span = "quarter" if quarter else "year"
    return {
        "T": rng.choice((f"During the {span}, ", "Over the reporting period, ", f"This {span}, ")),
        "t": rng.choice((f"during the {span}", "over the reporting period")),
        "E": rng.choice(
            (f"At the end of the {span}, ", "At the balance sheet date, " if scene.domain == "co" else "By then, ")
        ),
        "T0": "",
    }


def say(
    rng: Random, scene: Scene, template: str, values: dict[str, Pair], asked: str = "", answers: bool = False
) -> Said:
    """A template filled in for a scene."""
    subject = scene.org[scene.lang] if scene.named else rng.choice(SUBJECTS[scene.domain][scene.lang])
    filled = {name: pair[scene.lang] for name, pair in values.items()} | times(rng, scene) | {"S": subject}
    if "{T}" in template and (scene.named or rng.random() < 0.5):
        for slot in {"d", "e"} & set(values):
            filled[slot] = re.sub(r"^\d{4}年|,? \d{4}$", "", filled[slot])
    if asked:
        filled[asked] = f"\x01{filled[asked]}\x02"
    text = template.format(**filled).strip()
    if scene.lang == ZH:
        text = text.replace('"', "")
        if scene.spaced:
            text = re.sub(r"([一-鿿])(\x01?)(?=[0-9A-Za-z])", r"\1 \2", text)
            text = re.sub(r"([0-9A-Za-z%])(\x02?)(?=[一-鿿])", r"\1\2 ", text)
    else:
        first = 1 if text.startswith("\x01") else 0
        if not re.match(r"v\d", text[first:]):
            text = text[:first] + text[first].upper() + text[first + 1 :]
    start, end = text.find("\x01"), text.find("\x02") - 1
    text = text.replace("\x01", "").replace("\x02", "")
    return Said(text, (start, end) if 0 <= start < end else None, answers)


def asked_time(rng: Random, year: int, quarter: int, lang: int) -> str:
    """A period as a reader writes it."""
    if lang == ZH:
        if quarter:
            return rng.choice((f"{year}年第{'一二三四'[quarter - 1]}季度", f"{year}年Q{quarter}"))
        return f"{year % 100}年" if rng.random() < 0.12 else f"{year}年"
    if quarter:
        return rng.choice(
            (f"Q{quarter} {year}", f"the {('first', 'second', 'third', 'fourth')[quarter - 1]} quarter of {year}")
        )
    return f"FY{year % 100}" if rng.random() < 0.08 else str(year)


def ask(
    rng: Random,
    lang: int,
    wordings: list[str],
    org: Pair,
    year: int,
    quarter: int,
    values: dict[str, Pair],
    needs: tuple[str, ...] = (),
) -> str:
    """A question; one of its wordings that names what must be named, or one to which that is added."""
    fit = [w for w in wordings if all(n in w for n in needs)] or wordings
    wording = rng.choice(fit)
    for need in needs:
        if need not in wording:
            wording = need + wording if lang == ZH else f"{wording.rstrip('?')} ({need})"
    text = wording.format(
        **{n: p[lang] for n, p in values.items()}, o=org[lang], y=asked_time(rng, year, quarter, lang)
    )
    if lang == EN and rng.random() < 0.35:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.06:
        text = rng.choice(
            ("想了解一下，", "麻烦问一下，", "请问") if lang == ZH else ("Please tell me: ", "Quick question: ", "hi, ")
        ) + text.removeprefix("请问")
    return text


def heading(rng: Random, scene: Scene) -> str:
    """What stands above; it names who and when wherever the sentences do not."""
    if scene.named and rng.random() < 0.4:
        return ""
    org, title = scene.org[scene.lang], rng.choice(TITLES[scene.domain][scene.lang])
    part = rng.choice(HEADINGS[scene.lang])
    if scene.domain == "survey":
        return f"{org} > {title}"
    if scene.lang == ZH:
        period = (
            f"{scene.year}年第{'一二三四'[scene.quarter - 1]}季度"
            if scene.quarter
            else rng.choice((f"{scene.year}", f"{scene.year}年"))
        )
        return f"{org} {period}{'报告' if scene.quarter else title} > {part}"
    period = f"Q{scene.quarter} {scene.year}" if scene.quarter else f"{scene.year}"
    return f"{org} {'Report' if scene.quarter else title} {period} > {part}"


def clash(key: str, used: set[str]) -> bool:
    """Whether a concept would contradict what is used already."""
    return any(key in pair and pair & used - {key} for pair in CLASHES)


def around(rng: Random, scene: Scene, said: list[Said], used: set[str]) -> list[Said]:
    """Sentences with others of the same report put around them."""
    room = rng.randint(110, 330) if scene.lang == ZH else rng.randint(320, 820)
    said = list(said)
    keys = [k for k, c in BANK.items() if c.domain == scene.domain and (not scene.quarter or k in FLOW)]
    rng.shuffle(keys)
    used = set(used)
    filler = rng.sample(FILLER[scene.lang], 8)
    while sum(len(s.text) for s in said) < room and len(said) < 10:
        if keys and rng.random() < 0.68:
            key = keys.pop()
            if key in used or clash(key, used):
                continue
            used.add(key)
            concept = BANK[key]
            template = rng.choice(concept.said[scene.lang])
            said.append(say(rng, scene, template, values_of(rng, concept, scene.year)))
        elif filler:
            said.append(Said(filler.pop()))
        else:
            break
    rng.shuffle(said)
    return said


def lay(rng: Random, scene: Scene, said: list[Said]) -> Page:
    """Sentences as prose, as paragraphs or as a list."""
    page, style = Page(), rng.random()
    for sentence in said:
        before = "" if scene.lang == ZH else " "
        if style < 0.13:
            before = "\n- "
        elif style < 0.3 and rng.random() < 0.3:
            before = "\n"
        if before == "\n- " and not page.text:
            page.text = "- "
            before = ""
        page.put(sentence, before)
    return page


def lesson(question: str, page: Page, above: str, kind: str) -> Lesson:
    """A page made into a lesson."""
    return Lesson(question, page.text, above, tuple(page.evidence), page.answer, None, f"invented-{kind}")


# -------------------------------------------------------------------------------------------------------------- lessons


def directions(rng: Random) -> tuple[int, int]:
    """The question's and the passage's languages."""
    return rng.randrange(2), rng.randrange(2)


def fact(rng: Random) -> Lesson:
    """A statement asked for, or one of the ways in which it is not there."""
    qlang, plang = directions(rng)
    concept = BANK[rng.choice([*BANK, *("whyup", "whydown") * 3])]
    quarterly = concept.key in FLOW and rng.random() < 0.2
    scene = new_scene(rng, concept.domain, plang, quarterly)
    values = values_of(rng, concept, scene.year)
    slot, *wordings = rng.choice(concept.asks[:1] * 2 + concept.asks)
    wanted = [t for t in concept.said[plang] if (f"{{{slot}}}" in t if slot else any(f"{{{s}}}" in t for s in values))]
    vague = [t for t in concept.said[plang] if t not in wanted and f"{{{slot}}}" not in t]
    if rng.random() < 0.47:
        return answered(rng, concept, scene, values, slot, wordings, qlang, wanted)
    kinds = ["org", "absent", "near", "echo"] + ["vague"] * 2 * bool(vague) + ["opposite"] * 4 * bool(concept.opposite)
    dated = concept.dated or concept.domain == "survey"
    kinds += ["year"] * 2 * dated + ["quarter"] * 2 * (concept.key in FLOW)
    kind = rng.choice(kinds)
    org, year, quarter, said = scene.org, scene.year, scene.quarter, list[Said]()
    needs: tuple[str, ...] = ("{o}",) if concept.domain == "survey" or not concept.dated else ()
    if kind in ("org", "year", "quarter"):
        said = [say(rng, scene, rng.choice(wanted), values)]
        if kind == "org":
            org, needs = other_organisation(rng, scene), ("{o}",)
        elif kind == "quarter":
            quarter, needs = (0 if quarter else rng.randint(1, 4)), ("{y}",)
        elif concept.domain == "survey":
            year += rng.choice((-2, -1, 1))
            org = (org[ZH].replace(str(scene.year), str(year)), org[EN].replace(str(scene.year), str(year)))
        else:
            year, needs = year + rng.choice((-3, -2, -1, 1, 2)), ("{y}",)
    elif kind == "vague":
        said = [say(rng, scene, rng.choice(vague), values)]
    elif kind == "near":
        said = [
            say(rng, scene, rng.choice(BANK[k].said[plang][:2]), values_of(rng, BANK[k], year))
            for k in concept.near
            if BANK[k].domain == concept.domain and not clash(k, {concept.key, *concept.near} - {k})
        ][:2]
    elif kind == "opposite":
        other = BANK[concept.opposite]
        said = [say(rng, scene, rng.choice(other.said[plang]), values_of(rng, other, year))]
    question = ask(rng, qlang, wordings[qlang], org, year, quarter, values, needs)
    if kind == "echo":
        same = ask(rng, plang, wordings[plang], org, year, quarter, values)
        frame = rng.choice(
            ("常有人问：{}", "本节讨论“{}”这一问题。", "关于“{}”，尚无公开资料。")
            if plang == ZH
            else (
                "People often ask: {}",
                "This section is about the question “{}”.",
                "As for “{}”, nothing has been published.",
            )
        )
        said = [Said(frame.format(question if rng.random() < 0.3 else same))]
    used = {concept.key, concept.opposite, *(concept.near if kind == "near" else ())}
    said = around(rng, scene, said, used)
    return lesson(question, lay(rng, scene, said), heading(rng, scene), f"not-{kind}")


def answered(
    rng: Random,
    concept: Concept,
    scene: Scene,
    values: dict[str, Pair],
    slot: str,
    wordings: list[list[str]],
    qlang: int,
    wanted: list[str],
) -> Lesson:
    """A statement asked for and there, at times beside its like of another year or of others."""
    rival = rng.random()
    needs: tuple[str, ...] = ()
    said: list[Said] = []
    wording = wordings[qlang]
    rivals: Scene | None = None
    if rival < 0.2 and concept.dated and not scene.quarter and concept.domain != "survey":
        rivals, needs = (
            Scene(scene.domain, scene.org, scene.year + rng.choice((-2, -1, 1)), 0, scene.lang, True, scene.spaced),
            ("{y}",),
        )
    elif rival < 0.35 and concept.domain != "survey":
        rivals, needs = (
            Scene(
                scene.domain, other_organisation(rng, scene), scene.year, scene.quarter, scene.lang, True, scene.spaced
            ),
            ("{o}",),
        )
    fit = [w for w in wording if all(n in w for n in needs)] or wording
    one = rng.choice(fit)
    held = [s for s in values if f"{{{s}}}" in one and s != slot]
    able = [t for t in wanted if all(f"{{{s}}}" in t for s in held)]
    if not able:
        able, one = wanted, next((w for w in wording if not any(f"{{{s}}}" in w for s in values)), one)
    template = rng.choice(able)
    said.append(say(rng, scene, template, values, slot, True))
    if rivals:
        said.append(say(rng, rivals, rng.choice(wanted), values_of(rng, concept, rivals.year)))
    question = ask(rng, qlang, [one], scene.org, scene.year, scene.quarter, values, needs)
    if rng.random() < 0.08:
        frame = (
            ("常有人问：{}", "本节讨论“{}”这一问题。")
            if scene.lang == ZH
            else ("People often ask: {}", "A frequent question: {}")
        )
        said.append(Said(rng.choice(frame).format(question)))
    said = around(rng, scene, said, {concept.key, concept.opposite})
    return lesson(question, lay(rng, scene, said), heading(rng, scene), "fact")


def whether(rng: Random) -> Lesson:
    """Something that is so or is not so; at times said of another, or not at all."""
    qlang, plang = directions(rng)
    domain, *said, zh, en = rng.choice(YESNO)
    scene = new_scene(rng, str(domain), plang)
    there = rng.random() < 0.55
    template = str(said[2 * plang + rng.randrange(2)])
    org = scene.org
    sentences = [say(rng, scene, template, {}, "", there)]
    if not there:
        if rng.random() < 0.5:
            sentences = []
        else:
            org = other_organisation(rng, scene)
    question = ask(rng, qlang, list(en if qlang else zh), org, scene.year, 0, {})
    sentences = around(rng, scene, sentences, {"dividend", "customers", "margin", "offices", "lead", "accountant"})
    return lesson(question, lay(rng, scene, sentences), heading(rng, scene), "whether" if there else "not-whether")


def listed(rng: Random) -> Lesson:
    """Items under a line that leads in to them, or another list than the one asked for."""
    qlang, plang = directions(rng)
    at = rng.randrange(LEADS)
    domain, zh_lead, en_lead, zh, en, items = LISTS[at]
    scene = new_scene(rng, domain, plang)
    org, year, there = scene.org, scene.year, rng.random() < 0.55
    asked = (zh, en)[qlang]
    needs: tuple[str, ...] = ()
    if not there:
        twins = [entry for i, entry in enumerate(LISTS) if i != at and entry[0] == domain and {i, at} != {2, 3}]
        if twins and rng.random() < 0.4:
            twin = rng.choice(twins)
            asked = (twin[3], twin[4])[qlang]
        elif rng.random() < 0.5:
            org, needs = other_organisation(rng, scene), ("{o}",)
        else:
            year, needs = year + rng.choice((-2, -1, 1, 2)), ("{y}",)
    page = Page()
    join = "" if plang == ZH else " "
    for sentence in around(rng, scene, [], {"goal", "need"})[: rng.randint(1, 3)]:
        page.put(sentence, join)
    page.put(say(rng, scene, (zh_lead, en_lead)[plang], {}), "\n")
    for pair in rng.sample(items, rng.randint(3, min(5, len(items)))):
        page.put(Said(pair[plang], None, there), "\n- ")
    if rng.random() < 0.5:
        page.put(Said(rng.choice(FILLER[plang])), "\n\n")
    question = ask(rng, qlang, asked, org, year, 0, {}, needs)
    return lesson(question, page, heading(rng, scene), "list" if there else "not-list")


def cell_row(cells: list[str], at: int | None = None) -> Said:
    """A table's row without its outer pipes, the asked cell marked."""
    text = " | ".join(cells)
    if at is None:
        return Said(text)
    start = len(" | ".join(cells[:at])) + (3 if at else 0)
    return Said(text, (start, start + len(cells[at])), True)


def put_table(page: Page, header: list[str], rows: list[Said]) -> None:
    """Append a table."""
    page.put(Said(f"| {' | '.join(header)} |\n|{' --- |' * len(header)}"), "\n\n")
    for row in rows:
        page.put(row, "\n| ")
        page.text += " |"


def tabled(rng: Random) -> Lesson:
    """One cell of a table of figures by year, or one that it does not have."""
    qlang, plang = directions(rng)
    domain = rng.choice(("co", "co", "oss"))
    scene = new_scene(rng, domain, plang)
    numeric = [
        c
        for c in BANK.values()
        if c.domain == domain
        and c.dated
        and c.asks[0][0] == "v"
        and c.key not in ("profit", "funding", "price", "founded")
    ]
    concepts = rng.sample(numeric, min(len(numeric), rng.randint(4, 7)))
    asked, shown = concepts[0], concepts[:]
    first = scene.year
    years = [first - 2, first - 1, first][-rng.randint(2, 3) :]
    org, year, there = scene.org, rng.choice(years), rng.random() < 0.55
    needs: tuple[str, ...] = ("{y}",)
    if not there:
        kind = rng.randrange(3)
        if kind == 0:
            shown = concepts[1:]
        elif kind == 1:
            year = rng.choice((years[0] - 1, years[-1] + 1))
        else:
            org, needs = other_organisation(rng, scene), ("{o}", "{y}")
    rng.shuffle(shown)
    rows = []
    for concept in shown:
        cells = [concept.label[plang]] + [value(rng, concept.slots["v"], y)[plang] for y in years]
        hit = there and concept is asked
        rows.append(cell_row(cells, 1 + years.index(year)) if hit else cell_row(cells))
    page = Page()
    if rng.random() < 0.5:
        page.put(Said(rng.choice(FILLER[plang])), "")
    header = ["项目" if plang == ZH else "Item"] + [f"{y}年" if plang == ZH else str(y) for y in years]
    put_table(page, header, rows)
    _, zh, en = asked.asks[0]
    question = ask(rng, qlang, zh if qlang == ZH else en, org, year, 0, {}, needs)
    titled = Scene(domain, scene.org, first, 0, plang, False, False)
    return lesson(question, page, heading(rng, titled), "table" if there else "not-table")


def surveyed(rng: Random) -> Lesson:
    """A share that a survey found, or its top answer; in a table, a list or a sentence."""
    qlang, plang = directions(rng)
    scene = new_scene(rng, "survey", plang)
    topic = rng.choice(TOPICS)
    chosen = rng.sample(topic.options, min(len(topic.options), rng.randint(3, 5)))
    left, shares = 100.0, list[float]()
    for _ in chosen:
        shares.append(round(left * rng.uniform(0.3, 0.6), 1))
        left -= shares[-1]
    shares.sort(reverse=True)
    best = rng.random() < 0.3
    at = 0 if best else rng.randrange(len(chosen))
    there = rng.random() < 0.55
    asked, org, shown = topic, scene.org, list(zip(chosen, shares, strict=True))
    wish = chosen[at][1]
    if not there:
        if rng.random() < 0.5 or best:
            asked = rng.choice([t for t in TOPICS if t is not topic])
            wish = rng.choice(asked.options)[1]
        else:
            shown.pop(at)
    if best:
        question = rng.choice(asked.top[qlang])
    elif qlang == ZH:
        question = rng.choice(("{}占多少", "{}有百分之几？", "有多大比例是{}", "多少人是{}")).format(wish[ZH])
        if not wish[ZH].endswith("的"):
            question = rng.choice(("选“{}”的有多少", "说{}的占几成？", "{}，百分之几的人这么答")).format(wish[ZH])
    else:
        question = rng.choice(("how many % for {}?", "share that went for {}", "what proportion ticked {}?")).format(
            wish[EN]
        )
    if rng.random() < 0.5:
        question = f"{org[ZH]}里{question}" if qlang == ZH else f"{org[EN]}: {question}"
    page = Page()
    join = "" if plang == ZH else " "
    for sentence in around(rng, scene, [], {"sample"} if rng.random() < 0.5 else set())[:2]:
        page.put(sentence, join)
    style = rng.randrange(3)
    if style == 0:
        rng.shuffle(shown)
        rows = []
        for option, share in shown:
            hit = there and option is chosen[at]
            rows.append(cell_row([option[0][plang], f"{share:g}%"], (0 if best else 1) if hit else None))
        page.put(Said(topic.heading[plang] + ("：" if plang == ZH else ":")), "\n\n")
        put_table(page, ["选项", "占比"] if plang == ZH else ["Answer", "Share"], rows)
    else:
        page.put(Said(topic.heading[plang] + ("：" if plang == ZH else ":")), "\n\n")
        for option, share in shown:
            name, figure = option[0][plang], f"{share:g}%"
            text = rng.choice(
                (f"{name}：{figure}", f"{name}（{figure}）")
                if plang == ZH
                else (f"{name}: {figure}", f"{name} ({figure})")
            )
            mark = name if best else figure
            start = text.index(mark) if best else text.rindex(mark)
            hit = there and option is chosen[at]
            page.put(Said(text, (start, start + len(mark)) if hit else None, hit), "\n- ")
    above = heading(rng, Scene("survey", scene.org, scene.year, 0, plang, False, False))
    return lesson(question, page, above, "survey" if there else "not-survey")


COMPARE = (
    ("{o}{a}和{b}的{m}哪个高", "{o} {m} {a} 对比 {b}", "跟{a}比，{o}{b}的{m}变了多少？"),
    ("{m} of {o}: {a} vs {b}", "did {o}'s {m} go up from {a} to {b}?", "compare {o} {m} in {a} with {b}"),
)


def compared(rng: Random) -> Lesson:
    """Two years of one figure; not answered where neither is there."""
    qlang, plang = directions(rng)
    concept = rng.choice([c for c in BANK.values() if c.dated and c.asks[0][0] == "v" and c.domain != "survey"])
    base = new_scene(rng, concept.domain, plang)
    there = rng.random() < 0.6
    shift = 0 if there else rng.choice((-5, -4, 4, 5))
    said = []
    for year in (base.year - 1, base.year):
        scene = Scene(base.domain, base.org, year, 0, plang, True, base.spaced)
        templates = [t for t in concept.said[plang] if "{v}" in t and any(s in t for s in ("{T}", "{t}", "{E}"))]
        said.append(say(rng, scene, rng.choice(templates), values_of(rng, concept, year), "", there))
    name = concept.label[qlang]
    name = name if qlang == ZH or name[:2].isupper() else name[0].lower() + name[1:]
    a, b = (f"{base.year + shift - back}{'年' if qlang == ZH else ''}" for back in (1, 0))
    question = rng.choice(COMPARE[qlang]).format(o=base.org[qlang], a=a, b=b, m=name)
    named = Scene(base.domain, base.org, base.year, 0, plang, True, base.spaced)
    page = lay(rng, named, around(rng, named, said, {concept.key, concept.opposite}))
    return lesson(question, page, heading(rng, named), "compare" if there else "not-compare")


# --------------------------------------------------------------------------------------------------------------- claims


def claim(rng: Random) -> Lesson:
    """A claim held against one or two statements."""
    return claim_whether(rng) if rng.random() < 0.4 else claim_fact(rng)


def judged(rng: Random, scene: Scene, text: str, said: list[Said], verdict: int, kind: str) -> Lesson:
    """A claim as a lesson; what supports or contradicts it is marked as evidence."""
    page = Page()
    if rng.random() < 0.4:
        said = [*said, Said(rng.choice(FILLER[scene.lang]))]
    for sentence in said:
        page.put(sentence, "" if scene.lang == ZH else " ")
    above = heading(rng, scene)
    return Lesson(text, page.text, above, tuple(page.evidence), None, verdict, f"invented-{kind}")


def claim_whether(rng: Random) -> Lesson:
    """A claim that something is or is not so."""
    qlang, plang = directions(rng)
    entry = rng.choice(YESNO)
    domain, said = entry[0], entry[1:5]
    scene = new_scene(rng, str(domain), plang)
    asserted, stated = rng.randrange(2), rng.randrange(2)
    verdict = SUPPORTED if asserted == stated else CONTRADICTED
    speaker = Scene(scene.domain, scene.org, scene.year, 0, qlang, True, False)
    text = say(rng, speaker, str(said[2 * qlang + asserted]), {}).text
    if rng.random() < 0.2:
        other = rng.choice([e for e in YESNO if e[0] == domain and e is not entry])
        return judged(
            rng, scene, text, [say(rng, scene, str(other[1 + 2 * plang + stated]), {})], UNKNOWN, "claim-whether"
        )
    return judged(
        rng, scene, text, [say(rng, scene, str(said[2 * plang + stated]), {}, "", True)], verdict, "claim-whether"
    )


#: Concepts of which there is one: what names another contradicts.
SINGLE = (
    "hq",
    "licence",
    "accountant",
    "auditfirm",
    "shareholder",
    "default",
    "listing",
    "conference",
    "whatis",
    "term",
)


def claim_fact(rng: Random) -> Lesson:
    """A claim of a statement's values, kept or changed."""
    qlang, plang = directions(rng)
    concept = BANK[rng.choice(list(BANK))]
    scene = new_scene(rng, concept.domain, plang)
    values = values_of(rng, concept, scene.year)

    def held(template: str) -> set[str]:
        return {s for s in values if f"{{{s}}}" in template}

    couples = [
        (a, b)
        for a in concept.said[qlang]
        for b in concept.said[plang]
        if held(a) and held(a) <= held(b) and (a != b or qlang != plang)
    ]
    roll = rng.random()
    if not couples:
        return claim_whether(rng)
    asserted, stated = rng.choice(couples)
    speaker = Scene(scene.domain, scene.org, scene.year, 0, qlang, True, rng.random() < 0.3)
    told, verdict = dict(values), SUPPORTED
    answers = True
    if roll < 0.38:
        pass
    elif roll < 0.7:
        slot = rng.choice(sorted(held(asserted)))
        for _ in range(20):
            told[slot] = value(rng, concept.slots[slot], scene.year)
            if told[slot][ZH] != values[slot][ZH] and told[slot][EN] != values[slot][EN]:
                break
        only = concept.key in SINGLE or concept.slots[slot].split(":")[0] not in (
            "pool",
            "company",
            "companies",
            "countrylist",
        )
        verdict = SUPPORTED if told[slot] == values[slot] else CONTRADICTED if only else UNSUPPORTED
        answers = verdict != UNSUPPORTED
    elif roll < 0.82:
        answers, verdict = False, UNSUPPORTED
        if any(s in asserted for s in ("{T}", "{t}", "{E}")) and rng.random() < 0.5 and not {"d", "e"} & held(asserted):
            year = scene.year + rng.choice((-2, -1, 1, 2))
            speaker = Scene(scene.domain, scene.org, year, 0, qlang, True, False)
        else:
            speaker = Scene(scene.domain, other_organisation(rng, scene), scene.year, 0, qlang, True, False)
    else:
        other = rng.choice(
            [
                c
                for c in BANK.values()
                if c.domain == concept.domain and c is not concept and not clash(c.key, {concept.key, c.key})
            ]
        )
        text = say(rng, speaker, asserted, told).text
        said = [say(rng, scene, rng.choice(other.said[plang]), values_of(rng, other, scene.year))]
        return judged(rng, scene, text, said, UNKNOWN, "claim")
    text = say(rng, speaker, asserted, told).text
    return judged(rng, scene, text, [say(rng, scene, stated, values, "", answers)], verdict, "claim")


MAKERS = ((fact, 66), (whether, 7), (listed, 4), (tabled, 6), (surveyed, 6), (compared, 2), (claim, 15))


def lessons(count: int, seed: int) -> Iterator[Lesson]:
    """So many lessons; the same ones for the same seed."""
    rng = Random(seed)
    makers = [maker for maker, _ in MAKERS]
    weights = [weight for _, weight in MAKERS]
    for _ in range(count):
        yield rng.choices(makers, weights)[0](rng)
