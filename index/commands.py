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
    "Public question sets, scored like ours": "公开的问题集，按我们的方法打分",
    "whose format the file has": "文件是哪个问题集的格式",
    "the set's file, as it is published": "问题集的文件，原样即可",
    "ragtruth: source_info.jsonl; dragonball: the documents' JSONL": (
        "ragtruth：source_info.jsonl；dragonball：文档的 JSONL"
    ),
    "rgb: the share of negative passages (default: .4)": "rgb：干扰段落所占的比例（默认 0.4）",
    "at most so many questions, drawn (default: 200)": "最多抽取多少个问题（默认 200）",
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
