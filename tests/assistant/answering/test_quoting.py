from pathlib import Path

import pytest

from assistant.answering.answer import Answer
from assistant.answering.quoting import quote_answer, refuse
from corpus.note import Lines
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
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
    return quote_answer(question, found.hits, found.weights, searcher.embedder, 0.9)


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
