"""Answers that a language model might write, checked against notes."""

import json
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.claim import Claim
from assistant.answering.phrases import not_found
from assistant.generation.claims import part_claims, without_lead
from assistant.generation.facts import NoteFacts, missing
from assistant.generation.numerals import numbers, values
from assistant.generation.support import SupportChecker
from corpus.document import read_document
from corpus.note import Span
from index.embedding.onnx_embedder import OnnxEmbedder
from index.finding.hit import Hit
from tests.assistant.found_notes import hit_of
from tests.bag_of_terms import BagOfTerms

SAMPLE = Path(__file__).parents[3] / "corpus" / "sample"
WRITTEN = Path(__file__).with_name("written_claims.jsonl")


@pytest.fixture(scope="module")
def checker() -> SupportChecker:
    return SupportChecker(OnnxEmbedder(threads=1))


@cache
def hits() -> tuple[Hit, ...]:
    notes = [
        note
        for file in sorted(SAMPLE.rglob("*.md"))
        for note in read_document(file.name, file.read_bytes()).notes
    ]
    return tuple(hit_of(note) for note in notes)


def hit_with(words: str) -> Hit:
    return next(hit for hit in hits() if words in hit.note.text)


KEEPALIVE, GATEWAY, EGG = "7200 seconds", "502 是网关", "溏心蛋"


def check(checker: SupportChecker, answer: str, *words: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return what needs support, with the notes that hold it."""
    claims = checker.check(answer, [hit_with(word) for word in words])
    return [(claim.text, claim.sources) for claim in claims if claim.needs_support]


def test_a_cited_note_confirms_and_a_foreign_sentence_stays_alone(checker: SupportChecker) -> None:
    answer = (
        "By default Linux sends the first keepalive probe after 7,200 seconds of silence [1].\n"
        "504 表示网关等待上游响应超时。[2]\n"
        "Mount Everest is the highest mountain on Earth [1]."
    )
    assert check(checker, answer, KEEPALIVE, GATEWAY) == [
        ("By default Linux sends the first keepalive probe after 7,200 seconds of silence.", (1,)),
        ("504 表示网关等待上游响应超时。", (2,)),
        ("Mount Everest is the highest mountain on Earth.", ()),
    ]


def test_a_wrong_citation_gives_way_to_the_note_that_holds_it(checker: SupportChecker) -> None:
    claim = checker.check("504 表示网关等待上游响应超时 [1]。", [hit_with(EGG), hit_with(GATEWAY)])[
        0
    ]
    assert (claim.cited, claim.sources, claim.is_supported) == ((1,), (2,), True)


def test_numbers_of_no_note_are_no_citations(checker: SupportChecker) -> None:
    claims = checker.check("月球上有很多陨石坑 [99][0]。", [hit_with(EGG)])
    assert claims == (
        Claim(claims[0].span, "月球上有很多陨石坑。", cited=(), sources=(), needs_support=True),
    )
    assert not claims[0].is_supported


def test_two_cited_notes_hold_a_sentence_together(checker: SupportChecker) -> None:
    answer = (
        "504 是网关等上游等到超时，而 Linux 静默 7200 秒后才发第一个 keepalive probe，"
        "最多 9 个，相隔 75 秒 [1][2]。"
    )
    assert [sources for _, sources in check(checker, answer, KEEPALIVE, GATEWAY)] == [(1, 2)]


@pytest.mark.parametrize(
    "wrong",
    [
        "Linux waits 7300 seconds of silence before the first keepalive probe.",
        "Linux 默认静默 720 秒后才发第一个保活探测。",
        "Set `TCP_KEEPCOUNT` per socket.",
        "Linux does not wait 7200 seconds of silence before the first keepalive probe.",
    ],
)
def test_a_changed_fact_is_not_held(checker: SupportChecker, wrong: str) -> None:
    assert [sources for _, sources in check(checker, f"{wrong} [1]", KEEPALIVE)] == [()]


def test_what_was_written_about_the_sample_is_mostly_judged_rightly(
    checker: SupportChecker,
) -> None:
    cases = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    judged = [
        (case["held"], checker.margin(case["claim"], hit_with(case["note"])) >= 0) for case in cases
    ]
    held = [is_held for should, is_held in judged if should]
    others = [is_held for should, is_held in judged if not should]
    assert (sum(held) >= 0.9 * len(held), sum(others) <= 0.1 * len(others)) == (True, True)


def test_code_is_held_by_the_note_that_has_it(checker: SupportChecker) -> None:
    answer = "```shell\n{}\n```"
    held = answer.format("sysctl net.ipv4.tcp_syncookies")
    invented = answer.format("iptables -A INPUT -p tcp --syn -m limit -j ACCEPT")
    found = [check(checker, code, "SYN cookies")[0][1] for code in (held, invented)]
    assert found == [(1,), ()]


def test_a_model_without_token_vectors_is_asked_for_sentences() -> None:
    claims = SupportChecker(BagOfTerms()).check(
        "504 是网关等上游等到超时 [1]。鸡蛋富含蛋白质和多种维生素 [1]。", [hit_with(GATEWAY)]
    )
    assert [claim.sources for claim in claims] == [(1,), ()]


def test_no_note_holds_anything_where_there_is_none(checker: SupportChecker) -> None:
    assert [claim.is_supported for claim in checker.check("It is 5 [1].", [])] == [False]


@pytest.mark.parametrize(
    "idle",
    [
        "## 小结",
        "**Steps**",
        "Here is what your notes say:",
        "您好！以下是整理的要点：",
        "Hope this helps!",
        "The notes do not mention the freezer.",
        "笔记中没有提到价格。",
        not_found("什么", has_nearest=True),
        not_found("what", has_nearest=True),
        "Which version do you use?",
        "| 名称 | 值 |\n|---|---|",
    ],
)
def test_what_says_nothing_of_the_world_needs_no_support(idle: str) -> None:
    assert [part.said for part in part_claims(idle) if part.needs_support] == []


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ("甲是乙。[1]丙是丁[2]。", [("甲是乙。", (1,)), ("丙是丁。", (2,))]),
        ("A is 1 [1][2]. B is 2.[^3] C is 3【1】", [("A is 1.", (1, 2)), ("B is 2.", (3,)), ("C is 3", (1,))]),
        ("- 甲［1］\n- 乙 [1, 2]", [("甲", (1,)), ("乙", (1, 2))]),
        ("[2] says 5.\n[1] says 6.", [("says 5.", (2,)), ("says 6.", (1,))]),
        ("See `a[1]`.", [("See `a[1]`.", ())]),
    ],
)  # fmt: skip
def test_marks_belong_to_the_sentence_that_they_follow(
    answer: str, parts: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(part.said, part.cited) for part in part_claims(answer)] == parts


def test_the_last_sentence_of_a_text_being_written_waits() -> None:
    answer = "It is 5 [1]. It takes 20"
    assert [part.needs_support for part in part_claims(answer, is_complete=False)] == [True, False]
    assert [part.needs_support for part in part_claims(answer)] == [True, True]


PIECES = st.sampled_from(
    "[1] 【2】 ［1, 3］ [^1] [99] [ ] ` ``` ~~~ | |---| # - 1. > ** 。 . ！ ? \n \n\n e.g. 甲是乙 A 5 ："
    .split(" ")
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_the_parts_rebuild_the_text(text: str) -> None:
    for is_complete in (True, False):
        parts = part_claims(text, is_complete)
        assert "".join(part.span.of(text) for part in parts) == text
        assert all(part.span.start < part.span.end for part in parts)


def test_a_lead_in_is_not_what_is_judged() -> None:
    said = ["此外，根据你的笔记，端口是 80。", "However, the notes say that it is 5.", "并且，"]
    assert [without_lead(text) for text in said] == ["端口是 80。", "it is 5.", "并且，"]


def test_numbers_are_read_however_they_are_written() -> None:
    text = (
        "二十四 2,000 1.5 million £30m 3000万 6½ XLIX nineteenth 20世纪70年代 2:30 pm March 五分半"
    )
    named = {24, 2000, 1.5e6, 3e7, 6.5, 49, 19, 1970, 14, 3, 5.5}
    assert named <= values(text)


@pytest.mark.parametrize(
    ("claim", "note", "lacking"),
    [
        ("about 21,000 km", "全长 21196 公里", []),
        ("about 22,000 km", "全长 19196 公里", ["22000"]),
        ("2024-05-01 发布", "released on May 1, 2024", []),
        ("约 200 万人", "2 million people", []),
        ("需要 Python 3.11.2", "Python 3.11 is needed", ["3.11.2"]),
        ("用 `git reset --soft`", "git reset --soft HEAD~1", []),
        ("it says “hold the lock”", "Never hold the  lock across an await.", []),
        ("it says “drop the lock”", "Never hold the lock across an await.", ["drop the lock"]),
        ("见 https://a.org/b 。", "https://a.org/c", ["https://a.org/b"]),
        (
            "It was made by Apache in Java.",
            "A queue of the Apache project, made in Scala.",
            ["Java"],
        ),
        ("它由 Apache 开发", "A queue of the ASF.", []),
        ("utf8mb4 is set", "字符集是 utf8", ["utf8mb4"]),
    ],
)
def test_facts_are_looked_up_to_the_letter(claim: str, note: str, lacking: list[str]) -> None:
    assert missing(claim, NoteFacts.of(note)) == lacking


@pytest.mark.parametrize("unit", ["a", "1", "一", "`", "a_", "根据", "[1", "1,"])
def test_a_long_run_of_anything_is_read_in_time(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    start = time.perf_counter()
    missing(text, NoteFacts.of(text))
    assert [part.span for part in part_claims(text)] == [Span(0, len(text))]
    assert time.perf_counter() - start < 5  # 77 s where a pattern starts anew at each character


def test_a_rounded_number_says_so() -> None:
    assert [number.is_about for number in numbers("about 5 kg, 7 kg, 10 多人")] == [
        True,
        False,
        True,
    ]
