"""What the page shows of reranking."""

import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.app.cards import Look, card_html
from assistant.app.results import results_html
from assistant.app.transcript import transcript_html
from assistant.app.turn import Turn
from index.finding.evidence import Evidence
from index.finding.filters import parse_query
from index.finding.lexical import TermWeights
from index.finding.reranker import reorder
from index.finding.search import Found
from tests.assistant.found_notes import answer_of, hit_of, notes_of

NOTE = notes_of()[0]


def test_an_answer_says_that_the_reranker_was_too_slow() -> None:
    answer = answer_of("port", NOTE)
    late = transcript_html([Turn(1, "port", replace(answer, overdue=2.0))], "en")
    assert "did not finish within 2 s" in late
    assert "did not finish" not in transcript_html([Turn(1, "port", answer)], "en")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


@pytest.mark.parametrize(
    ("language", "table"),
    [
        (
            "en",
            "List Rank Score Adds Meaning 2 0.510 0.000 Words – 0.000 0.000 "
            "Reranker 1 0.910 0.910 Total 0.910",
        ),
        (
            "zh",
            "列表 名次 得分 贡献 语义 2 0.510 0.000 词语 – 0.000 0.000 "
            "重排 1 0.910 0.910 合计 0.910",
        ),
    ],
)
def test_why_tells_what_the_reranker_gave(language: str, table: str) -> None:
    (hit,) = reorder([hit_of(NOTE)], [0.91])
    assert table in words(card_html(hit, 1, "hit-1", Look.for_question("x", language, True)))


def test_results_say_that_the_reranker_was_too_slow() -> None:
    found = Found(parse_query("x"), (hit_of(NOTE),), TermWeights({}, 1), Evidence(), 1)
    late = replace(found, overdue=0.5)
    assert (
        '<p class="warning" role="status">The reranker did not finish within 0.5 s; '
        "these are the results without it.</p>" in results_html(late, "en")
    )
    assert "重排模型没能在 0.5 秒内完成，以下是未重排的结果。" in results_html(late, "zh")
    assert "warning" not in results_html(found, "en")
