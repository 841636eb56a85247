from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.chunk import cut_into_chunks
from corpus.markdown import read_markdown
from corpus.note import Chunk, Note
from corpus.plain import read_plain


def count(texts: Sequence[str]) -> list[int]:
    """Two characters are a token."""
    return [(len(text) + 1) // 2 for text in texts]


def chunks(source: str, max_tokens: int = 40) -> list[Chunk]:
    notes = read_markdown("n.md", source)
    return [chunk for note in notes for chunk in cut_into_chunks(note, max_tokens, count)]


def test_a_short_note_is_one_chunk_with_its_breadcrumb() -> None:
    (chunk,) = chunks("# A\n\n## B\n\ntext\n")
    assert (chunk.text, chunk.embedded) == ("text", "A > B\ntext")


def test_a_row_is_embedded_with_its_remark_source_and_type() -> None:
    (chunk,) = chunks("|序号|内容|来源|备注|类型|\n|-|-|-|-|-|\n|1|rayon|crates.io|并行|project|\n")
    assert (chunk.text, chunk.embedded) == ("rayon", "并行 · crates.io · project\nrayon")


def test_a_row_without_a_content_column_is_embedded_by_its_columns() -> None:
    (chunk,) = chunks("# T\n\n|Level|Dirty read|\n|-|-|\n|Serializable|no|\n")
    assert chunk.text == "|Serializable|no|"
    assert chunk.embedded == "T\nLevel: Serializable\nDirty read: no"


def test_front_matter_other_than_tags_is_not_embedded() -> None:
    (chunk,) = chunks("---\nlayout: page\ntags: [net]\n---\nbody\n")
    assert chunk.embedded == "net\nbody"


def test_a_long_note_is_cut_between_sentences() -> None:
    first, second = "这是第一句话，它有一些长度，足够占满一块。" * 2, "这是另外一句。" * 4
    cut = chunks(first + second, max_tokens=30)
    assert "".join(chunk.text for chunk in cut) == first + second
    assert all(chunk.text.endswith("。") for chunk in cut)
    assert len(cut) > 1


def test_code_that_fits_is_not_cut() -> None:
    code = "```sh\n" + "ls -la\n" * 5 + "```"
    cut = chunks("# A\n\n" + "Some words here. " * 6 + "\n\n" + code + "\n", max_tokens=40)
    assert any(code in chunk.text for chunk in cut)


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                "词语",
                "句子。",
                "word ",
                "end. ",
                "\n",
                "\n\n",
                "```\ncode here\n```\n",
                "x" * 50,
                "  ",
            ]
        )
        | st.text(max_size=8),
        max_size=60,
    ),
    max_tokens=st.integers(12, 60),
)
def test_chunks_rebuild_the_note_and_fit(pieces: list[str], max_tokens: int) -> None:
    source = "".join(pieces)
    for note in read_plain("n.txt", source):
        cut = cut_into_chunks(note, max_tokens, count)
        assert "".join("".join(chunk.text for chunk in cut).split()) == "".join(
            note.body_text.split()
        )
        _check_spans(note, cut, source, max_tokens)


def _check_spans(note: Note, cut: Sequence[Chunk], source: str, max_tokens: int) -> None:
    at = note.body.start
    for chunk in cut:
        assert chunk.span.of(source) == chunk.text
        assert at <= chunk.span.start < chunk.span.end <= note.body.end
        assert count([chunk.embedded])[0] <= max_tokens - 2
        at = chunk.span.end


@pytest.mark.parametrize("length", [3_000, 30_000])
def test_a_blob_without_breaks_is_cut_in_time(length: int) -> None:
    cut = chunks("x" * length, max_tokens=256)
    assert sum(len(chunk.text) for chunk in cut) == length
