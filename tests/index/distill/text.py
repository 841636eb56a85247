"""A few dozen lines in the form of the training text."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

NOUNS = {
    "猫": "cat", "狗": "dog", "音乐": "music", "火车": "train", "学校": "school", "医生": "doctor",
    "苹果": "apple", "河流": "river", "城市": "city", "军队": "army", "国王": "king", "大海": "sea",
}  # fmt: skip
NAMES = {"巴黎": "Paris", "路德": "Luther", "罗马": "Rome"}
VERBS = {"喜欢": "like", "看见": "see", "画": "draw", "买": "buy"}
QUESTIONS = [
    ("如何备份数据库", "用 pg_dump 把数据库写到一个文件，再把文件放到另一台机器上。"),
    ("缓存命中率", "缓存里找到的请求占全部请求的比例，越高越好。"),
    ("火车票怎么退", "开车前可以在车站或网上退票，手续费按时间计算。"),
    ("线程与进程", "进程有自己的内存，线程共享进程的内存。"),
] * 4
ENGLISH = [
    ("如何备份数据库", "Dump the database to a file and copy it to another machine."),
    ("缓存命中率", "The share of requests that are answered from the cache."),
    ("线程与进程", "A process owns its memory; threads share that of their process."),
] * 5


def rows() -> list[dict[str, str]]:
    words = {**NOUNS, **NAMES, **{zh: f"to {en}" for zh, en in VERBS.items()}}
    pairs = [(zh, en, "CC-CEDICT") for zh, en in words.items()]
    pairs += [
        (f"他们{verb}{noun}。", f"They {to} the {thing}.", "tatoeba (cmn.txt)")
        for verb, to in VERBS.items()
        for noun, thing in NOUNS.items()
    ]
    pairs += [
        (f"{noun}的配置选项", f"Configuration options of the {thing}", f"some/docs-{place % 2}")
        for place, (noun, thing) in enumerate(NOUNS.items())
    ]
    return [{"zh": zh, "en": en, "src": source} for zh, en, source in pairs]


def write(folder: Path) -> Path:
    """Write a folder of training text."""
    source = {"src": "some/docs"}
    write_lines(folder / "parallel.jsonl", rows())
    asked = [{"query": query, "passage": passage, **source} for query, passage in QUESTIONS]
    write_lines(folder / "qa_zh.jsonl", asked)
    crossed = [
        {"query": query, "passage": passage, "dir": "zh-en", **source} for query, passage in ENGLISH
    ]
    write_lines(folder / "qa_cross.jsonl", crossed)
    return folder


def write_lines(file: Path, lines: Iterable[Mapping[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    file.write_text(text, encoding="utf-8")
