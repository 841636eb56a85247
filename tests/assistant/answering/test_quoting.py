from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.answer import Answer
from assistant.answering.quoting import quote_answer, refuse
from corpus.note import Lines, Span
from index.finding.lexical import TermWeights
from index.finding.rating import Rater
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from index.terms import analyze_query
from tests.assistant.found_notes import hit_of, notes_of
from tests.bag_of_terms import BagOfTerms

NOTES = """# Net

|内容|来源|备注|类型|
|-|-|-|-|
|http://a.org/birrell.pdf|课|rpc思想的诞生|paper|

|术语|含义|
|-|-|
|幂等|做一次和做多次结果一样|

# Kettle

Lime builds up. %s

Fill the kettle with citric acid and water to descale it. Rinse it twice.

```sh
descale --now
```
""" % ("Filler sentence number one is here. " * 20)


@pytest.fixture
def searcher(tmp_path: Path, embedder: BagOfTerms) -> Searcher:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "n.md").write_text(NOTES, encoding="utf-8")
    store = Store(tmp_path / "index")
    update(store, [tmp_path / "vault"], embedder)
    return Searcher(store, embedder)


def ask(searcher: Searcher, question: str) -> Answer:
    found = searcher.search(question)
    return quote_answer(question, found.hits, found.weights, Rater(searcher.embedder), 0.9)


def test_a_link_is_quoted_with_its_remark(searcher: Searcher) -> None:
    answer = ask(searcher, "rpc思想的诞生")
    assert answer.text.splitlines()[0] == "http://a.org/birrell.pdf — rpc思想的诞生 [1]"
    first = answer.citations[0]
    assert (first.n, first.path, first.lines) == (1, "n.md", Lines(5, 5))
    assert first.quote == "http://a.org/birrell.pdf"


def test_a_row_without_a_content_column_reads_as_its_cells(searcher: Searcher) -> None:
    answer = ask(searcher, "幂等 含义")
    assert answer.text.splitlines()[0] == "幂等 — 做一次和做多次结果一样 [1]"
    assert answer.citations[0].quote == "|幂等|做一次和做多次结果一样|"


def test_of_a_long_note_the_sentence_that_answers_is_quoted(searcher: Searcher) -> None:
    answer = ask(searcher, "descale the kettle with citric acid")
    quotes = [citation.quote for citation in answer.citations]
    assert "Fill the kettle with citric acid and water to descale it." in quotes
    assert len(quotes) <= 4
    assert "Filler" not in answer.text


def test_every_quote_stands_in_its_file_at_its_lines(searcher: Searcher) -> None:
    lines = NOTES.split("\n")
    for question in ("descale", "rpc", "幂等", "lime builds up"):
        for citation in ask(searcher, question).citations:
            cited = "\n".join(lines[citation.lines.first - 1 : citation.lines.last])
            assert citation.quote in cited
            assert ask(searcher, question).sources[citation.n - 1].note.path == citation.path


def test_a_refusal_speaks_the_questions_language(searcher: Searcher) -> None:
    hits = searcher.search("kettle").hits
    assert refuse("红烧肉怎么做", hits, 0.1).text.startswith("笔记里没有找到")
    english = refuse("how to fly", hits, 0.1)
    assert english.text == ("I did not find an answer to this in your notes. These come nearest.")
    assert (english.citations, english.is_answered) == ((), False)
    assert refuse("how to fly", (), 0.0).text == "I did not find an answer to this in your notes."


FILLER = "Plain filler goes here for a while. " * 6


def quoted(question: str, *texts: str) -> Answer:
    """Answer from the first note of each text."""
    hits = [hit_of(notes_of(text, f"{n}.md")[0], n) for n, text in enumerate(texts, 1)]
    weights = TermWeights(dict.fromkeys(analyze_query(question), 1.0), 10)
    return quote_answer(question, hits, weights, Rater(BagOfTerms()), 0.9)


def said(answer: Answer) -> list[str]:
    return [citation.said for citation in answer.citations]


def test_the_sentence_that_answers_leads_and_what_stands_before_it_follows() -> None:
    text = f"# T\n\nThe kettle stands there. {FILLER}\n\nDescale the kettle with vinegar. {FILLER}"
    answer = quoted("descale kettle vinegar", text)
    assert said(answer)[0] == "Descale the kettle with vinegar."


def test_steps_keep_their_order() -> None:
    steps = "1. Descale the kettle with white vinegar.\n2. Descale the kettle with vinegar.\n3. Go."
    answer = quoted("descale the kettle with vinegar", f"# T\n\n{FILLER}\n\n{steps}")
    lines = [citation.lines.first for citation in answer.citations]
    assert len(lines) > 1
    assert lines == sorted(lines)


def test_neighbours_in_a_paragraph_are_one_quote() -> None:
    text = f"# T\n\nDescale the kettle with\nvinegar. Rinse the kettle of\nvinegar.\n\n{FILLER}"
    answer = quoted("descale kettle vinegar rinse", text)
    assert said(answer) == [
        "Descale the kettle with\nvinegar. Rinse the kettle of\nvinegar.",
    ]
    assert answer.citations[0].lines == Lines(3, 5)


def test_a_caption_brings_its_snippet() -> None:
    text = f"# T\n\n{FILLER}\n\nDescale the kettle like so:\n\n```sh\nkt --acid\n```\n\n{FILLER}"
    first = quoted("descale the kettle", text).citations[0]
    assert first.said == "Descale the kettle like so:\n\n```sh\nkt --acid\n```"
    assert first.lines == Lines(5, 9)


def test_a_lists_first_line_brings_its_items() -> None:
    text = f"# T\n\n{FILLER}\n\nKettles to descale:\n\n- the red\n- the blue\n\n{FILLER}"
    first = said(quoted("which kettles to descale", text))[0]
    assert first == "Kettles to descale:\n\n- the red\n- the blue"


def test_what_two_notes_say_alike_is_quoted_once() -> None:
    text = f"# T\n\nDescale the kettle with vinegar.\n\n{FILLER}"
    assert said(quoted("descale kettle vinegar", text, text)) == [
        "Descale the kettle with vinegar.",
    ]


def test_a_cut_snippet_is_shown_in_a_fence_and_quoted_without() -> None:
    lines = "\n".join(f"line {n}" for n in range(300))
    note = notes_of(f"# T\n\n```sh\n{lines}\n```")[0]
    start = note.span.start + note.text.index("line 7\n")
    hit = replace(hit_of(note), passage=Span(start, start + 13))
    weights = TermWeights({"line": 1.0}, 10)
    (citation,) = quote_answer("line 7", [hit], weights, Rater(BagOfTerms()), 0.9).citations
    assert (citation.quote, citation.said) == ("line 7\nline 8", "```\nline 7\nline 8\n```")


def test_a_wrapped_quotation_reads_as_one_sentence() -> None:
    text = f"> Descale the kettle\n> with vinegar. {FILLER}\n"
    (citation,) = quoted("descale the kettle with vinegar", text).citations
    assert citation.quote == "Descale the kettle\n> with vinegar."
    assert citation.said == "Descale the kettle\nwith vinegar."


def test_nothing_far_worse_than_the_best_is_quoted() -> None:
    text = f"# T\n\nDescale the kettle with vinegar.\n\n{FILLER}"
    assert len(quoted("descale the kettle with vinegar", text).citations) == 1
