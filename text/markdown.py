"""Markdown as it reads: the marks of its lines and of its words, taken off or kept as what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from text.language import HAN, WIDE

#: ``<!-- hidden -->``
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
#: ``![a chart](chart_(1).png)``
IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*+(?:\([^()]*\)[^()]*+)*+\)")
#: ``{{< figure src=a >}}``, ``{{% notice %}}``
SHORTCODE = re.compile(r"\{\{[<%](?:[^{]|\{(?!\{))*?[%>]\}\}")
#: ``<td>``, ``</p>``, ``<img src="data:...">``
TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<img\s[^<>]*>")
#: ``## Results``: its marks, its words
HEADING = re.compile(r"[^\S\n]*+(#{1,6})[^\S\n]++(.*)$")
#: ``- a``, ``  * b``, ``• c``, ``12. d``, ``3、 e``: a list's item from where it is set in to where its words begin
ITEM = re.compile(r"([^\S\n]*)(?:[-*+•·]|\d{1,3}[.)、])\s+")
#: ``> > quoted``
QUOTED = re.compile(r"\s*(?:>\s?)+")
#: ``---``, ``* * *``, ``====``
RULE = re.compile(r"\s*(?:=[=\s]{2,}|-[-\s]{2,}|\*[*\s]{2,}|_[_\s]{2,})$")
#: What a line of code begins and ends with.
FENCES = ("```", "~~~")
#: What parts the cells of a row: ``|``, not ``\\|``
BAR = re.compile(r"(?<!\\)\|")

_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]:?")
_LINE_MARK = re.compile(r"^[^\S\n]*(?:>[^\S\n]*)*(?:#{1,6}[^\S\n]+|[-*+•●▪◦][^\S\n]+)?(?:\[[ xX]\][^\S\n]+)?", re.M)
#: Lines without a word: ``---``, ``| :-: | --- |``, ````` ```python `````
_WORDLESS = re.compile(r"^(?:(?:[=\-*_:|+]|[^\S\n]){3,}+|[^\S\n]*+(?:`{3,}+|~{3,}+)\w*+[^\S\n]*+)$", re.M)
#: ``**bold**``, up to the next pair
_BOLD = re.compile(r"(\*\*|__|~~)(?=\S)((?:(?!\1).)+)(?<=\S)\1", re.S)
_ITALIC = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])"
)
_CODE = re.compile(r"(?<!`)(`++)([^`\n]++)\1(?!`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # any mark of ASCII
#: ``| Revenue | 5 \\| 6 |``
_ROW = re.compile(r"^[^\S\n]*+\|(.*)$", re.M)
_BAR_AT_END = re.compile(rf"{BAR.pattern}\Z")
_SPACES = re.compile(r"[^\S\n]{2,}")


def plain(text: str) -> str:
    """The text as it reads: ``"## **a** [b](u)" -> "a b"``. For display, search and comparison; lines are kept."""
    if "<" in text:
        text = COMMENT.sub("", text)
        text = _AUTOLINK.sub(r"\1", text)
        text = re.sub(r"<br\s*/?>|</(?:td|th)>", " ", text, flags=re.I)
        text = TAG.sub("", text)
    if "{{" in text:
        text = SHORTCODE.sub("", text)
    if "[" in text:
        text = IMAGE.sub("", text)
        text = _LINK.sub(r"\1", text)
        text = _LINK.sub(r"\1", text)
        text = _FOOTNOTE.sub("", text)
    text = _WORDLESS.sub("", text)
    if "|" in text:
        text = _ROW.sub(lambda row: BAR.sub(" ", _BAR_AT_END.sub("", row[1].rstrip())), text)
    text = _LINE_MARK.sub("", text)
    if "*" in text or "_" in text or "~" in text:
        text = _BOLD.sub(r"\2", text)
        text = _ITALIC.sub(lambda m: m[1] or m[2], text)
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        for entity, char in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            text = text.replace(entity, char)
    return _SPACES.sub(" ", text).strip()


def one_line(text: str) -> str:
    """The same as one line: ``"**12 %** of [users](x)\\n"`` -> ``"12 % of users"``."""
    line = re.sub(r"\s+", " ", plain(text)).strip()
    return re.sub(rf"(?<={WIDE.pattern}) (?={WIDE.pattern})", "", line)  # Chinese has no space at a line's end


#: Marks that still stand in a text as it reads: addresses, marks of citations, bars between cells.
_LEFT = re.compile(r"https?://[^\s)，。]+|\[\d{1,3}\]|【\d+】|[*`_#|~]+")
_SPACE_AT_HAN = re.compile(rf"(?<=[{HAN}，。、；：！？])\s|\s(?=[{HAN}，。、；：！？])")
_NARROW = str.maketrans("０１２３４５６７８９％（）：；！？，“”‘’「」–—－", '0123456789%():;!?,""\'\'""---')


@lru_cache(maxsize=4096)
def unmarked(text: str) -> str:
    """The text as it reads, on one line, without marks of citations and differences of type, for comparing.

    ``**Revenue** grew [1]（by 9％）[^2]`` -> ``Revenue grew (by 9%)``
    """
    text = _LEFT.sub(" ", plain(text)).translate(_NARROW)
    return _SPACE_AT_HAN.sub("", " ".join(text.split())).strip()


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is: ``a*b [c](d)`` -> ``a\\*b [c]\\(d)``."""
    return re.sub(r"([\\`*_<>#|]|^[-+](?= )|!(?=\[)|(?<=\])\()", r"\\\1", " ".join(text.split()))


#: Markup whose marks are hidden and whose words are kept, by example:
#: ``![alt](url)``, ``[words](url)``, ``**words**``, ``*words*``, `` `words` ``, ``<br>``, ``<!-- gone -->``
_MARKUP = re.compile(
    r"!\[(?P<image>[^\]\n]*)\]\([^)\n]*\)"
    r"|\[(?P<link>(?:[^\[\]\n]|!\[[^\]\n]*\]\([^)\n]*\))+)\]\([^)\n]*\)"
    r"|\*\*(?P<strong>[^*\n]+(?:\*[^*\n]+)*)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<em>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<gone><!--.*?-->|</?(?:a|b|br|center|details|div|em|h[1-6]|hr|i|img|li|ol|p|span|strong|sub|summary|sup"
    r"|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>)",
    re.S | re.I,
)


def shown(text: str, start: int = 0, end: int | None = None, tag: str = "") -> Iterator[tuple[int, int, str]]:
    """The spans of ``text[start:end]`` worth showing, in order, each with strong, em, code or "".

    ``"a **b** [c](url)"`` -> ``(0, 2, "")``, ``(4, 5, "strong")``, ``(7, 8, "")``, ``(9, 10, "")``
    """
    end = len(text) if end is None else end
    position = start
    for found in _MARKUP.finditer(text, start, end):
        if position < found.start():
            yield position, found.start(), tag
        kind = found.lastgroup or ""
        if kind == "code":
            yield *found.span(kind), "code"
        elif kind != "gone":
            yield from shown(text, *found.span(kind), kind if kind in ("strong", "em") else tag)
        position = found.end()
    if position < end:
        yield position, end, tag
