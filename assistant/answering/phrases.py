"""What the assistant itself says, in the question's language."""

from corpus.language import language_of

_NOT_FOUND = {
    "zh": "笔记里没有找到这个问题的答案。",
    "en": "I did not find an answer to this in your notes.",
}
_NEAREST = {"zh": "最接近的笔记如下。", "en": "These come nearest."}

_ACKNOWLEDGED = {"zh": "好的，随时接着问。", "en": "All right. Ask on whenever you like."}


def not_found(question: str, has_nearest: bool) -> str:
    """Say that the notes do not answer `question`."""
    language = language_of(question)
    said = _NOT_FOUND[language]
    gap = "" if language == "zh" else " "
    return f"{said}{gap}{_NEAREST[language]}" if has_nearest else said


def acknowledge(reply: str) -> str:
    """Answer a reply that asks nothing: thanks, goodbye."""
    return _ACKNOWLEDGED[language_of(reply)]
