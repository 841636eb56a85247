"""Text from notes that cannot pass for a chat template's own marks, and hides nothing.

Chat templates mark turns with special tokens, which most tokenizers read in any text; and a text
can hold instructions that a reader does not see, in Unicode's tag characters, bidirectional
controls and joiners (https://trojansource.codes). The first are broken with a visible "¦", the
second are left out.
"""

import re

BROKEN = "¦"

_NAMES = (
    r"s|bos|eos|pad|unk|mask|cls|sep|think|tool_calls?|tool_responses?|image|video|audio"
    r"|(?:start|end)_of_\w{1,20}|(?:begin|end)_?of_?(?:text|sentence)|\w{1,20}_soft_token"
    r"|im_(?:start|end)|fim_\w{1,12}|unused\d{1,5}|extra_id_\d{1,4}|reserved_\w{1,40}|SPECIAL_\d{1,4}"
)
_SQUARE = (
    r"INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|ARGS|THINK"
    r"|MODEL_SETTINGS|IMG|IMG_BREAK|IMG_END|PREFIX|SUFFIX|MIDDLE|BOS|EOS|PAD|UNK|CLS|SEP|MASK"
    r"|gMASK|sMASK|control_\d{1,4}"
)
_BARRED = re.compile(r"([<＜])([|｜]?)([^<>＜＞|｜\s]{1,64})([|｜]?)([>＞])")
_TOKENS = (
    re.compile(r"(<)(?=</?SYS>>)"),
    re.compile(rf"([<＜])(?=/?(?:{_NAMES})[>＞])"),
    re.compile(rf"(\[)(?=/?(?:{_SQUARE})\])"),
)

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Variants are of emoji, digits on keys, and Chinese characters.
_VARIANT = re.compile(
    "(?<![0-9#*©®\u203c-\u32ff\U0001f000-\U0001faff])[\ufe00-\ufe0f]"
    "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)
# Joiners shape emoji and scripts that are neither Latin nor of East Asia.
_JOINED = (
    "[^\x00-\u036f\u2000-\u203b\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe00-\ufe0e\ufe10-\uffef"
    "\U000e0000-\U000e0fff]"
)
_JOINER = re.compile(rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")


def harmless(text: str) -> str:
    """Return `text` without what a reader does not see, and with special tokens broken."""
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    text = _JOINER.sub("", _VARIANT.sub("", text))
    text = _BARRED.sub(_broken, text)
    for token in _TOKENS:
        text = token.sub(rf"\1{BROKEN}", text)
    return text


def harmless_line(text: str, most_chars: int) -> str:
    """Return `text` as one line, cut with "…" where it is longer than `most_chars`."""
    return cut(" ".join(harmless(text[: 4 * most_chars]).split()), most_chars)


def cut(text: str, most_chars: int) -> str:
    """Return `text`, with "…" in place of what is over `most_chars`."""
    return text if len(text) <= most_chars else text[: max(most_chars - 1, 0)].rstrip() + "…"


def _broken(match: re.Match[str]) -> str:
    opening, before, name, after, closing = match.groups()
    return f"{opening}{before and BROKEN}{name}{after and BROKEN}{closing}"
