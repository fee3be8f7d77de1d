"""The house stands as it is drawn: the order of imports, one library in one place, and READMEs that tell of it all."""

from __future__ import annotations

import ast
import difflib
import itertools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from settings import ROOT, Settings

BASE = {"records", "settings"}
#: Which rooms a room may import. A module beside app.py that is not named here belongs to the app.
MAY_IMPORT = {
    "records": set(),
    "settings": set(),
    "prompts": set(),
    "tools": BASE | {"web", "index", "answer", "eval", "app"},
    "text": {"records"},
    "ingest": BASE | {"text"},
    "index": BASE | {"text", "ingest"},
    "answer": BASE | {"text", "ingest", "index", "prompts"},
    "eval": BASE | {"text", "ingest", "index", "answer"},
    "web": BASE | {"text", "ingest", "index", "answer"},
    "app": BASE | {"index", "answer", "web"},
    "train": BASE | {"text", "ingest", "index", "answer"},
}
#: Training knows what it trains for, and nothing knows training.
TRAIN_MAY_USE = {
    "answer.candidates",
    "answer.choose",
    "answer.question",
    "answer.reader",
    "index.commands",
    "index.encoder",
    "index.generation",
    "index.pieces",
    "index.search",
}
#: Where each foreign library is met: a file, or a room. Training and the comparison with other recipes may use any.
PLACES = {
    "PIL": {"web/page_image.py"},
    "argon2": {"web/accounts.py"},
    "docx": {"web/export.py", "tools/make_samples.py"},
    "faiss": {"index/vectors.py"},
    "fastapi": {"web"},
    "filelock": {"index"},
    "gradio": {"web/page.py"},
    "h11": {"web/guard.py"},
    "httpx": {"answer/generate.py"},
    "jieba": {"text/words.py"},
    "llama_index": {"index/llama.py", "answer/generate.py", "answer/llama.py"},
    "lxml": {"ingest"},
    "matplotlib": {"eval/risk.py"},
    "mcp": {"web/mcp_server.py"},
    "numpy": {"index", "answer", "eval"},
    "onnxruntime": {"answer/reader.py"},
    "opencc": {"text/fold.py"},
    "openpyxl": {"ingest"},
    "pg8000": {"index/shared.py"},
    "pptx": {"ingest"},
    "playwright": {"tools"},
    "prometheus_client": {"web/metrics.py"},
    "pydantic": {"web"},
    "rapidocr": {"ingest/pdf/recognize.py"},
    "cv2": {"ingest/pdf/recognize.py"},
    "pypdfium2": {"ingest", "web/page_image.py"},
    "reportlab": {"tools/make_samples.py"},
    "safetensors": {"index/encoder.py", "index/pieces.py"},
    "sentence_transformers": {"index/encoder.py", "index/pairs.py"},
    "starlette": {"web"},
    "tantivy": {"index/keywords.py"},
    "tokenizers": {"index/encoder.py", "answer/reader.py"},
    "torch": {"index/encoder.py"},
    "transformers": {"index/encoder.py"},
    "uvicorn": {"app", "web", "tools"},
    "yaml": {"ingest"},
}
FREE = ("train/", "eval/bench")
HEAVY = {"gradio", "llama_index", "pandas", "sentence_transformers", "sklearn", "torch", "transformers"}
#: Paths that are true on one machine only.
OWN_PATH = re.compile(r"(?<![\w.~}])/(?:home|root|work|Users|tmp|opt)/\w")
READMES = ("README.md", "README.zh-CN.md")


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the project but the tests, relative to its root."""
    rooms = [ROOT / room for room in MAY_IMPORT]
    found = [*ROOT.glob("*.py"), *(path for room in rooms if room.is_dir() for path in room.rglob("*.py"))]
    return tuple(sorted(path.relative_to(ROOT) for path in found))


def room_of(path: Path) -> str:
    name = path.parts[0].removesuffix(".py")
    return name if name in MAY_IMPORT else "app"


def local(name: str) -> bool:
    top = name.partition(".")[0]
    return (ROOT / top).is_dir() or (ROOT / f"{top}.py").is_file()


def imported(path: Path) -> Iterator[str]:
    """The dotted names a module imports, those inside its functions too: ``from text import words`` -> text.words."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: write the import from the root"
            assert node.module is not None
            package = (ROOT / node.module.replace(".", "/")).is_dir()
            yield from (f"{node.module}.{alias.name}" if package else node.module for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=str)
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(path)
    for name in filter(local, imported(path)):
        other = room_of(Path(name.split(".")[0]))
        assert other == room or other in MAY_IMPORT[room], f"{path} imports {name}; {room} may not know {other}"
        if room == "train" and other in ("index", "answer"):
            module = ".".join(name.split(".")[:2])
            assert module in TRAIN_MAY_USE, f"{path} imports {name}; train may know {', '.join(sorted(TRAIN_MAY_USE))}"


@pytest.mark.parametrize("path", modules(), ids=str)
def test_each_library_has_its_place(path: Path) -> None:
    if path.as_posix().startswith(FREE):
        return
    for name in imported(path):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or local(name):
            continue
        places = PLACES.get(top, set())
        assert path.as_posix() in places or room_of(path) in places, (
            f"{path} imports {top}, whose place is {', '.join(sorted(places)) or 'nowhere yet'}"
        )


def test_the_way_to_an_answer_is_light() -> None:
    path = ["answer.assistant", "index.search"]
    there = [name for name in path if (ROOT / f"{name.replace('.', '/')}.py").is_file()]
    code = "import importlib, sys\n"
    code += f"for name in {there}: importlib.import_module(name)\n"
    code += f"print(*sorted({HEAVY} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def tracked() -> list[Path]:
    """The files that git keeps or would keep."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this copy of the project is no git checkout")
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_path_of_one_machine_is_written_down() -> None:
    kinds = {".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".yml", ".yaml", ".js", ".css", ".html", ""}
    for path in tracked():
        if path.suffix in kinds and path.relative_to(ROOT).parts[0] not in ("reports", "models"):
            found = OWN_PATH.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path.relative_to(ROOT)} has {found[0] if found else ''}"


def docstring(path: Path) -> str:
    """The first line of a module's docstring, without its stop."""
    text = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".").replace("``", "")


def tree() -> dict[str, str]:
    """The README's tree: path -> what its line says."""
    block = next(block for block in code_blocks("README.md") if "records.py" in block)
    lines, folder = {}, ""
    for line in block.splitlines():
        indent = len(line) - len(line.lstrip())
        name, _, says = line.strip().partition(" ")
        folder = folder if indent else name if name.endswith("/") else ""
        lines[f"{folder}{name}" if indent else name] = says.strip()
    return lines


def test_the_tree_shows_every_module() -> None:
    shown = tree()
    wanted = {path.as_posix(): docstring(path) for path in modules() if path.name != "__init__.py"}
    wanted |= {f"{path.parent.as_posix()}/": docstring(path) for path in modules() if path.name == "__init__.py"}
    for path, says in wanted.items():
        assert path in shown, f"README's tree lacks: {path}  {says}"
        assert shown[path], f"README's tree says nothing of {path}"
        likeness = difflib.SequenceMatcher(None, shown[path].lower(), says.lower()).ratio()
        assert likeness > 0.6 or not says, f"README's tree says of {path} '{shown[path]}', its docstring '{says}'"
    for path in shown:
        assert (ROOT / path).exists(), f"README's tree shows {path}, which is not there"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_blocks(readme: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", read(readme), re.DOTALL | re.MULTILINE)


def headings(readme: str) -> list[int]:
    """The levels of a README's headings in order."""
    without_code = re.sub(r"^```.*?^```$", "", read(readme), flags=re.DOTALL | re.MULTILINE)
    return [len(marks) for marks in re.findall(r"^(#+) ", without_code, re.MULTILINE)]


def rows(readme: str) -> list[list[str]]:
    """The cells of all table rows."""
    lines = [line for line in read(readme).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def settings_rows(readme: str) -> dict[str, tuple[str, str]]:
    """Setting -> its default and its meaning, as a README's table has them."""
    found = {cells[0].strip("`"): cells[1:] for cells in rows(readme) if cells[0].startswith("`WENBAO_")}
    return {name: (default.strip("`"), meaning) for name, (default, meaning) in found.items()}


def meanings() -> dict[str, str]:
    """Field -> the line under it in settings.py."""
    body = next(node for node in ast.parse(read("settings.py")).body if isinstance(node, ast.ClassDef)).body
    found = {}
    for field, below in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            assert isinstance(field.target, ast.Name)
            found[field.target.id] = " ".join(str(below.value.value).split()).replace("``", "`")
    return found


def as_shown(default: object) -> str:
    """A default as the README shows it: paths from the root, ``True`` as true, nothing as a dash."""
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return shown.removeprefix(f"{ROOT}/") or "–"


def test_every_setting_is_documented() -> None:
    told = meanings()
    wanted = {f"WENBAO_{field.name.upper()}": (as_shown(field.default), told[field.name]) for field in fields(Settings)}
    shown = settings_rows("README.md")
    for name, (default, meaning) in wanted.items():
        assert shown.get(name) == (default, meaning), f"README should have of {name}: {default} | {meaning}"
    assert list(shown) == list(wanted)


def test_every_command_is_documented() -> None:
    readme = read("README.md")
    for target in re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE):
        assert f"make {target}" in readme, f"README lacks make {target}"
    for path in modules():
        if path.name == "__main__.py":
            command = f"python -m {path.parent.as_posix()}"
            for words in [command, *(f"{command} {verb}" for verb in verbs(path))]:
                assert words in readme, f"README lacks {words}"
            for option in options(path):
                assert option in readme, f"README lacks {command} {option}"


def verbs(path: Path) -> list[str]:
    """The commands below a command, as its help lists them: build, search, ..."""
    if "add_subparsers" not in read(path.as_posix()):
        return []
    asked = [sys.executable, "-m", path.parent.as_posix(), "--help"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^    ([a-z]+)(?: |$)", told, re.MULTILINE)


def options(path: Path) -> list[str]:
    """The options a command takes: --batch, --out, ... Those of training are told where it is told."""
    calls = (node for node in ast.walk(ast.parse(read(path.as_posix()))) if isinstance(node, ast.Call))
    adding = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "add_argument")
    names = (str(name.value) for call in adding for name in call.args if isinstance(name, ast.Constant))
    return [name for name in names if name.startswith("--") and room_of(path) != "train"]


def test_both_readmes_are_in_step() -> None:
    english, chinese = READMES
    assert headings(chinese) == headings(english)
    assert code_blocks(chinese) == code_blocks(english)
    assert [len(cells) for cells in rows(chinese)] == [len(cells) for cells in rows(english)]
    defaults = [{name: row[0] for name, row in settings_rows(readme).items()} for readme in READMES]
    assert defaults[0] == defaults[1]


@pytest.mark.parametrize("readme", READMES)
def test_what_a_readme_points_at_is_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", read(readme)):
        assert target.startswith("https://") or (ROOT / target).exists(), f"{readme} points at {target}"


def test_the_version_is_in_the_changelog() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"## {version}" in read("CHANGELOG.md")


def test_every_dependency_is_pinned_once() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *(name for group in project["optional-dependencies"].values() for name in group)]
    pinned = [line.partition("==")[0].lower().replace("_", "-") for line in read("constraints.txt").split()]
    assert len(set(pinned)) == len(pinned)
    for requirement in asked:
        name = re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")
        assert name in pinned, f"constraints.txt has no version of {name}"
    assert not [name for name in pinned if name.startswith(("nvidia", "cuda", "triton"))]
