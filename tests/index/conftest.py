from pathlib import Path

import pytest

from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An index of two small reports, not yet built."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "网络.md").write_text(
        "# 网络报告 2024\n\n## 性能\n\n延迟降低了 5 倍。\n\n## 社区\n\n贡献公司达到 1,011 家。\n", "utf-8"
    )
    (folder / "fruit.md").write_text("# Fruit report 2025\n\nThe harvest of apples fell by 12% in autumn.\n", "utf-8")
    return Settings(reports=folder, index=tmp_path / "index")
