"""What the commands say of themselves with --help, in Chinese and in English: one table of texts."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

#: A text in English, as the commands are written -> the same in Chinese.
CHINESE = {
    # every command
    "show this help message and exit": "显示这段说明后退出",
    "options": "选项",
    "positional arguments": "参数",
    "where the index is kept": "索引所在的文件夹",
    "the folder of reports": "报告文件夹",
    # python app.py
    "Serves the chat, or changes its accounts.": "启动问答页面，或修改它的账户。",
    "add an account, or give one a new password; asks for it": "添加账户，或给账户换新密码；会询问密码",
    "a new key of an account for programs; shown once": "给账户生成一个供程序使用的新密钥；只显示一次",
    "remove an account, its keys and sessions": "删除账户，连同它的密钥和登录",
    "the added account may upload and delete too": "所添加的账户还可以上传和删除报告",
    # python -m index
    "The index from the command line: build, watch, status, show, search, verify, remove, backup, restore.": (
        "在命令行使用索引：建立、跟随、状态、查看、搜索、检查、删除、备份、恢复。"
    ),
    "make the index follow the folder of reports": "让索引与报告文件夹一致",
    "build whenever the folder changes": "文件夹一有变化就更新索引",
    "what the index holds": "索引里有什么",
    "a report as it was read: what is known of it, its pages, its passages": (
        "一份报告读成了什么样：它的信息、各页、各段落"
    ),
    "the passages that fit a question": "与问题相符的段落",
    "is the index whole?": "索引是否完好",
    "delete reports and let the index follow": "删除报告，索引随之更新",
    "save the index as one file": "把索引存成一个文件",
    "put a saved index in the place of the present one": "用存下的索引替换现有的索引",
    "a sentence-transformers name or folder": "sentence-transformers 模型的名字或文件夹",
    "let reports go, even most of them at once": "允许报告从索引中去掉，哪怕一次去掉大部分",
    "print only the summary": "只打印总结",
    "a line for each report, however many": "每份报告一行，不论有多少",
    "its path below the folder of reports, its id, or a part of its path": (
        "它在报告文件夹下的路径、它的编号，或路径的一部分"
    ),
    "one JSON object": "输出一个 JSON 对象",
    "how often to look": "每隔多少秒看一次",
    "what to search for": "要搜索的内容",
    'lines of {"id", "question", "history"?}': '每行一个 {"id", "question", "history"?}',
    "where the hits go; stdout without it": "结果写到哪里；不给则写到标准输出",
    "how many passages": "要多少个段落",
    "paths below the folder of reports": "报告文件夹下的路径",
    "the saved index": "存下的索引文件",
    # python -m answer
    "Answers from the command line: one question, a file of them, or claims to check.": (
        "在命令行回答：一个问题、一个文件的问题，或检查一些说法。"
    ),
    "what to ask": "要问的问题",
    'lines of {"id", "question", "history"?, "passages"?}': '每行一个 {"id", "question", "history"?, "passages"?}',
    'lines of {"id", "claim", "passage"}': '每行一个 {"id", "claim", "passage"}',
    "is the LLM there, and how fast does it write?": "大模型是否可用，写得多快",
    "where the lines go; stdout without it": "各行写到哪里；不给则写到标准输出",
    "the longest answer, in sentences": "答案最多几句",
    # python -m eval
    "How good are the answers, and what fell?": "答案有多好，哪些数字下降了？",
    "the folder of an index (default: one of the sample reports)": "索引所在的文件夹（默认：示例报告的索引）",
    "a JSONL file": "JSONL 文件",
    "score these answers, as python -m answer --batch writes them": (
        "给这些答案打分，格式同 python -m answer --batch 的输出"
    ),
    "a fixed part of the questions; no floors": "只问固定的一部分问题；不设下限",
    "what figures may not fall under": "各项数字不得低于这份基线",
    "make what is measured now the baseline": "把这次测得的结果定为基线",
    "print the table for a README, and nothing else": "只打印供 README 使用的表格",
    "where the result is written": "结果写到哪里",
    "Questions for your own reports": "为你自己的报告出题",
    "the JSONL file to write": "要写的 JSONL 文件",
    "at most so many of each report (default: 20)": "每份报告最多几个（默认 20）",
    "What readers said of answers, and questions of it": "读者对回答的意见，以及由此得到的问题",
    "where it is kept (default: as the settings say)": "意见存在哪里（默认：按设置）",
    "write these as questions; all: all of them": "把这些写成问题；all：全部",
    "Public question sets, scored like ours": "公开的问题集，按我们的方法打分",
    "whose format the file has": "文件是哪个问题集的格式",
    "the set's file, as it is published": "问题集的文件，原样即可",
    "ragtruth: source_info.jsonl; dragonball: the documents' JSONL": (
        "ragtruth：source_info.jsonl；dragonball：文档的 JSONL"
    ),
    "rgb: the share of negative passages (default: .4)": "rgb：干扰段落所占的比例（默认 0.4）",
    "at most so many questions, drawn (default: 200)": "最多抽取多少个问题（默认 200）",
    # python -m eval.ablation, .across, .bench, .blind, .noise, .risk
    "What is each step of search worth?": "检索的每一步有多大作用？",
    "the development data": "开发集所在的文件夹",
    "where the table goes": "表格写到哪里",
    "How well are claims checked across languages?": "跨语言核对说法有多准？",
    "sentences in two languages, JSON lines": "两种语言对照的句子，每行一个 JSON 对象",
    "how many of each file (default: 300)": "每个文件取多少句（默认 300）",
    "How fast is it, beside other recipes?": "与其他方案相比有多快？",
    "numbers of passages, with commas between": "段落数，用逗号分隔",
    "llama-index's default recipe and Chroma with all-MiniLM-L6-v2, BM25 alone with bm25s": (
        "也测 llama-index 默认方案、Chroma（all-MiniLM-L6-v2）和单独的 BM25（bm25s）"
    ),
    "where reports and indexes are made": "生成的报告和索引放在哪里",
    "where the table and the plots go": "表格和图写到哪里",
    "Which part does no question see?": "哪个部件没有任何问题能测到？",
    "ask so many questions, and those that are there for a part (default: all)": (
        "问多少个问题，另加专为某个部件而设的（默认全部）"
    ),
    "ask only those whose id or kind has this, e.g. conflict": "只问编号或类别含有此词的问题，如 conflict",
    "only these": "只测这些部件",
    "write the table to docs/blind.md": "把表格写入 docs/blind.md",
    "How much noise does an answer bear?": "回答能经受多少干扰？",
    "how many questions (default: 100)": "问多少个问题（默认 100）",
    "When is it better to decline?": "什么时候拒答更好？",
    "questions with passage and answers": "带段落和答案的问题文件",
    "how many questions of each file (default: 300)": "每个文件取多少个问题（默认 300）",
    "the folder both files are written to": "两个结果文件写到哪个文件夹",
    # python -m train
    "Makes the shipped models from the training data.": "用训练数据生成自带的模型。",
    "what to make": "生成什么",
    "the training pairs": "训练用的文本对",
    "where the models go": "模型写到哪里",
    "questions and their reports, for the choice": "学习选句用的问题及其报告",
    "questions with passages, for the choice": "学习选句用的、带段落的问题",
    "public reports that questions are about": "问题所针对的公开报告",
    "train the reader that is there on reports alone": "在现有阅读模型上只用报告继续训练",
    "how long the reader is trained in all": "阅读模型一共训练多少分钟",
    "where the reader's checkpoint is kept": "阅读模型的检查点放在哪里",
    # python -m tools.*, web.mcp_server
    "Answers an assistant that speaks MCP, by stdin and stdout.": "通过标准输入输出回答使用 MCP 的助手。",
    "Draws which room imports which, into docs/architecture.svg.": "把模块间的引用关系画成 docs/architecture.svg。",
    "Makes the sample reports that are no plain text: a PDF and a DOCX.": "生成示例报告中的 PDF 和 DOCX。",
    "Takes pictures of the page on the sample collection.": "用示例报告给网页截图。",
    "Are follow-ups told from whole questions, and is what they leave unsaid found?": (
        "能否分清追问与完整的问题，追问中省去的内容能否补上？"
    ),
    'lines of {"history", "question", "whole", "follows"}': '每行一个 {"history", "question", "whole", "follows"}',
    "where the pictures go": "截图放在哪里",
    "Writes the documents as pages, in both languages, to var/site.": "把文档生成中英文网页，写入 var/site。",
    "Many people ask a real server at once: how many are answered, how soon?": (
        "很多人同时向真实的服务器提问：答了多少，有多快？"
    ),
    "passages of the collection": "报告集有多少个段落",
    "how many ask at once, with commas": "同时有多少人提问，用逗号分隔",
    "how long each step lasts": "每一档持续多少秒",
    "what is measured": "测什么：用阅读模型、不用，或两者",
    "who is refused asks again at once": "被拒绝的人立即重问",
    "Lists all that is installed, with its licences, as CycloneDX.": "列出已安装的软件包及其许可证（CycloneDX）。",
    "where it is written": "写到哪里",
    "Asks, uploads, deletes and rebuilds for a while: does the server stay as it was?": (
        "持续提问、上传、删除和重建：服务器是否保持原样？"
    ),
    "how long it runs": "运行多少分钟",
    "what is drawn at random": "随机种子",
    "Kills builds, fills disks and spoils files: is anything lost or false?": (
        "中断建索引、写满磁盘、损坏文件：有没有丢失或出错？"
    ),
    "kills of each action; 0: at every system call": "每种操作中断多少次；0：在每个系统调用处",
    "how many files are spoilt; 0: every one in every way": "损坏多少个文件；0：每个文件用每种方式",
    "only what has this in its name, as the table has it: killed": "只做表格中名称含有它的项目，如 killed",
}


class Parser(argparse.ArgumentParser):
    """Takes a command's arguments, and explains them in the reader's language."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if is_chinese(os.environ):
            self.formatter_class = _Chinese


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Does the reader's system speak Chinese? The first of these that is set says so, as POSIX has it."""
    chosen = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return chosen.lower().startswith("zh")


class _Chinese(argparse.HelpFormatter):
    """Every text as the table has it; one that it lacks stays English."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(CHINESE.get(heading or "", heading))

    def add_text(self, text: str | None) -> None:
        super().add_text(CHINESE.get(text or "", text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return CHINESE.get(action.help or "", action.help)
