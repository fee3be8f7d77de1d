from collections.abc import Sequence

import pytest

from index.search import Search
from ingest.read import report_from_text
from settings import Settings

NETWORK_2024 = """# 网络年度报告 2024

## 社区

社区继续壮大。贡献公司数量增长了 90%，达到 1,011 家。个人贡献者达到 4,464 人。

## 用户

用户来自四个行业：

- 金融
- 物流
- 媒体
- 电信
"""
NETWORK_2025 = """# Network annual report 2025

## Community

Contributing companies reached 1,240 in 2025. The first commit was made on 16 December 2015.

## Security

Tetragon blocks attacks inside the kernel because agents on the host are easy to bypass.
"""


@pytest.fixture(scope="session")
def empty() -> Search:
    return Search.empty(Settings())


@pytest.fixture(scope="session")
def network(empty: Search) -> Search:
    return over(empty, {"network-2024.md": NETWORK_2024, "network-2025.md": NETWORK_2025})


def over(empty: Search, texts: dict[str, str] | Sequence[str]) -> Search:
    """A search over these texts, by path."""
    named = texts if isinstance(texts, dict) else {f"{i}.txt": text for i, text in enumerate(texts)}
    return Search.over([report_from_text(text, path) for path, text in named.items()], empty)
