"""What a question is about: its telling words, its subject, the sides of an "or"."""

import re

from assistant.follow_ups.cues import any_of, trimmed
from corpus.language import language_of

_CUT = (
    any_of(
        "为什么 为啥 为何 怎么说 怎么讲 怎么样 怎么办 怎么回事 怎么会 怎么 怎样 如何 咋 是什么意思 什么意思 是什么 有什么 什么 有啥 啥"
        " 有哪些 有哪几 哪些 哪几 哪个 哪里 哪儿 哪种 哪 多少 多久 多大 多长 多快 几个 几种 是否 是不是 能不能"
        " 可不可以 会不会 要不要 有没有 行不行 行吗 好吗 可以吗 吗 呢 请问 到底 究竟 分别 一般 通常 干嘛 干什么"
        " 做什么 讲了"
    )
    + "|(?<![但还于就不可凡总])是(?!否)|[吧啊呀](?=$|[^\\w])|[的了](?=$|[，,。？?！!；;：:])"
)
_CUTS = re.compile(_CUT)
_LEFT_OVER = re.compile("(?:[由被用能会要可把对在从给让跟向以]|可以|应该|需要|必须|都)+$")
_SPACES = re.compile(r"\s+")

_SCAFFOLD = frozenset(
    "a an the i my me we our you your us what what's whats which who who's whose whom when when's where"
    " where's why why's how how's is are was were be been am isn't aren't do does did don't doesn't didn't"
    " can can't could couldn't should shouldn't would will won't must may might has have had to of for in on"
    " at by with about from as and or but so if then there there's it it's its this that that's these those"
    " they them their just again please tell mean means ok okay any some".split()
)
_WORD = re.compile(r"[^\s，,。！!？?；;：:、()（）\"“”「」]+")
_LATIN = re.compile(r"[A-Za-z0-9_]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_CLAUSE = re.compile(r"\s*(?:[,，;；。：](?!\S*\d)|:(?=\s))\s*|\s+[—-]\s+")


def content_words(text: str) -> list[str]:
    """Return the words that say something: Latin ones that are no scaffolding, pairs of Chinese."""
    words: list[str] = []
    for piece in _WORD.findall(_CUTS.sub(" ", text)):
        for run in _HAN_RUN.findall(piece):
            words += [run[i : i + 2] for i in range(0, len(run), 2)]
        latin = _HAN_RUN.sub(" ", piece).split()
        words += [word for word in latin if word.strip("?.!'").casefold() not in _SCAFFOLD]
    return [word for word in words if any(character.isalnum() for character in word)]


def whole_topic(question: str) -> str:
    """Return all that a question says, without what makes a question of it."""
    if language_of(question) == "zh":
        told = trimmed(_SPACES.sub(" ", _CUTS.sub(" ", question)))
        return told or trimmed(question)
    words = trimmed(question).split()
    first = next((i for i, word in enumerate(words) if not _is_scaffold(word)), 0)
    last = next((i for i in range(len(words), 0, -1) if not _is_scaffold(words[i - 1])), len(words))
    return trimmed(" ".join(words[first:last])) or trimmed(question)


def subject(question: str) -> str:
    """Return what a question speaks of: its beginning in Chinese, its first clause in English."""
    first = next((clause for clause in _CLAUSE.split(question) if content_words(clause)), question)
    if language_of(question) != "zh":
        return whole_topic(first)
    for piece in _CUTS.split(first):
        if content_words(told := _LEFT_OVER.sub("", trimmed(piece)).strip()):
            return told
    return whole_topic(question)


def _is_scaffold(word: str) -> bool:
    return word.strip("?.!,'\"").casefold() in _SCAFFOLD


_OR_ZH = re.compile(
    r"\s*(?:和|与|跟|、|还是|以及|或者|或|\bvs\.?\b|(?<=\w)/(?=[A-Za-z\u3400-\u9fff]))\s*"
)
_OR_EN = re.compile(
    r"\s*,?\s+(?:and|or|vs\.?|versus)\s+|\s*,\s+(?=[\w-]+(?:,|\s+(?:and|or)\b))", re.I
)
_SIDE_END = re.compile(r"[的，,？?：:]|区别|不同|差别|差异|哪个|比较|相比|有|都|各|谁")
_AFTER = re.compile(
    r"\s+(?:in|for|when|with|on|of|to|is|are|do|does|mean|differ|differences?|comparison|at)\b.*$"
    r"|,\s*(?:which|what|how|why|who|when|where|is|are|do|does|can|should)\b.*$",
    re.I,
)
_BETWEEN = re.compile(r"^.*\b(?:between|is|are|of|use|using|should\s+i|do\s+i|prefer)\s+", re.I)
_ADJACENT = re.compile(
    r"([A-Za-z][\w+#.-]*)\s+([A-Za-z][\w+#.-]*)\s*"
    r"(?:哪个[更最]?[好快慢强大小省稳合]|选哪个|的?[区差]别|的?不同|有[什啥]么?[区差不]|对比|相比)",
    re.ASCII,
)
_LONGEST_SIDE = 4


def sides(question: str) -> tuple[str, ...]:
    """Return the things that a question puts side by side ("A 和 B", "A or B"); () if none."""
    is_chinese = language_of(question) == "zh"
    for clause in _pieces(question, is_chinese):
        parts = (_OR_ZH if is_chinese else _OR_EN).split(clause)
        if len(parts) < 2:
            continue
        if is_chinese:
            named = [_tail(parts[0]), *parts[1:-1], _SIDE_END.split(parts[-1].strip(), 1)[0]]
        else:
            named = [_BETWEEN.sub("", parts[0]), *parts[1:-1], _AFTER.sub("", parts[-1])]
            named = [whole_topic(name) for name in named]
        told = tuple(trimmed(name) for name in named)
        if all(0 < len(content_words(name)) <= _LONGEST_SIDE for name in told):
            return told
    beside = _ADJACENT.search(question)
    return beside.groups() if beside else ()


def _pieces(question: str, is_chinese: bool) -> list[str]:
    if is_chinese:
        return [piece for piece in _CUTS.split(question) if piece.strip()]
    return [trimmed(question)]


def _tail(text: str) -> str:
    """Return the last name of what stands before "和": after a comma, 的 or another word's end."""
    return re.split(r"[，,。：:]|的|(?<=[\u3400-\u9fff])\s+(?=[A-Za-z])", text.strip())[-1]


_ATTRIBUTE = re.compile(
    "的?(?:有[什啥]么?|有哪些|用)?(?:"
    + any_of(
        "英文 英语 中文 缩写 全称 缺点 优点 优缺点 好处 坏处 原理 用法 作用 影响 原因 风险 步骤 条件 默认值 定义 特点"
        " 适用场景 使用场景 注意事项"
    )
    + ")名?(?:怎么说|叫什么|怎么写|是什么|是啥|有哪些)?"
    + r"|(?:what\s+are\s+)?(?:the\s+|its\s+|any\s+)?"
    + any_of(
        "disadvantages advantages drawbacks downsides benefits limitations limits pros_and_cons pros cons"
        " usage syntax default_value default_values use_cases risks causes symptoms side_effects"
    ),
    re.IGNORECASE,
)


def is_attribute(said: str) -> bool:
    """Whether words name only what a thing has, and not the thing: 缺点, "pros and cons"."""
    return bool(_ATTRIBUTE.fullmatch(said))


_DEFINING = re.compile(
    r"(?:什么|啥)[是叫]|(?:what|who)(?:'s|\s+is|\s+are|\s+was|\s+were)\s+(?!the\b|so\b|used\b|\w+ing\b)",
    re.IGNORECASE,
)


def defines(said: str) -> bool:
    """Whether a question asks what something is, and so says what it is about: 什么是 X."""
    return bool(_DEFINING.match(said))
