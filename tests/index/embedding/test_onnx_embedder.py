import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NotesError
from corpus.progress import Progress
from index.distill.export import export
from index.embedding.models import load_embedder
from index.embedding.onnx_embedder import OnnxEmbedder, batches
from tests.index import tiny_bert

TEXTS = ["并行计算怎么做？", "parallel computing", "", "一只猫坐在垫子上。", "x " * 600]


@pytest.fixture(scope="module")
def bundled() -> OnnxEmbedder:
    return OnnxEmbedder(threads=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export(tiny_bert.make(tmp_path), tmp_path / "model")
    return tmp_path / "model"


def test_none_and_bundled_mean_the_bundled_model(bundled: OnnxEmbedder) -> None:
    recipes = {load_embedder().recipe, load_embedder("bundled").recipe, bundled.recipe}
    assert len(recipes) == 1


def test_vectors_are_unit_float32_and_as_many_as_texts(bundled: OnnxEmbedder) -> None:
    vectors = bundled.embed_documents(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0] * 5, abs=1e-5)


def test_no_texts_give_no_vectors(bundled: OnnxEmbedder) -> None:
    assert bundled.embed_documents([]).shape == (0, 384)
    assert bundled.embed_queries([]).shape == (0, 384)
    assert bundled.count_tokens([]) == []


def test_a_vector_does_not_depend_on_its_batch(bundled: OnnxEmbedder) -> None:
    together = bundled.embed_documents(TEXTS)
    alone = np.concatenate([bundled.embed_documents([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_batches_are_streamed_and_results_keep_the_order(folder: Path) -> None:
    texts = [f"notes {'rust ' * (i % 7)}{'a' if i % 2 else ''}" for i in range(5000)]
    embedder = OnnxEmbedder(folder, threads=1, batch_tokens=256)
    some = list(range(0, 5000, 487))
    expected = embedder.embed_documents([texts[i] for i in some])
    assert np.abs(embedder.embed_documents(texts)[some] - expected).max() < 1e-5


def test_a_question_finds_its_translation(bundled: OnnxEmbedder) -> None:
    question = bundled.embed_queries(["怎么读取文件"])
    notes = bundled.embed_documents(["How to read a file", "How to bake bread"])
    near, far = (notes @ question.T).ravel()
    assert near > far + 0.2


def test_text_after_the_limit_is_not_read(bundled: OnnxEmbedder) -> None:
    start = "并行 " * (bundled.max_tokens - 2)
    assert bundled.count_tokens([start]) == [bundled.max_tokens - 2]
    same = bundled.embed_documents([start, start + "，后面还有很多"])
    assert same[0] @ same[1] == pytest.approx(1.0, abs=1e-5)


def test_tokens_are_counted_whole_and_without_the_special_ones(bundled: OnnxEmbedder) -> None:
    assert bundled.count_tokens(["", "parallel computing", "x " * 600]) == [0, 2, 600]


def test_an_unknown_character_does_not_blank_its_sentence(bundled: OnnxEmbedder) -> None:
    with_it, without, other = bundled.embed_documents(
        ["如何在龘计算机上安装软件", "如何在计算机上安装软件", "今天晚上吃什么好呢"]
    )
    assert with_it @ without > 0.8
    assert with_it @ without > with_it @ other + 0.3


def test_traditional_chinese_reads_as_simplified(bundled: OnnxEmbedder) -> None:
    vectors = bundled.embed_documents(["電腦軟體的並行計算", "电脑软体的并行计算"])
    assert vectors[0].tolist() == vectors[1].tolist()
    assert bundled.count_tokens(["電腦"]) == bundled.count_tokens(["电脑"])


def test_progress_counts_up_to_the_total(bundled: OnnxEmbedder) -> None:
    seen: list[Progress] = []
    bundled.embed_documents(["a", "b c"] * 20, seen.append)
    assert seen[-1] == Progress("embed", 40, 40)
    assert [one.done for one in seen] == sorted({one.done for one in seen})


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 2000))
def test_batches_hold_each_text_once_and_keep_to_the_budget(
    lengths: list[int], budget: int
) -> None:
    made = list(batches(lengths, budget))
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    assert all(
        len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget for batch in made
    )


def test_neither_torch_nor_transformers_is_imported_and_nothing_is_printed() -> None:
    code = (
        "import sys\n"
        "from index.embedding.models import load_embedder\n"
        "load_embedder().embed_queries(['并行'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_another_length_is_another_recipe(tmp_path: Path) -> None:
    recipes = set()
    for length in (8, 16):
        checkpoint = tiny_bert.make(tmp_path / str(length), length=length)
        export(checkpoint, tmp_path / str(length) / "model")
        recipes.add(OnnxEmbedder(tmp_path / str(length) / "model", threads=1).recipe)
    assert len(recipes) == 2


@pytest.mark.parametrize("name", ["model.onnx", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(NotesError, match=f"{name} is missing") as raised:
        OnnxEmbedder(folder)
    assert "--model" in raised.value.hint


def test_a_torn_file_is_named(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])
    with pytest.raises(NotesError, match=r"model\.safetensors is not as it was made"):
        OnnxEmbedder(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match="is missing"):
        OnnxEmbedder(tmp_path / "none")


@pytest.mark.parametrize(("wanted", "threads"), [("1", 1), ("3", 3)])
def test_omp_num_threads_is_kept_to(
    monkeypatch: pytest.MonkeyPatch, wanted: str, threads: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert OnnxEmbedder().threads == threads


def test_several_threads_give_what_one_gives() -> None:
    texts = ["并行计算", "a longer text on parallel computation", "x"] * 30
    one, three = OnnxEmbedder(threads=1, batch_tokens=64), OnnxEmbedder(threads=3, batch_tokens=64)
    assert np.array_equal(one.embed_documents(texts), three.embed_documents(texts))
    for alone, together in zip(one.embed_tokens(texts), three.embed_tokens(texts), strict=True):
        assert np.array_equal(alone.in_text, together.in_text)
