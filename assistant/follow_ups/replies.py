"""Which words only take note of an answer: "谢谢", "ok", "bye"; there is nothing to search for."""

import re

from assistant.follow_ups.cues import EDGE, any_of, trimmed

_WORDS = any_of(
    "谢谢 谢谢你 谢谢您 多谢 谢了 感谢 好 好的 好吧 嗯 嗯嗯 行 可以 明白 知道 懂 了解 收到 对 是的 没错 没事 没有了"
    " 没了 不用 不用了 不用谢 不客气 算了 再见 拜拜 晚安 辛苦 辛苦了 太好 太棒 不错 厉害 原来如此"
    " thanks thank_you thx ty cheers ok okay okey got_it i_see i_get_it understood cool great nice"
    " perfect awesome excellent good very_good sounds_good all_good fine yes yeah yep no nope no_thanks"
    " right sure alright bye goodbye bye_bye see_you see_ya later that's_all that_is_all that's_it"
    " never_mind nevermind nvm done forget_it makes_sense good_to_know no_problem"
)
_TAIL = r"(?:[了啊吧呢呀啦哈]+|\s+(?:a\s+lot|so\s+much|very\s+much|then|for\s+now))?"
_ONE = rf"{_WORDS}{_TAIL}"
_GAP = f"[{re.escape(EDGE)}]"
_REPLY = re.compile(rf"{_ONE}(?:{_GAP}+{_ONE}|(?<=[了的谢]){_ONE}){{0,5}}", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:{_ONE}[ \t]*){{1,4}}(?:[,，。!！;；]+|(?<!no)\.(?=\s)){_GAP}*(?=.)|(?:ok|okay)\s+(?:great|cool|good|thanks)\s+(?=.)",
    re.IGNORECASE,
)
_LONGEST = 60


def is_reply(text: str) -> bool:
    """Whether `text` says nothing but "谢谢", "ok, thanks"."""
    told = trimmed(text)
    return len(told) <= _LONGEST and bool(_REPLY.fullmatch(told))


def without_reply(question: str) -> str:
    """Drop "ok great," and "好的，" before a question."""
    match = _BEFORE.match(question)
    return trimmed(question[match.end() :]) if match else question
