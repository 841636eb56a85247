"""What is a high cosine? Every model has a scale of its own; here it is brought to one.

A model is shown a few questions beside passages that answer them and beside the passages of the
others. Between the medians of the two lies what its cosines can tell; each pair of languages has
its own, since a model may know one language and not the other. A cosine is then mapped linearly
so that both medians fall where the bundled model has them, for which `index.finding.evidence` was fitted.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.language import language_of
from index.embedding.embedder import Embedder, mean_vectors
from index.embedding.recipe import recipe_of
from index.embedding.windows import WHOLE_SHARE, nearest_windows, pack_blocks
from index.keeping.store import Store, get_meta, set_meta

Languages = tuple[str, str]
"""Of the question and of the passage: "zh" or "en" each."""

_LEAST_TOLD = 0.85
"""AUROC of answers against the rest below which a model does not know a pair of languages."""

# Question and passage in Chinese, then both in English, of everyday and technical notes.
_PAIRS = (
    (
        "怎么给自行车补胎？",
        "先把内胎拆下来，找到漏气的小孔，打磨后涂胶，贴上补片压紧。",
        "How do I patch a bicycle tyre?",
        "Take out the inner tube, find the hole, sand it, spread glue and press the patch on.",
    ),
    (
        "牛奶开封后能放几天？",
        "鲜牛奶打开以后要冷藏，三天之内喝完。",
        "How long does milk keep once it is opened?",
        "Fresh milk, once opened, belongs in the fridge and is to be drunk within three days.",
    ),
    (
        "怎样撤销最近一次提交？",
        "git reset --soft HEAD~1 会取消上一次提交，改动仍留在暂存区。",
        "How can I undo the last commit?",
        "git reset --soft HEAD~1 takes the last commit back and keeps its changes staged.",
    ),
    (
        "二分查找的时间复杂度是多少？",
        "在有序数组里折半查找，每次排除一半元素，复杂度为 O(log n)。",
        "What is the time complexity of binary search?",
        "Halving a sorted array rules out half of its elements each time: O(log n).",
    ),
    (
        "月亮为什么有阴晴圆缺？",
        "月球绕地球转，被太阳照亮的一面从地球看去时多时少，于是有了月相。",
        "Why does the moon have phases?",
        "As the moon goes round the earth, we see more or less of its sunlit side: its phases.",
    ),
    (
        "长城有多长？",
        "据测量，历代长城总长两万一千多公里。",
        "How long is the Great Wall?",
        "By survey, the walls of all dynasties are more than 21,000 kilometres long together.",
    ),
    (
        "怎么查看磁盘还剩多少空间？",
        "用 df -h 列出各分区的容量、已用和可用空间。",
        "How do I see how much disk space is left?",
        "df -h lists every partition with its size and the space that is used and free.",
    ),
    (
        "谁发明了活字印刷术？",
        "北宋的毕昇在庆历年间发明了胶泥活字。",
        "Who invented movable type printing?",
        "Bi Sheng made movable type of baked clay in the Northern Song dynasty.",
    ),
    (
        "咖啡因为什么能提神？",
        "它占据大脑里的腺苷受体，使困倦的信号传不过去。",
        "Why does caffeine keep you awake?",
        "It sits on the brain's adenosine receptors, so that the signal of tiredness is not heard.",
    ),
    (
        "下周的例会改到什么时候？",
        "周会从周二上午挪到周四下午三点，地点不变。",
        "When is next week's meeting now?",
        "The weekly meeting moves from Tuesday morning to Thursday at three, in the same room.",
    ),
    (
        "死锁发生需要哪些条件？",
        "互斥、占有并等待、不可抢占、循环等待，四者同时成立才会死锁。",
        "Which conditions does a deadlock need?",
        "Mutual exclusion, hold and wait, no preemption and a circular wait must all hold at once.",
    ),
    (
        "养绿萝多久浇一次水？",
        "盆土表面干了再浇，夏天大约一周两次，冬天十天一次。",
        "How often should I water a pothos?",
        "Water when the top of the soil is dry: about twice a week in summer, every ten days in winter.",
    ),
    (
        "贷款的月供怎么算？",
        "等额本息下，每月还款额由本金、月利率和期数决定，前期利息占得多。",
        "How is the monthly payment of a loan worked out?",
        "With equal instalments it follows from principal, monthly rate and term; early on most is interest.",
    ),
    (
        "哪种维生素缺乏会得坏血病？",
        "长期不吃新鲜蔬果，缺少维生素 C，牙龈出血，这就是坏血病。",
        "Lack of which vitamin causes scurvy?",
        "Without fresh fruit and greens, vitamin C runs short and the gums bleed: scurvy.",
    ),
    (
        "HTTPS 和 HTTP 有什么区别？",
        "前者在传输层之上加了 TLS，内容加密，并用证书验证服务器身份。",
        "What is the difference between HTTPS and HTTP?",
        "The former adds TLS: what is sent is encrypted, and a certificate proves who the server is.",
    ),
    (
        "从北京坐高铁到上海要多久？",
        "最快的一班京沪高铁全程四小时十八分钟。",
        "How long is the fast train from Beijing to Shanghai?",
        "The fastest service covers the whole line in four hours and eighteen minutes.",
    ),
)


@dataclass(frozen=True, slots=True)
class CosineScale:
    """Where a model's cosines lie, for each pair of languages.

    `levels`: the medians of questions with passages that do not answer, and with those that do;
    one and the same where the model cannot tell the two apart.
    """

    levels: Mapping[Languages, tuple[float, float]]

    def even(self, cosine: float, languages: Languages) -> float:
        """Return where the bundled model has such a cosine.

        If the model cannot tell an answer in these languages, that is where no answer is.
        """
        low, high = BUNDLED.levels[languages]
        unanswered, answered = self.levels[languages]
        if answered <= unanswered:
            return low
        return low + (cosine - unanswered) * (high - low) / (answered - unanswered)

    def to_json(self) -> str:
        """Return the levels as an index keeps them."""
        return json.dumps({"-".join(pair): level for pair, level in self.levels.items()})

    @staticmethod
    def from_json(text: str) -> "CosineScale":
        """Read `to_json`'s form; nothing, as in an index that has none, is the bundled model's."""
        if not text:
            return BUNDLED
        levels = {tuple(pair.split("-")): tuple(level) for pair, level in json.loads(text).items()}
        return CosineScale(levels)


BUNDLED = CosineScale(
    {
        ("zh", "zh"): (0.0647, 0.6006),
        ("zh", "en"): (0.0554, 0.5366),
        ("en", "zh"): (0.0520, 0.5467),
        ("en", "en"): (0.0532, 0.5580),
    }
)
"""The bundled model's own, as `measure_scale` finds them."""


def measure_scale(embedder: Embedder) -> CosineScale:
    """Ask a model the questions that are kept here: 64 short texts."""
    questions = [text for pair in _PAIRS for text in (pair[0], pair[2])]
    passages = [text for pair in _PAIRS for text in (pair[1], pair[3])]
    asked = embedder.embed_queries(questions)
    tokens = embedder.passage_tokens(passages)
    packed, wholes = [pack_blocks(rows) for rows in tokens], mean_vectors(tokens)
    near = [
        [
            (1 - WHOLE_SHARE) * window + WHOLE_SHARE * float(whole @ vector)
            for window, whole in zip(nearest_windows(vector, packed), wholes, strict=True)
        ]
        for vector in asked
    ]
    told: dict[Languages, tuple[list[float], list[float]]] = {}
    for i, question in enumerate(questions):
        for j, passage in enumerate(passages):
            pair = language_of(question), language_of(passage)
            told.setdefault(pair, ([], []))[i // 2 == j // 2].append(near[i][j])
    return CosineScale({pair: _levels(no, yes) for pair, (no, yes) in told.items()})


def _levels(unanswered: Sequence[float], answered: Sequence[float]) -> tuple[float, float]:
    low, high = median(unanswered), median(answered)
    above = sum(yes > no for yes in answered for no in unanswered)
    is_told = above >= _LEAST_TOLD * len(answered) * len(unanswered)
    return (low, high) if is_told else (low, low)


def keep_scale(store: Store, embedder: Embedder) -> None:
    """Write down a model's scale in an index, unless it is there."""
    key = _key(recipe_of(embedder))
    with store.reading() as db:
        if get_meta(db, key):
            return
    scale = measure_scale(embedder).to_json()
    with store.writing() as db:
        set_meta(db, key, scale)


def kept_scale(db: sqlite3.Connection) -> CosineScale:
    """Return the scale of the model that an index was made with; of one without, the bundled's."""
    return CosineScale.from_json(get_meta(db, _key(get_meta(db, "recipe"))))


def _key(recipe: str) -> str:
    """A rebuild with another model, killed half-way, must not leave its scale to the old one."""
    return f"cosines of {recipe}"
