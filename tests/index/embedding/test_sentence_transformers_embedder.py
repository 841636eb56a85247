import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from corpus.errors import NotesError
from corpus.progress import Progress
from index.embedding.models import load_embedder
from index.embedding.sentence_transformers_embedder import SentenceTransformersEmbedder
from tests.index import tiny_bert

PROMPTS = {"query": "parallel ", "document": "rust rust "}
TEXTS = ["并行计算", "notes, notes", "", "a"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert.make(tmp_path_factory.mktemp("prompted"), PROMPTS)


@pytest.fixture(scope="module")
def embedder(folder: Path) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(str(folder))


def test_prompts_are_put_before_queries_and_documents(
    folder: Path, embedder: SentenceTransformersEmbedder
) -> None:
    plain = SentenceTransformer(str(folder), device="cpu")
    queries = plain.encode([f"parallel {text}" for text in TEXTS])
    documents = plain.encode([f"rust rust {text}" for text in TEXTS])
    assert np.abs(embedder.embed_queries(TEXTS) - queries).max() < 1e-5
    assert np.abs(embedder.embed_documents(TEXTS) - documents).max() < 1e-5
    assert np.abs(queries - documents).max() > 0.01


def test_vectors_are_unit_float32(embedder: SentenceTransformersEmbedder) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, tiny_bert.WIDTH), np.float32)
    assert embedder.dimension == tiny_bert.WIDTH
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0] * 4, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: SentenceTransformersEmbedder) -> None:
    assert embedder.embed_documents([]).shape == (0, tiny_bert.WIDTH)
    assert embedder.embed_queries([]).shape == (0, tiny_bert.WIDTH)
    assert embedder.count_tokens([]) == []


def test_the_document_prompt_is_taken_off_the_length(
    embedder: SentenceTransformersEmbedder,
) -> None:
    assert embedder.max_tokens == 16 - 2


def test_tokens_are_counted_whole(embedder: SentenceTransformersEmbedder) -> None:
    assert embedder.count_tokens(["并行计算", "", "a " * 100]) == [2, 0, 100]


def test_progress_ends_at_the_total(embedder: SentenceTransformersEmbedder) -> None:
    seen: list[Progress] = []
    embedder.embed_documents(["a"] * 600, seen.append)
    assert seen == [Progress("embed", 512, 600), Progress("embed", 600, 600)]


def test_folder_content_prompts_and_length_are_in_the_recipe(
    folder: Path, tmp_path: Path, embedder: SentenceTransformersEmbedder
) -> None:
    name, rest = embedder.recipe.split("@")
    assert name == f"sentence-transformers:{folder}"
    assert rest.split(" ", 1)[1] == 'prompts:["parallel ", "rust rust "] max_tokens:16'
    plain = SentenceTransformersEmbedder(str(tiny_bert.make(tmp_path)))
    assert plain.recipe.split("@")[1].split()[0] != rest.split()[0]


def test_any_other_name_is_a_sentence_transformers_model(folder: Path) -> None:
    assert isinstance(load_embedder(str(folder)), SentenceTransformersEmbedder)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# a note")
    with pytest.raises(NotesError, match=f"The model in {tmp_path} cannot be loaded") as raised:
        load_embedder(str(tmp_path))
    assert "--model" in raised.value.hint


def test_a_file_is_not_a_model(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# a note")
    with pytest.raises(NotesError, match="is a file"):
        load_embedder(str(tmp_path / "a.md"))


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(NotesError, match="cannot be loaded"):
        load_embedder("/no/such/folder")


def test_a_hub_name_without_a_network_is_named() -> None:
    code = (
        "import os; os.environ['HF_HUB_OFFLINE'] = '1'\n"
        "from corpus.errors import NotesError\n"
        "from index.embedding.models import load_embedder\n"
        "try:\n"
        "    load_embedder('nobody/no-such-model')\n"
        "except NotesError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("The model 'nobody/no-such-model' is neither a folder nor in")
