"""An answer written by an LLM, and what it wrote taken apart into sentences with their marks."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import prompts
from answer.question import Question
from records import Turn
from settings import Settings
from text.fold import letters
from text.markdown import ITEM, plain
from text.sentences import sentences

if TYPE_CHECKING:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

log = logging.getLogger(__name__)

#: What the prompts tell a model to write when the passages do not answer.
NOT_SAID = "NOT_IN_THE_REPORTS"
#: A follow-up is made whole from this many of the latest turns, each answer cut to this many characters.
TURNS, ANSWER_LENGTH = 6, 400
#: A rewritten question longer than this many characters is no question.
QUESTION_LENGTH = 400

# [1]  [1, 2]  ［1］  [1、2]; and what models write who were told otherwise: 【1】  [^1]  [1-3]  [passage 1]  [段落1]
# [mark="1"]  【1†source】. A link behind it goes with it. [2024] is no mark, nor is (1), which counts in a list too.
_MARK = re.compile(
    r"[\[［【]\s*(?:(?:passage|source|mark|段落|编号|第)\s*)?[\^#:=\"]*\s*"
    r"(\d{1,3}(?:\s*[,，、–-]\s*\d{1,3})*)"
    r"[\"段]?\s*(?:†[^\]］】\n]{0,40})?[\]］】](?:\([^()\s]*\))?",
    re.IGNORECASE,
)
_MARKS = re.compile(rf"{_MARK.pattern}(?:[ \t]*{_MARK.pattern})*")
# What may become a mark: ``[1, ``  ``【2†sou``
_MARK_BEGUN = re.compile(
    r"\s*[\[［【](?:[\d\s,，、^#:=\"–-]|passage|source|mark|段落|编号|第)*(?:†[^\]］】\n]{0,40})?$", re.IGNORECASE
)
# What could pass for our own delimiters, or for those of a chat template (<|im_start|>).
_DELIMITER = re.compile(r"<(?=\s*/?\s*(?:passages?|question|turns?|asked|answered)\b|\|)", re.IGNORECASE)
_LOOP = re.compile(r"(\S.{0,79}?)\1{3,}$", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?。！？\n]+\s*")
#: A sentence of so many characters is not said four times by who has something to say.
_LONG = 15

_REASONS = {
    "en": {
        "slow": "the model {model} did not finish within {seconds:g} seconds (WENBAO_LLM_TIMEOUT)",
        "down": "the model {model} cannot be reached; is it running, and is WENBAO_LLM_URL right?",
        "key": "the endpoint of the model {model} refused the key (WENBAO_LLM_KEY)",
        "unknown": "the endpoint knows no model {model} (WENBAO_LLM_MODEL)",
        "error": "the endpoint of the model {model} answered with error {status}",
        "garbled": "the endpoint of the model {model} does not answer as an OpenAI-compatible one does",
        "broken": "the model {model} broke off before its answer was complete",
        "empty": "the model {model} wrote nothing",
        "loop": "the model {model} repeated itself",
        "unmarked": "the model {model} cited none of the passages",
        "no question": "the model {model} did not make a question of the follow-up",
    },
    "zh": {
        "slow": "模型 {model} 在 {seconds:g} 秒内没有写完（WENBAO_LLM_TIMEOUT）",
        "down": "连不上模型 {model}；它在运行吗，WENBAO_LLM_URL 写对了吗？",
        "key": "模型 {model} 的服务不接受这个密钥（WENBAO_LLM_KEY）",
        "unknown": "服务中没有模型 {model}（WENBAO_LLM_MODEL）",
        "error": "模型 {model} 的服务返回错误 {status}",
        "garbled": "模型 {model} 的服务没有按 OpenAI 兼容的格式应答",
        "broken": "模型 {model} 没有写完就中断了",
        "empty": "模型 {model} 什么也没有写",
        "loop": "模型 {model} 一直在重复",
        "unmarked": "模型 {model} 没有引用任何段落",
        "no question": "模型 {model} 没有把追问改写成一个问题",
    },
}


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as a model is shown it; ``mark`` is the number it is cited by."""

    mark: int
    title: str
    published: str
    text: str


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence without its marks, and the marks it was given, in their order, each once."""

    text: str
    marks: tuple[int, ...]


#: What a model is asked to see whether it can be used.
_TRIED = "How many cranes does the quay have?"
_TRIED_ON = Source(1, "Harbour report", "2025", "The quay has 7 cranes. It is open all year.")


class WriterUnavailable(RuntimeError):
    """No answer could be written; the message is the reason, in the question's language."""


class Writer:
    """An LLM behind an OpenAI-compatible endpoint, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def write(self, question: Question, sources: Sequence[Source]) -> Iterator[str]:
        """The text so far, with marks; nothing at all if the model finds that the sources do not answer.

        Raises WriterUnavailable, also after part of the text, if the endpoint is down, slow or in error, or
        if what comes is nonsense: empty, repeating itself, or without a single mark of the sources.
        """
        instructions = prompts.load("answer", question.language)
        shown, text = "", ""
        for text in self._stream(instructions, _material(question.whole, sources), question.language):
            if text != shown and not _may_decline(text):
                shown = text
                yield text
        if _declines(text):
            return
        if text and text != shown:
            yield text
        if not any(sentence.marks for sentence in cited_sentences(text, {source.mark for source in sources})):
            raise self._unavailable("unmarked" if text else "empty", question.language)

    def tried(self) -> Iterator[str]:
        """What is found, a line each: is the endpoint there, does it know the model, does that stream, how fast, and
        does it mark what it says? Raises WriterUnavailable where it cannot be used.
        """
        known = self._known_models()
        yield f"{self._settings.llm_url} answers."
        if self._name in known:
            yield f"It knows the model {self._name}."
        else:
            yield f"It does not list the model {self._name}; it lists {', '.join(known) or 'none'}."
        begun, pieces, text = time.monotonic(), 0, ""
        for so_far in self._stream(prompts.load("answer", "en"), _material(_TRIED, [_TRIED_ON]), "en"):
            if so_far and not text:
                yield f"The first word came after {time.monotonic() - begun:.1f} seconds."
            pieces, text = pieces + (so_far != text), so_far
        if not text:
            raise self._unavailable("empty", "en")
        yield f"It wrote {len(text)} characters in {time.monotonic() - begun:.1f} seconds, in {pieces} pieces: {text!r}"
        if any(sentence.marks for sentence in cited_sentences(text, {_TRIED_ON.mark})):
            yield "It marks what it says: its answers can be used."
        else:
            yield "It does not mark what it says: answers will be quoted instead. Try a larger model."

    def _known_models(self) -> list[str]:
        """The models that the endpoint lists. Raises WriterUnavailable."""
        import httpx

        headers = {"Authorization": f"Bearer {self._settings.llm_key or 'none'}"}
        try:
            with httpx.Client(timeout=self._settings.llm_timeout, headers=headers) as client:
                told = client.get(f"{self._settings.llm_url.rstrip('/')}/models")
                told.raise_for_status()
                return [str(model["id"]) for model in told.json()["data"]]
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status in (404, 405, 501):  # not every endpoint lists its models
                return []
            raise self._unavailable("key" if status in (401, 403) else "error", "en", status) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            raise self._unavailable(_fault(error), "en") from error

    def rewrite(self, question: Question, earlier: Sequence[Turn]) -> str:
        """The question made whole from the latest earlier turns: ``And in 2025?`` -> ``How many ... in 2025?``.

        Raises WriterUnavailable as ``write`` does, and if what comes is no single question.
        """
        instructions = prompts.load("rewrite", question.language)
        *_, text = "", *self._stream(instructions, _conversation(question.asked, earlier), question.language)
        whole = text.strip().strip("\"'“”「」`").strip()
        if not whole or "\n" in whole or len(whole) > QUESTION_LENGTH:
            raise self._unavailable("no question" if whole else "empty", question.language)
        return whole

    def _stream(self, instructions: str, material: str, language: str) -> Iterator[str]:
        """What the model says so far, without what it thinks aloud; raises WriterUnavailable."""
        import httpx
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=instructions),
            ChatMessage(role=MessageRole.USER, content=material),
        ]
        until = time.monotonic() + self._settings.llm_timeout
        try:
            # Closed with its connections when the reader leaves, so that the model stops writing.
            with httpx.Client() as client:
                for response in self._model(client).stream_chat(messages):
                    if time.monotonic() > until:
                        raise self._unavailable("slow", language)
                    text = _said(response.message.content or "")
                    if _repeats(text):
                        raise self._unavailable("loop", language)
                    yield text
        except WriterUnavailable:
            raise
        except Exception as error:  # whatever goes wrong at the other end, the answer is quoted instead
            log.warning("%s at %s: %s: %s", self._name, self._settings.llm_url, type(error).__name__, error)
            raise self._unavailable(_fault(error), language, getattr(error, "status_code", None)) from error

    def _model(self, client: httpx.Client) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        return OpenAILike(
            model=self._name,
            api_base=self._settings.llm_url,
            # Without a key the client would send the one it finds in OPENAI_API_KEY to this endpoint.
            api_key=self._settings.llm_key or "none",
            is_chat_model=True,
            temperature=0.0,
            timeout=self._settings.llm_timeout,
            max_retries=0,
            http_client=client,
        )

    @property
    def _name(self) -> str:
        return self._settings.llm_model or "default"

    def _unavailable(self, fault: str, language: str, status: int | None = None) -> WriterUnavailable:
        reasons = _REASONS["zh" if language == "zh" else "en"]
        seconds = self._settings.llm_timeout
        return WriterUnavailable(reasons[fault].format(model=self._name, seconds=seconds, status=status))


def cited_sentences(text: str, marks: Collection[int]) -> list[WrittenSentence]:
    """What was written, sentence by sentence; marks that are not among ``marks`` are dropped.

    ``Revenue grew [1][2]. It fell in May.[3, 9]`` with marks 1, 2, 3 ->
    ``[("Revenue grew.", (1, 2)), ("It fell in May.", (3,))]``. A mark belongs to the sentence it stands in or
    behind, or, at the start of a line, to the one it stands before.
    """
    unmarked, placed = _without_marks(_MARK_BEGUN.sub("", text))
    written = []
    for start, end in sentences(unmarked):
        said = plain(unmarked[start:end])
        sentence = said[item.end() if (item := ITEM.match(said)) else 0 :].strip()
        if letters(sentence) and not _declines(sentence):
            own = (mark for place, mark in placed if start <= place < end and mark in marks)
            written.append(WrittenSentence(sentence, tuple(dict.fromkeys(own))))
    return written


def _without_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks, and each mark with the place in it of a character of its sentence."""
    unmarked, placed, last = "", [], 0
    for match in _MARKS.finditer(text):
        unmarked += text[last : match.start()]
        last = match.end()
        line_start = not unmarked.rpartition("\n")[2].strip(" \t-*•>")
        before = line_start and text[last:].partition("\n")[0].strip() != ""
        if not before:
            unmarked = unmarked.rstrip(" \t")
        following = text[last : last + 1]
        if unmarked[-1:].isascii() and not unmarked[-1:].isspace() and following.isascii() and following.isalnum():
            unmarked += " "
        place = len(unmarked) + len(text[last:]) - len(text[last:].lstrip()) if before else len(unmarked.rstrip()) - 1
        placed += [(place, mark) for one in _MARK.finditer(match[0]) for mark in _numbers(one[1])]
    return unmarked + text[last:], placed


def _numbers(marks: str) -> Iterator[int]:
    """The numbers of a mark: ``1, 3-5`` -> 1, 3, 4, 5."""
    for part in re.split(r"[,，、]", marks):
        numbers = [int(number) for number in re.findall(r"\d+", part)]
        yield from range(numbers[0], numbers[-1] + 1) if len(numbers) == 2 else numbers


def _material(question: str, sources: Sequence[Source]) -> str:
    passages = "\n".join(map(_passage, sources))
    return f"<passages>\n{passages}\n</passages>\n<question>{_harmless(question)}</question>"


def _passage(source: Source) -> str:
    title, published = _attribute(source.title), _attribute(source.published)
    return (
        f'<passage mark="{source.mark}" title="{title}" published="{published}">\n{_harmless(source.text)}\n</passage>'
    )


def _conversation(question: str, earlier: Sequence[Turn]) -> str:
    turns = "\n".join(
        f"<turn>\n<asked>{_harmless(turn.question)}</asked>\n"
        f"<answered>{_harmless(turn.answer[:ANSWER_LENGTH])}</answered>\n</turn>"
        for turn in earlier[-TURNS:]
    )
    return f"<turns>\n{turns}\n</turns>\n<question>{_harmless(question)}</question>"


def _harmless(text: str) -> str:
    """Text without delimiters or marks of its own: ``</passage>[1]`` -> ``&lt;/passage>(1)``."""
    return _MARK.sub(lambda match: f"({match[1]})", _DELIMITER.sub("&lt;", text))


def _attribute(text: str) -> str:
    return _harmless(" ".join(text.split())).replace('"', "&quot;")


def _said(content: str) -> str:
    """What a reasoning model says, without the thoughts before it: ``<think>hm</think> Yes [1].`` -> ``Yes [1].``."""
    thoughts, end, said = content.partition("</think>")
    if end:
        return said.strip()
    opening = "<think>"
    thinking = thoughts.lstrip().startswith(opening) or opening.startswith(thoughts.strip())
    return "" if thinking else thoughts.strip()


def _repeats(text: str) -> bool:
    """Whether the text ends in the same words four times or more, over at least 60 characters; or says a long sentence
    for the fourth time, whatever stands between.
    """
    loop = _LOOP.search(text[-400:])
    if loop and len(loop[0]) >= 60 and letters(loop[1]):
        return True
    *whole, _ = _SENTENCE_END.split(text[-4000:])
    return bool(whole) and len(whole[-1]) >= _LONG and whole.count(whole[-1]) > 3


def _declines(text: str) -> bool:
    return letters(text) == letters(NOT_SAID)


def _may_decline(text: str) -> bool:
    """Whether what has come so far is the beginning of NOT_SAID, which nobody should see."""
    return letters(NOT_SAID).startswith(letters(text))


def _fault(error: Exception) -> str:
    """The key of the reason in ``_REASONS``."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status_code", None)
    if status is not None:
        return {401: "key", 403: "key", 404: "unknown"}.get(status, "error")
    if any("Timeout" in kind for kind in kinds):
        return "slow"
    if kinds & {"APIConnectionError", "ConnectError"}:
        return "down"
    return "broken" if "TransportError" in kinds else "garbled"
