import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from corpus.errors import NotesError
from index.distill import weights
from index.distill.export import export
from index.distill.renew import renew
from index.distill.tokens import mended
from index.embedding.model_files import DIGESTS, digests
from index.embedding.onnx_embedder import OnnxEmbedder
from tests.index import tiny_bert

TEXTS = ["我们喜欢并行计算", "a", "parallel notes, rust rust", "我们龘喜欢", "", "并行" * 40]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert.make(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def exported(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exported") / "model"
    export(checkpoint, out)
    return out


def cosines(left: np.ndarray, right: np.ndarray) -> list[float]:
    return [float(value) for value in (left * right).sum(axis=1)]


def test_the_folder_gives_one_vector_by_onnxruntime_and_by_sentence_transformers(
    exported: Path,
) -> None:
    ours = OnnxEmbedder(exported, threads=1).embed_documents(TEXTS)
    theirs = SentenceTransformer(str(exported), device="cpu").encode(TEXTS)
    assert min(cosines(ours, theirs)) > 0.995  # its activations are float32, ours of 8 bits


def test_a_vector_does_not_depend_on_the_texts_beside_it(exported: Path) -> None:
    model = OnnxEmbedder(exported, threads=1)
    alone = np.concatenate([model.embed_documents([text]) for text in TEXTS])
    assert np.abs(alone - model.embed_documents(TEXTS)).max() < 1e-6


def test_a_graph_can_be_written_anew(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    (folder / "model.onnx").write_bytes(b"")
    renew(folder)
    assert (folder / "model.onnx").read_bytes() == (exported / "model.onnx").read_bytes()
    assert (folder / DIGESTS).read_text() == (exported / DIGESTS).read_text()


def test_int8_stays_close_to_the_checkpoint(checkpoint: Path, exported: Path) -> None:
    texts = [text for text in TEXTS if "龘" not in text]
    ours = OnnxEmbedder(exported, threads=1).embed_documents(texts)
    float32 = SentenceTransformer(str(checkpoint), device="cpu").encode(texts)
    assert min(cosines(ours, float32)) > 0.995


def test_the_same_checkpoint_gives_the_same_files(
    checkpoint: Path, exported: Path, tmp_path: Path
) -> None:
    export(checkpoint, tmp_path / "again")
    files = {file.relative_to(exported) for file in exported.rglob("*") if file.is_file()}
    assert {name: (tmp_path / "again" / name).read_bytes() for name in files} == {
        name: (exported / name).read_bytes() for name in files
    }


def test_digests_are_those_of_the_files(exported: Path) -> None:
    assert json.loads((exported / DIGESTS).read_text()) == digests(exported)


def test_vocabulary_and_ids_are_the_checkpoints(checkpoint: Path, exported: Path) -> None:
    before = json.loads((checkpoint / "tokenizer.json").read_text("utf-8"))
    after = json.loads((exported / "tokenizer.json").read_text("utf-8"))
    assert after["model"] == before["model"]


def test_an_unknown_character_costs_itself_and_not_its_sentence() -> None:
    before = Tokenizer.from_str(tiny_bert.tokenizer_json())
    after = Tokenizer.from_str(mended(tiny_bert.tokenizer_json()))
    assert before.encode("我们龘喜欢计算库").tokens == ["[CLS]", "[UNK]", "[SEP]"]
    assert after.encode("我们龘喜欢计算库").tokens == [
        "[CLS]", "我们", "[UNK]", "喜欢", "##计算", "##库", "[SEP]",
    ]  # fmt: skip


@given(st.text("并行计算喜欢我们库 a,"))
def test_known_characters_are_tokenised_as_before(text: str) -> None:
    before = Tokenizer.from_str(tiny_bert.tokenizer_json())
    after = Tokenizer.from_str(mended(tiny_bert.tokenizer_json()))
    assert after.encode(text).ids == before.encode(text).ids


@given(
    st.lists(st.floats(-100, 100, width=32), min_size=8, max_size=8).map(
        lambda row: np.array(row, np.float32).reshape(2, 4)
    )
)
def test_a_rounded_row_is_off_by_at_most_a_step(matrix: np.ndarray) -> None:
    arrays = weights.quantise({"dense.weight": matrix})
    scale = arrays["dense.weight_scale"].astype(np.float32)
    error = np.abs(arrays["dense.weight"] * scale - matrix)
    assert (error <= scale).all()


def test_weights_are_read_back_as_written(tmp_path: Path) -> None:
    arrays = {
        "a": np.arange(6, dtype=np.int8).reshape(2, 3),
        "b": np.array(0.5, np.float16),
        "c": np.array([1.5, 2.5], np.float32),
    }
    weights.write(tmp_path / "x.safetensors", arrays)
    read = weights.read(tmp_path / "x.safetensors")
    assert {name: (a.dtype, a.tolist()) for name, a in read.items()} == {
        name: (a.dtype, a.tolist()) for name, a in arrays.items()
    }


def test_a_folder_with_other_things_in_it_is_not_emptied(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "diary.md").write_text("mine")
    with pytest.raises(NotesError, match="something else"):
        export(checkpoint, tmp_path)
    assert (tmp_path / "diary.md").read_text() == "mine"


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match="not a Sentence Transformers folder"):
        export(tmp_path / "nothing", tmp_path / "out")


def test_another_pooling_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    for name in ("config.json", "modules.json"):
        (tmp_path / name).write_bytes((checkpoint / name).read_bytes())
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    with pytest.raises(NotesError, match="The export knows"):
        export(tmp_path, tmp_path / "out")
