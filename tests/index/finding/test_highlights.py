from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import read_document
from corpus.note import Span
from index.embedding.embedder import Embedder
from index.embedding.onnx_embedder import OnnxEmbedder
from index.finding.highlights import LIT_HITS, MOST_SENTENCES, Highlighter
from index.finding.hit import Highlights, Hit
from index.finding.near_words import near_words
from index.finding.rating import Rater
from tests.bag_of_terms import BagOfTerms

DISK = """\
The office closes at six on Fridays. To list the largest files on a disk, run du and sort. \
Coffee is on the second floor. Visitors sign in at the desk.
"""
BRANCH = "办公室周五六点关门。删除分支用 git branch -d。咖啡在二楼。访客要在前台登记。\n"
LONG = "Filler is here. " * 400


@pytest.fixture(scope="module")
def bundled() -> OnnxEmbedder:
    return OnnxEmbedder(threads=1)


def hit_of(text: str) -> Hit:
    note = read_document("n.md", text.encode()).notes[0]
    return Hit(1, 0.5, "key", note, "vault", Path("n.md"), note.body, 1, {})


def lit(embedder: Embedder, question: str, text: str) -> Highlights:
    return Highlighter(Rater(embedder)).light(question, [hit_of(text)])[0].highlights


def sentences(found: Highlights, text: str) -> list[str]:
    return [sentence.span.of(text) for sentence in found.sentences]


@pytest.mark.parametrize("question", ["怎样查找大文件", "how do I find big files"])
def test_the_english_sentence_that_answers_is_lit_in_either_language(
    bundled: OnnxEmbedder, question: str
) -> None:
    found = lit(bundled, question, DISK)
    assert sentences(found, DISK) == ["To list the largest files on a disk, run du and sort."]


@pytest.mark.parametrize("question", ["怎样删除一个分支", "delete a branch"])
def test_the_chinese_sentence_that_answers_is_lit_in_either_language(
    bundled: OnnxEmbedder, question: str
) -> None:
    found = lit(bundled, question, BRANCH)
    assert sentences(found, BRANCH) == ["删除分支用 git branch -d。"]


def test_words_of_the_same_meaning_are_lit_across_languages(bundled: OnnxEmbedder) -> None:
    chinese = lit(bundled, "delete a branch", BRANCH)
    assert [span.of(BRANCH) for span in chinese.near] == ["删除分支"]
    assert [span.of(BRANCH) for span in chinese.words] == ["branch"]
    english = lit(bundled, "怎样查找大文件", DISK)
    assert [span.of(DISK) for span in english.near] == ["files"]
    assert english.words == ()


def test_a_number_is_not_near_another(bundled: OnnxEmbedder) -> None:
    asked, said = bundled.embed_tokens(["port 24 open", "1987 25 26"])
    assert near_words("port 24 open", asked, "1987 25 26", said) == []


def test_nothing_is_lit_where_nothing_is_near(bundled: OnnxEmbedder) -> None:
    assert lit(bundled, "红烧肉怎么做", DISK) == Highlights()


def test_of_a_short_note_no_sentence_stands_out(bundled: OnnxEmbedder) -> None:
    text = "To list the largest files on a disk, run du and sort."
    assert lit(bundled, "largest files", text).sentences == ()


def test_a_question_without_words_lights_nothing(bundled: OnnxEmbedder) -> None:
    assert lit(bundled, "?", DISK) == Highlights()
    assert Highlighter(Rater(bundled)).light("files", []) == ()


def test_an_embedder_without_tokens_lights_sentences_and_equal_words(embedder: BagOfTerms) -> None:
    found = lit(embedder, "largest files", DISK)
    assert sentences(found, DISK) == ["To list the largest files on a disk, run du and sort."]
    assert [span.of(DISK) for span in found.words] == ["largest", "files"]
    assert found.near == ()


def test_later_and_longer_hits_are_lit_by_their_words_only(bundled: OnnxEmbedder) -> None:
    short = hit_of(BRANCH)
    many = Highlighter(Rater(bundled)).light("delete a branch", [short] * (LIT_HITS + 1))
    assert [bool(hit.highlights.sentences) for hit in many] == [True] * LIT_HITS + [False]
    assert [span.of(BRANCH) for span in many[-1].highlights.words] == ["branch"]
    after_a_long_one = Highlighter(Rater(bundled)).light("delete a branch", [hit_of(LONG), short])
    assert after_a_long_one[1].highlights.sentences == ()


def test_a_passage_is_embedded_once(embedder: BagOfTerms) -> None:
    highlighter = Highlighter(Rater(embedder))
    first = highlighter.light("largest files", [hit_of(DISK)])
    embedded = embedder.embedded
    assert highlighter.light("largest files", [hit_of(DISK)]) == first
    assert embedder.embedded == embedded


PIECES = st.sampled_from(
    [
        "删除分支",
        "the largest files",
        "# Head\n\n",
        "- item\n",
        "。",
        ". ",
        "\n\n",
        "`du -h`",
        "é",
        "臺灣",
        "12",
    ]
)


@settings(max_examples=40)
@given(
    st.lists(PIECES, min_size=1, max_size=30),
    st.sampled_from(["大文件", "delete branches", "12 台湾"]),
)
def test_what_is_lit_lies_in_the_passage_and_nothing_overlaps(
    bundled: OnnxEmbedder, pieces: list[str], question: str
) -> None:
    text = "".join(pieces)
    notes = read_document("n.md", text.encode()).notes
    hits = [Hit(1, 0.5, "k", n, "v", Path("n.md"), n.body, 1, {}) for n in notes]
    for hit in Highlighter(Rater(bundled)).light(question, hits):
        found = hit.highlights
        words = sorted((*found.words, *found.near))
        apart = sorted(sentence.span for sentence in found.sentences)
        for spans in (words, apart):
            assert all(hit.passage.start <= s.start < s.end <= hit.passage.end for s in spans)
            assert all(one.end <= other.start for one, other in pairwise(spans))
        assert len(apart) <= MOST_SENTENCES


@given(st.text(max_size=200))
def test_tokens_stand_where_they_are_said_to(bundled: OnnxEmbedder, text: str) -> None:
    (found,) = bundled.embed_tokens([text])
    assert all(0 <= span.start < span.end <= len(text) for span in found.spans)
    assert list(found.spans) == sorted(found.spans, key=lambda span: span.start)
    assert found.in_text.shape == found.as_word.shape == (len(found.spans), 384)


def test_tokens_of_traditional_script_stand_at_their_characters(bundled: OnnxEmbedder) -> None:
    (found,) = bundled.embed_tokens(["刪除 branch"])
    assert found.spans[-1] == Span(3, 9)
    assert "".join(span.of("刪除 branch") for span in found.spans) == "刪除branch"
