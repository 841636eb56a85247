"""How often Chinese words are used in general text: jieba's dictionary, and its way to cut text."""

import logging
from collections import Counter
from collections.abc import Callable


def cutter() -> Callable[[str], list[str]]:
    """A function that cuts Chinese into words of the dictionary."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    return lambda text: jieba.lcut(text, HMM=False)


def word_counts() -> Counter[str]:
    """Counts of the words of two characters or more."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return Counter({word: n for word, n in jieba.dt.FREQ.items() if n and len(word) > 1})
