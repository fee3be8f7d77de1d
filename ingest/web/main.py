"""What of an HTML page is the report: what is hidden, what only works and what stands around it is taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

#: Elements that hold no words to be read.
_SILENT = frozenset(
    "script style noscript template head iframe object embed applet canvas svg audio video map link meta input select"
    " button dialog textarea datalist progress meter rt rp del s strike annotation-xml".split()
)
#: Names of what stands in a line of the report and is none of its words: numbers of lines, links to headings.
_BESIDE = frozenset("linenos lineno line-number headerlink mw-editsection".split())
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
#: Names (``class`` or ``id``) of what stands around a report, whatever it says.
_AROUND = frozenset(
    "nav navbar footer navigation breadcrumb breadcrumbs sidebar side-bar sidenav cookie-banner cookie-notice "
    "cookie-consent cookie-bar cookies cookiebar cookieconsent gdpr consent-banner newsletter newsletter-signup "
    "site-footer site-header page-footer related-posts related-articles"
    " related-content related-stories share-buttons social-share social-links sharedaddy "
    "addtoany share-bar bdsharebuttonbox advertisement adsbygoogle ad-container pagination pager page-nav "
    "post-navigation post-nav nav-links catlinks printfooter mw-jump-link navbox reflist-back skip-link skiplink "
    "back-to-top".split()
)
#: Names of what readers wrote, though it may be more than the report.
_COMMENTS = frozenset(
    "comments comment-list commentlist comment-area comments-area comments-section comment-section comment-respond"
    " disqus-thread".split()
)
_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar".split())
#: Elements that may be taken out as mere lists of links.
_LINKED = frozenset("div ul ol p section dl center aside header footer table form".split())
#: A line of links to the parts of the site above the page: ``当前位置：首页 > 公告``
_PLACE = re.compile(r"(?:(?:您|你)?(?:当前|现在|所在)?的?位置|you are here)\s*[:：]", re.I)
#: A heading over what readers write: ``Leave a comment``, ``网友评论``
_OTHERS = re.compile(r"(?:leave an? (?:comment|reply)|发表评论|网友评论|评论\s*[(（]\d+[)）])\W*", re.I)
#: A heading over links to other pages: ``相关阅读``, ``You may also like``
_ELSEWHERE = re.compile(
    r"(?:related (?:posts|articles|stories|news)|you may also like|recommended for you|相关(?:阅读|文章|新闻|推荐)"
    r"|推荐阅读|猜你喜欢|热门(?:文章|排行|新闻))\W*",
    re.I,
)
#: A part chosen as the main one that holds less than this share of the page's words is not; nor is one of
#: several with less than this; so many are looked at.
_LEAST_SHARE, _LEAST_SHARE_OF_MANY, _MOST_PARTS = 0.5, 0.8, 20
#: A page of whose words less than this share would be left is read as a whole.
_LEAST_LEFT = 0.1
#: Words of links among all words from which a part is a list of links; one link is then no longer than this.
_LINK_SHARE, _LONGEST_LINK = 0.75, 25


@dataclass(slots=True)
class _Size:
    """Letters and digits below an element, those inside links, how many links and rows of tables.

    Is it in a ``main`` or ``article``?
    """

    inner: bool
    words: int = 0
    linked: int = 0
    links: int = 0
    rows: int = 0

    @property
    def is_links(self) -> bool:
        """Is there nothing but short links, and no table of them?"""
        mostly = self.linked >= _LINK_SHARE * self.words
        return mostly and self.links >= 3 and self.rows < 3 and self.linked <= _LONGEST_LINK * self.links


def take_out_hidden(root: Any) -> None:
    """Takes out of an element what a reader does not see or cannot read: scripts, hidden parts, controls.

    A part with most of the words is not hidden for long: a script shows it when the page is there.
    """
    for element in list(root.iter()):
        if element is not root and (not isinstance(element.tag, str) or element.tag in _SILENT):
            take_out(element)
    hidden = [element for element in root.iter() if element is not root and _is_hidden(element)]
    sizes = _sizes(root) if hidden else {}
    for element in hidden:
        if sizes[element].words * 2 <= sizes[root].words:
            take_out(element)


def take_out(element: Any) -> None:
    """Takes an element out of its tree; the text behind it stays."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)


def is_list_of_links(element: Any) -> bool:
    """Is an element nothing but links, as a table of contents is?"""
    return _sizes(element)[element].is_links


def main_part(body: Any) -> Any:
    """The part of a page that is the report, its navigation, lists of links, comments and notices taken out."""
    from copy import deepcopy

    whole = deepcopy(body)  # for a page of which too little would be left
    sizes = _sizes(body)
    headings = list(body.iter("h1"))
    kept = {body, *headings[:2], *(above for heading in headings[:2] for above in heading.iterancestors())}
    for element in list(body.iter()):
        if element not in kept and _stands_around(element, sizes[element], sizes[body].words):
            take_out(element)
    for element in list(body.iter("h2", "h3", "h4", "h5", "div", "p")):
        _take_out_others(element, sizes)
    if _words(body) < _LEAST_LEFT * (sizes[body].words - sizes[body].linked):
        return whole
    chosen = _chosen(body)
    if len(headings) == 1 and chosen not in kept:
        chosen.insert(0, deepcopy(headings[0]))
        chosen[0].tail, chosen.text = chosen.text, None
    return chosen


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") not in (None, "until-found")
        or (element.get("aria-hidden") == "true" and element.tag not in ("td", "th", "tr"))  # cells keep their places
        or _HIDDEN.search(element.get("style", "")) is not None
        or not _BESIDE.isdisjoint(element.get("class", "").split())
    )


def _sizes(root: Any) -> dict[Any, _Size]:
    from lxml import etree

    sizes: dict[Any, _Size] = {}
    links = parts = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_link = element.tag == "a" and element.get("href") is not None
        is_part = element.tag in ("main", "article")
        if event == "start":
            links, parts = links + is_link, parts + is_part
            size = sizes[element] = _Size(parts > 0, links=int(is_link), rows=int(element.tag == "tr"))
            text = element.text
        else:
            links, parts = links - is_link, parts - is_part
            if element is root:
                break
            inner, size = sizes[element], sizes[element.getparent()]
            size.words += inner.words
            size.linked += inner.linked
            size.links += inner.links
            size.rows += inner.rows
            text = element.tail
        count = _count(text) if text else 0
        size.words += count
        size.linked += count if links else 0
    return sizes


def _stands_around(element: Any, size: _Size, all_words: int) -> bool:
    """Is an element no part of the report, by what it is, is called, or by holding links alone?"""
    tag = element.tag
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().replace("_", "-").split()
    if tag == "nav" or not _COMMENTS.isdisjoint(names):
        return True
    if size.words * 2 > all_words or tag in ("main", "article", "h1", "td", "th", "tr", "tbody", "thead"):
        return False
    if (tag in ("footer", "header") and not size.inner) or element.get("role") in _ROLES:
        return True
    if not _AROUND.isdisjoint(names):
        return True
    return tag in _LINKED and size.is_links and (not size.inner or tag in ("footer", "aside", "header"))


def _take_out_others(element: Any, sizes: dict[Any, _Size]) -> None:
    """Takes out a heading over comments with all behind it, one over links with those directly behind it."""
    if sizes[element].words > 40 or len(element) > 3:
        return
    words = " ".join("".join(element.itertext()).split())
    if _PLACE.match(words) and sizes[element].links:
        take_out(element)
    comments, elsewhere = _OTHERS.fullmatch(words), _ELSEWHERE.fullmatch(words)
    if not comments and not elsewhere:
        return
    for after in list(element.itersiblings()):
        if elsewhere and sizes[after].linked < _LINK_SHARE * sizes[after].words:
            break
        take_out(after)
    take_out(element)


def _chosen(body: Any) -> Any:
    """The ``main`` or ``article``, where it holds a good share of the words, the more if one of many; else the body."""
    mains = [element for element in body.iter() if element.tag == "main" or element.get("role") == "main"]
    for found in (mains[:_MOST_PARTS], list(islice(body.iter("article"), _MOST_PARTS))):
        largest = max(found, key=_words, default=None)
        share = _LEAST_SHARE if len(found) == 1 else _LEAST_SHARE_OF_MANY
        if largest is not None and _words(largest) >= share * _words(body):
            return largest
    return body


def _words(element: Any) -> int:
    """The letters and digits below an element that are not inside links."""
    parts = [element, *(link for link in element.iter("a") if link.get("href") is not None)]
    whole, *links = (_count("".join(part.itertext())) for part in parts)
    return whole - sum(links)


def _count(text: str) -> int:
    return len(re.sub(r"[\W_]+", "", text))
