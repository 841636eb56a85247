"""How a question leans on the talk before it: closed-class words of Chinese and of English."""

import re
from enum import Enum, auto

EDGE = " \t\r\n\u3000，,。.！!？?；;：:、~～…—"
"""What is dropped around a part of a question."""

_GAP = f"[{re.escape(EDGE)}-]*"


def any_of(words: str) -> str:
    """Return an expression for any of `words`, the longest first; "_" stands for white space."""
    ordered = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace("_", r"\s+") for word in ordered) + ")"


def trimmed(text: str) -> str:
    """Drop what stands around a part of a question; a file's or a method's dot stays."""
    return text.strip(EDGE.replace(".", "")).rstrip(EDGE).strip()


_NO = any_of(
    "不是这个 不是那个 不是 不对 不 错了 说错了 搞错了 打错了 问错了 抱歉 对不起 不好意思 等等 哦 噢 呃"
)
_MEANT = any_of(
    "是说 是指 是问 是想问 是想说 说的是 问的是 指的是 想问的是 想说的是 要问的是 的意思是"
)
_NO_EN = any_of("no nope nah not_that not_that_one sorry oops wait actually er hm hmm wrong my_bad")
_MEANT_EN = any_of("mean meant was_asking am_asking was_thinking_of")
_CORRECTIONS = (
    re.compile(
        rf"(?P<no>(?:{_NO}[了的啊哦]?{_GAP}(?<=[{re.escape(EDGE)}]))*)"
        rf"(?P<meant>(?:(?:我|我们)(?:其实|刚才|本来)?{_MEANT}|(?<=.)(?:应该是|想问|我想问){_GAP}){_GAP})?"
    ),
    re.compile(
        rf"(?P<no>(?:\b{_NO_EN}\b{_GAP})*)"
        rf"(?P<meant>(?:i\s+(?:actually\s+|really\s+)?{_MEANT_EN}(?:\s+(?:about|for|to\s+ask))?"
        rf"|(?:i'm|i\s+am)\s+asking(?:\s+about)?|make\s+that)\b{_GAP})?",
        re.IGNORECASE,
    ),
)


_NOT_BUT = re.compile(
    r"不是\s*[^，,]{1,20}[，,]\s*(?:而)?是\s*(.+)|not\s+[^,]{1,30}(?:,|\s+but)\s+(?:but\s+)?(.+)",
    re.IGNORECASE,
)


def corrected(question: str) -> str | None:
    """Return what "no, I mean …" says instead; None of a question that takes nothing back."""
    if match := _NOT_BUT.fullmatch(question):
        return trimmed(match[1] or match[2])
    for correction in _CORRECTIONS:
        match = correction.match(question)
        if match is None or not match[0]:
            continue
        told, rest = match["no"].rstrip(), trimmed(question[match.end() :])
        if rest and (match["meant"] or told.endswith(tuple(EDGE.strip()))):
            return rest
    return None


class Back(Enum):
    """Which of the earlier questions one goes back to: the first, the last, the one before it."""

    FIRST = auto()
    BEFORE = auto()
    LAST = auto()


_RETURN = "(?:回到|说回|再说回|再问回)"
_RETURN_EN = r"(?:(?:let's\s+)?(?:going\s+|go\s+|get\s+)?back\s+to\s+)"
_MATTER = "(?:的?(?:那个|那条|那件)?(?:问题|话题|事)|的?(?:那个|那条)(?=\\s*(?:$|[，,。.？?！!：:怎为什呢])))"
_MATTER_EN = r"(?:one|thing|question|topic|subject|point)"
_END_EN = r"(?=\s*(?:$|[,.;:?!—-]|(?:again|about|more|please)\b))"
_FIRST = "(?:最开始|一开始|最早|最初|开头|第一个)"
_BEFORE = "(?:前一个|上一个|前面那个|之前那个)"
_BACK = (
    (Back.FIRST, rf"{_RETURN}?{_FIRST}(?:说|问|讲|提到)?{_MATTER}|{_RETURN}{_FIRST}"),
    (
        Back.FIRST,
        rf"{_RETURN_EN}?\b(?:the|my)\s+(?:very\s+)?first\s+(?:thing|question|topic)\b{_END_EN}",
    ),
    (Back.FIRST, rf"{_RETURN_EN}the\s+(?:beginning|start)\b{_END_EN}"),
    (
        Back.BEFORE,
        rf"{_RETURN}?{_BEFORE}(?:{_MATTER}|的|(?=\s*(?:$|[，,。.？?！!：:怎为什呢是再])))|{_RETURN}{_BEFORE}",
    ),
    (
        Back.BEFORE,
        rf"{_RETURN_EN}?\b(?:the|my)\s+(?:previous|earlier|prior)\s+{_MATTER_EN}\b{_END_EN}",
    ),
    (Back.BEFORE, rf"{_RETURN_EN}the\s+(?:first|former|other)(?:\s+{_MATTER_EN})?\b{_END_EN}"),
    (Back.LAST, rf"{_RETURN}?(?:刚才|刚刚)(?:(?:我|你)?(?:说|问|讲|提到)的?)?{_MATTER}"),
    (Back.LAST, rf"{_RETURN}?(?:刚才|刚刚)(?:我|你)?(?:说|问|讲|提到)的?|{_RETURN}(?:刚才|刚刚)"),
    (Back.LAST, rf"{_RETURN_EN}?\b(?:the|my|that)\s+last\s+(?:thing|question|topic)\b{_END_EN}"),
)
_BACKS = [
    (back, re.compile(rf"^(?:那|那么|so\s+|ok\s+|and\s+)?(?:{words})的?", re.IGNORECASE))
    for back, words in _BACK
]


def going_back(question: str) -> tuple[Back, str] | None:
    """Return which earlier question this one goes back to, and what it asks about that."""
    for back, words in _BACKS:
        if match := words.match(question):
            return back, trimmed(question[match.end() :])
    return None


_BARE = (
    re.compile(
        "(?:那|但|可|但是|可是|所以|这|这是|那是|到底|然后)?"
        "(为什么|为啥|为何|怎么会|怎么回事|什么原因|原因|怎么做|怎么办|怎么弄|怎么搞|如何做|什么意思)"
        "(?:是什么|会这样|要这样|会|这样|这么做|这么说|呢|啊|呀|吗|的)*"
    ),
    re.compile(
        r"(?:(?:and|but|so|ok|okay)\s+)*(why|how|when|where)(?:'s|\s+come)?"
        r"(?:\s+(?:is|are|was|were|does|do|did|that|this|it|so|not|though|exactly|then|happen|happens))*",
        re.IGNORECASE,
    ),
)


def bare_asking(question: str) -> str:
    """Return the "why" or "how" of a question that says nothing else; "" if it does."""
    for words in _BARE:
        if match := words.fullmatch(question):
            return match[1]
    return ""


ELABORATION = re.compile(
    any_of(
        "请 麻烦 能不能 能否 能 可以 再 帮我 给我 具体 详细 仔细 深入 稍微 一下 一点 多 点 些 地 来 继续 接着 展开 重复 一遍 一次"
        " 说明 说说 说 讲讲 讲 解释 介绍 聊聊 聊 谈谈 举个例子 举例 例子 真的 吗 呢 吧 嘛 的 关于 把 对 那"
    )
    + r"|\b"
    + any_of(
        "can could would will you please tell give say me us more expand elaborate explain detail details"
        " further about on upon into go_on go_into go_deeper go_further in_detail in_details in_depth"
        " in_more_detail in_more_details in_more_depth a an bit little some of and so ok okay for the"
        " example examples continue describe i want_to like_to know_more hear_more hear read_more read_on"
        " show_me show_us show_more really know_more_about"
    )
    + r"\b",
    re.IGNORECASE,
)
_WANTS_MORE = re.compile(
    "展开|详细|具体|真的|继续|接着|讲讲|说说|解释|介绍|例子|多说|多讲|再说|再讲"
    r"|\b(?:more|really|expand|elaborate|explain|details?|further|examples?|continue|describe)\b",
    re.IGNORECASE,
)


def without_elaboration(question: str) -> str:
    """Return what is left of a question where it asks no more than to be told more."""
    if not _WANTS_MORE.search(question):
        return question
    left = trimmed(ELABORATION.sub(" ", question))
    return question if any(character.isalnum() for character in left) else ""


_ASKING = re.compile(
    "什么|啥|怎|如何|为何|哪|多少|多久|多大|多长|多快|几[个种条段次]|谁|吗|能不能|可不可以|会不会|要不要|是不是"
    "|是否|有没有|行不行"
    r"|\b(?:what|why|how|which|who|whom|whose|when|where|is|are|was|were|do|does|did|can|could|should"
    r"|would|will|has|have)\b",
    re.IGNORECASE,
)
_NO_OPERATOR = (
    r"(?-i:(?!OR|AND|NOT))(?!(?:and|or)\s+(?:operator|condition|clause|gate)|then\s+and\b)"
)
"""Of SQL and searches: "OR operator in SQL" is no "or what about"."""

_ADDED = (
    re.compile(
        "(?:那么|那|然后|还有|另外|以及|而|至于)?(?:如果是|要是|换成|换作|改成|对于)?(.+?)呢",
        re.DOTALL,
    ),
    re.compile("(?:那么|那|至于|还有|如果是|要是|换成|换作)(.+)", re.DOTALL),
    re.compile(
        r"(?:(?:ok|okay|so|then|but|now|and|or|also|plus)\b[\s,]*)*"
        r"(?:what\s+about|how\s+about|same\s+for)\s+(.+)",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"{_NO_OPERATOR}(?:(?:ok|okay|so|then|but|now)\b[\s,]*)*{_NO_OPERATOR}(?:and|or|also|plus)\s+(.+)",
        re.IGNORECASE | re.DOTALL,
    ),
)
_LEAD = re.compile(
    r"(?:那么|那(?![个种些样里段本条边是])|然后|所以|但是|可是|不过|另外|还有)[，, ]*(?=.)"
    rf"|(?:{_NO_OPERATOR}(?:ok|okay|so|then|but|and|or|also|what\s+about|how\s+about)\b[\s,]*)+(?=.)",
    re.IGNORECASE,
)


def added(question: str) -> str:
    """Return X of "那 X 呢", "X 呢", "and X?", "what about X?"; "" where X is a whole question."""
    for words in _ADDED:
        if match := words.fullmatch(question):
            named = trimmed(match[1])
            return "" if _ASKING.search(named) and not _is_count(named) else named
    return ""


def _is_count(named: str) -> bool:
    return bool(re.match(r"how\s+(?:many|much|long|often|far|big)\b", named, re.IGNORECASE))


_ADDS = re.compile(
    r"^还|^再|^也|另外|其他|别的|\b(?:instead|then|otherwise|too|as\s+well|either|else)$",
    re.IGNORECASE,
)


def adds(question: str) -> bool:
    """Whether a question asks on: "what should I use instead", "还有别的吗"."""
    return bool(_ADDS.search(question))


def without_lead(question: str) -> str:
    """Drop "那", "and", "but", "so" at the beginning."""
    match = _LEAD.match(question)
    return trimmed(question[match.end() :]) if match else question


def is_asking(text: str) -> bool:
    """Say whether `text` has a question word or an auxiliary verb."""
    return bool(_ASKING.search(text))


_FIRST_WORD = re.compile(
    "为什么|为啥|为何|怎么|怎样|如何|什么|啥|哪|多少|多久|多大|几[个种条段次]|有什么|有哪|有没有|能不能|可以|要不要|会不会",
)


def starts_asking(question: str) -> bool:
    """Whether a Chinese question begins with its question word: it does not say of what it asks."""
    return bool(_FIRST_WORD.match(question))
