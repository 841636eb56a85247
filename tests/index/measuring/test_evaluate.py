import json
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.finding.hit import Mode
from index.measuring.evaluate import evaluate
from tests.bag_of_terms import BagOfTerms


def write_collection(folder: Path) -> None:
    documents = [
        {"id": "one", "title": "Kettle", "text": "Descale it with citric acid."},
        {"id": "two", "title": "", "text": "并行计算库叫 rayon。"},
        {"_id": 3, "title": "T", "text": "something else\u2028on one line"},
    ]
    queries = [{"id": "k", "text": "descale a kettle"}, {"id": "p", "text": "并行计算"}]
    queries.append({"id": "unjudged", "text": "whatever"})
    lines = {"corpus.jsonl": documents, "queries.jsonl": queries}
    for name, records in lines.items():
        text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nk\tone\t1\np\ttwo\t1\np\t3\t1\n")


def test_a_collection_is_measured(tmp_path: Path, embedder: BagOfTerms) -> None:
    write_collection(tmp_path)
    figures = evaluate(tmp_path, embedder, list(Mode))[Mode.HYBRID]
    assert figures["mrr@10"] == 1.0
    assert figures["recall@10"] == 1.0
    assert 0.9 < figures["ndcg@10"] <= 1.0
    assert (figures["queries"], figures["documents"]) == (2, 3)
    assert set(figures["seconds"]) == {"index", "search"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("corpus.jsonl", '{"id": 1, "text": "x"}\nnot json\n', "corpus.jsonl, line 2"),
        ("queries.jsonl", '{"text": "no id"}\n', "queries.jsonl, line 1"),
        ("qrels.tsv", "a\tb\tc\nq\td\tone\n", "qrels.tsv, line 2"),
        ("qrels.tsv", "q d 1\n", "qrels.tsv, line 1"),
        ("qrels.tsv", "q\td\t1\n", "judges none of the queries"),
    ],
)
def test_a_wrong_line_is_named(
    tmp_path: Path, embedder: BagOfTerms, name: str, text: str, message: str
) -> None:
    write_collection(tmp_path)
    (tmp_path / name).write_text(text)
    with pytest.raises(NotesError, match=message):
        evaluate(tmp_path, embedder)


def test_a_folder_that_is_no_collection_is_named(tmp_path: Path, embedder: BagOfTerms) -> None:
    with pytest.raises(NotesError, match=r"corpus.jsonl cannot be read"):
        evaluate(tmp_path, embedder)
