from collections.abc import Callable
from pathlib import Path

import pytest

from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

TOPICS = {
    "git": "branch commit merge rebase remote stash cherry conflict".split(),
    "kitchen": "kettle citric oven bread flour knife salt butter".split(),
    "网络": "数据包 路由器 交换机 防火墙 带宽 延迟 端口 协议".split(),
}

WriteTopics = Callable[[int], Path]


def topic_text(topic: str, number: int) -> str:
    """A note of five of a topic's words, unlike the others."""
    words = TOPICS[topic]
    said = [words[(number * step + step) % len(words)] for step in range(1, 6)]
    return f"# {topic} {words[number % len(words)]}\n\n{' '.join(said)} nr{number}\n"


@pytest.fixture
def write_topics(tmp_path: Path) -> WriteTopics:
    """Writes a vault with so many notes, of three topics by turns."""

    def write(count: int) -> Path:
        folder = tmp_path / "topics"
        for number in range(count):
            topic = list(TOPICS)[number % 3]
            file = folder / topic / f"{number}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(topic_text(topic, number // 3), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        return folder

    return write


@pytest.fixture
def indexed(store: Store, write_topics: WriteTopics, embedder: BagOfTerms) -> Store:
    """An index of sixty notes of three topics."""
    update(store, [write_topics(60)], embedder)
    return store
