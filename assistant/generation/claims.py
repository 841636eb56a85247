"""The claims of a written answer: its sentences, the notes that each cites, and which need support."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.answering.marks import citation_marks
from corpus.note import Span
from corpus.sentences import Sentence, part_sentences
from index.terms import analyze_query

_HEADING = re.compile(r"^ {0,3}#{1,6}\s|^\s*(?:\*\*|__)[^*_\n]{1,40}(?:\*\*|__)\s*[:：]?\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_ABSENT = re.compile(
    r"(?:笔记|资料|来源|文档|内容|上文|其中|记录|信息|这些)[^。，；]{0,16}?(?:没有|没|未|并未|不)(?:有|能|曾|直接|明确|具体)*"
    r"(?:提|说|写|记|包含|包括|找|涉及|给|讲|讨论|回答|足够|相关)"
    r"|(?:没有|没|未能?)(?:在笔记中)?找到|无法(?:从|根据|回答|确定|得知)|找不到"
    r"|\b(?:notes?|sources?|they|passages?|documents?|excerpts?|information)\b[^.;]{0,30}?"
    r"\b(?:do(?:es)? not|do(?:es)?n['’]t|did(?: not|n['’]t)|never)\s+(?:\w+ly\s+)?"
    r"(?:say|mention|contain|include|specify|cover|answer|state|tell|discuss|give|provide|describe|explain|address|hold)"
    r"|\b(?:could not|couldn['’]t|cannot|can['’]t|did not|didn['’]t) find\b"
    r"|\b(?:no|not enough|insufficient)\s+(?:\w+\s+)?(?:information|mention|details?|answer|note)\b"
    r"|\bnot (?:\w+ )?(?:mentioned|stated|specified|covered|found|said)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"(?:[,，;；]|\s)\s*(?:but|however|though|yet|但|不过|然而|可是)", re.IGNORECASE)
_IDLE_WORDS = frozenset(
    "accord answer ask base below brief conclus detail exampl explan final first follow further "
    "glad good greet happi hello help here hi hope howev i inform key let list main more mostli "
    "next note okay ok yes no overview pleas point question quick relev respons say says second "
    "short sourc step summar summari thank thing third togeth provid also addit overal instanc "
    "vault give thi sure certainli great cours specif come nearest".split()
)
_IDLE_HAN = re.compile(
    "根据|依据|按照|基于|你的|您的|笔记|以上|以下|如下|下面|上面|上述|总结|总之|综上所述|综上|概括|简单来说|简而言之|总的来说"
    "|最接近|具体来说|具体|例如|比如|首先|其次|最后|然后|接下来|此外|另外|同时|因此|所以|希望|有帮助|帮助|对你|对您|内容|信息|资料|答案|问题"
    "|回答|可以|得出|整理|要点|主要|步骤|几点|几个|方面|说明|分为|包括|来看|中的|其中|提到|相关|您好|你好|好的|当然|是的|不是|没错|请"
    "|一下|关于|对于|记录|这个|这些|那么|即|在|有|是|的|了|这|为|中|里|与|和|我|你|您|吧|也"
)
_LEAD = re.compile(
    r"\s*(?:(?:根据|按照|按|依据|基于|在|从)?(?:你|您)?的?(?:这些|上述|以上)?(?:笔记|资料|来源)(?:中|里|里面|的内容)?"
    r"(?:还|也|明确|具体)*(?:提到|说|写道?|写着|指出|记录|记载|记着|来看|显示|所述|可知)?了?(?:[，,：:]|(?<=[到说道着出录载示了])|(?<=[中里]))"
    r"|(?:此外|另外|同时|因此|所以|首先|其次|然后|接着|最后|总之|例如|比如|具体来说|其中|不过|但是?|然而|而且|并且|也就是说|换句话说|综上(?:所述)?|总的来说|简单来说)[，,：:]"
    r"|(?:according to|based on|per|as (?:stated|noted|described|mentioned) in)\s+(?:the|your|these)\s+(?:notes?|sources?)\b[^,，]{0,20}[,，]"
    r"|(?:the|your|one|another)\s+(?:notes?|sources?)\s+(?:also\s+)?(?:says?|states?|mentions?|notes?|explains?|adds?|describes?|recommends?)(?:\s+that)?\b[,:]?"
    r"|(?:however|also|additionally|in addition|furthermore|moreover|therefore|thus|so|then|next|finally|first(?:ly)?|second(?:ly)?|third(?:ly)?|for example|for instance|specifically|in particular|in short|in summary|overall|that is|in other words|meanwhile|similarly|note that),"
    r"|note that\b|\**(?:step\s*\d+|第[一二三四五六七八九十\d]+[步点条]?)\**\s*[:：，,.]\**)\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d")
_ENDED = re.compile(r"[。！？!?.…：:;；][\"'”’」』）)\]】］*_`\s]*$|\n\s*$")


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of an answer.

    `span` is its share of the answer's text, white space, list marker and citation marks included:
    the spans of all parts follow one another without a gap. `said` is what it says, `cited` the
    numbers in its marks, in order.
    """

    span: Span
    said: str
    cited: tuple[int, ...]
    needs_support: bool
    is_code: bool = False


def part_claims(text: str, is_complete: bool = True) -> list[Part]:
    """Cut an answer into its sentences.

    A text without a word is one part. Of a text that is still being written the last sentence, if
    it has no end, needs no support yet.
    """
    marks = citation_marks(text)
    masked = _masked(text, marks)
    sentences = part_sentences(masked)
    if not sentences:
        return [Part(Span(0, len(text)), "", (), False)] if text else []
    starts = _starts(text, sentences, marks)
    ends = [*starts[1:], len(text)]
    tables = _table_heads(masked)
    parts = []
    for sentence, start, end in zip(sentences, starts, ends, strict=True):
        said = re.sub(
            r"\s+(?=[,.;:!?，。；：！？])|(?<=\s)\s+", "", sentence.span.of(masked)
        ).strip()
        cited = [n for span, ns in marks if start <= span.start < end for n in ns]
        is_unfinished = end == len(text) and not is_complete and not _ENDED.search(masked)
        needs = not (
            is_unfinished
            or sentence.span.start in tables
            or (not sentence.is_code and not _is_claim(said, _line(masked, sentence.span.start)))
        )
        parts.append(
            Part(Span(start, end), said, tuple(dict.fromkeys(cited)), needs, sentence.is_code)
        )
    return parts


def without_lead(said: str) -> str:
    """Return a sentence without what only leads into it: "however,", "the notes say that"."""
    rest = said
    while (lead := _LEAD.match(rest)) and lead.end() < len(rest):
        rest = rest[lead.end() :]
    return rest


def _masked(text: str, marks: list[tuple[Span, tuple[int, ...]]]) -> str:
    """Put spaces for marks, so that every character stays at its place."""
    characters = list(text)
    for span, _ in marks:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def _starts(
    text: str, sentences: list[Sentence], marks: list[tuple[Span, tuple[int, ...]]]
) -> list[int]:
    """Return where each sentence's share begins: after what trails the sentence before it.

    A mark belongs to the sentence before it in its line, or else to the one that it begins.
    """
    starts = [0]
    for before, after in pairwise(sentences):
        at = before.span.end
        newline = text.find("\n", at, after.span.start)
        if newline >= 0:
            at = newline + 1
        else:
            trailing = [span.end for span, _ in marks if at <= span.start < after.span.start]
            at = max([at, *trailing])
        starts.append(at)
    return starts


def _line(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _table_heads(text: str) -> set[int]:
    """Return where the sentences of tables' heads start: in the line above a rule."""
    lines = list(re.finditer(r"[^\n]+", text))
    return {
        at
        for head, rule in pairwise(lines)
        if "|" in head[0] and "|" in rule[0] and _TABLE_RULE.match(rule[0])
        for at in range(head.start(), head.end())
    }


def _is_claim(said: str, line: str) -> bool:
    """Whether a sentence says something that notes could hold."""
    if _HEADING.match(line) or said.rstrip("*_ ").endswith(("?", "？")):
        return False
    if absent := _ABSENT.search(said):
        return bool(_BUT.search(said, absent.end()))
    return bool(_NUMBERED.search(said)) or len(list(_telling(said))) > 1 or _is_short_fact(said)


def _telling(said: str) -> Iterator[str]:
    for piece in _IDLE_HAN.split(said):
        yield from (term for term in analyze_query(piece) if term not in _IDLE_WORDS)


def _is_short_fact(said: str) -> bool:
    """One telling word ("Kubernetes.") is a claim unless a colon shows that it only leads in."""
    return bool(list(_telling(said))) and not said.rstrip("*_ ").endswith((":", "："))
