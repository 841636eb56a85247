"""What the assistant says of a query: what was no filter, what was left out, what no note has."""

from collections.abc import Mapping

from index.finding.filters import About, Query, Remark

_SAID: Mapping[str, Mapping[About, str]] = {
    "en": {
        About.NO_DATE: "{part}: not a date like 2024-01-31, 2024-01 or 2024",
        About.NO_VALUE: "{part}: there is no value right after the colon",
        About.NO_FIELD: "{part}: no such filter; {nearest}: is one",
        About.OPEN_QUOTE: 'a quotation mark (") is not closed',
        About.TOO_MANY: "filters after the first {part}",
        About.LEFT_OUT: 'Left out: notes with “{part}”. To search for it, write "-{part}".',
        About.OPTION: "Searched as an option, because notes write it so: -{part}. "
        'To leave out notes with “{part}”, write -"{part}".',
        About.NO_SUCH_VALUE: "No note has {part}.",
    },
    "zh": {
        About.NO_DATE: "{part}：不是 2024-01-31、2024-01 或 2024 这样的日期",
        About.NO_VALUE: "{part}：冒号后面紧接着没有值",
        About.NO_FIELD: "{part}：没有这个筛选字段，{nearest}: 才是",
        About.OPEN_QUOTE: '有一个引号（"）没有配对',
        About.TOO_MANY: "前 {part} 个以后的筛选条件",
        About.LEFT_OUT: '已排除含“{part}”的笔记。要搜索它，请写 "-{part}"。',
        About.OPTION: "笔记里有 -{part} 这种写法，所以当作选项来搜了。"
        '要排除含“{part}”的笔记，请写 -"{part}"。',
        About.NO_SUCH_VALUE: "没有一条笔记符合 {part}。",
    },
}
_PROBLEM = {
    "en": "Not understood as a filter, searched as words: {said}",
    "zh": "没看懂这个筛选条件，当作词语来搜了：{said}",
}
_NEAREST = {"en": " Nearest: {nearest}.", "zh": "相近的有：{nearest}。"}
_BETWEEN = {"en": ", ", "zh": "、"}


def problems_of(query: Query, language: str) -> list[str]:
    """Say which filters were none; `language` is "zh" or "en"."""
    return [_PROBLEM[language].format(said=_say(remark, language)) for remark in query.problems]


def notices_of(query: Query, language: str) -> list[str]:
    """Say what a reader may not have meant."""
    return [_say(remark, language) for remark in query.notices]


def _say(remark: Remark, language: str) -> str:
    nearest = _BETWEEN[language].join(remark.nearest)
    said = _SAID[language][remark.about].format(part=remark.part, nearest=nearest)
    if remark.about is About.NO_SUCH_VALUE and nearest:
        said += _NEAREST[language].format(nearest=nearest)
    return said
