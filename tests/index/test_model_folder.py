import json

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index.embedding.model_files import BUNDLED, DIGESTS, digests
from index.embedding.onnx_embedder import OnnxEmbedder

TEXTS = [
    "怎么并行计算？",
    "How do I read a file line by line?",
    "`rayon` 是一个并行计算库，把 iter() 换成 par_iter() 即可。",
    "黑豹队的防守丢了多少分？",
    "A longer note. " * 60,
    "我们龘喜欢并行计算",
    "",
]


def test_the_package_data_stays_within_32_megabytes() -> None:
    sizes = {file.name: file.stat().st_size for file in BUNDLED.rglob("*") if file.is_file()}
    assert sum(sizes.values()) <= 32_000_000, sizes


def test_the_files_are_whole() -> None:
    assert json.loads((BUNDLED / DIGESTS).read_text()) == digests(BUNDLED)


def test_the_card_says_what_it_is_and_whose_text_it_learnt_from() -> None:
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    named = ["all-MiniLM-L6-v2", "Apache-2.0", "CC BY-SA", "CC-CEDICT", "Tatoeba", "php/doc-zh"]
    named += ["nDCG@10", "distill.evaluation", "OpenCC", "Not for"]
    assert [name for name in named if name not in card] == []
    assert "Not recorded" not in card
    assert "Not measured" not in card


def test_sentence_transformers_loads_the_folder_with_no_arguments_and_agrees(
    capfd: pytest.CaptureFixture[str],
) -> None:
    model = SentenceTransformer(str(BUNDLED))
    assert "MISSING" not in capfd.readouterr().err
    assert model.max_seq_length == 256
    theirs = model.encode(TEXTS)
    ours = OnnxEmbedder(threads=1).embed_documents(TEXTS)
    assert np.linalg.norm(theirs, axis=1).tolist() == pytest.approx([1.0] * len(TEXTS), abs=1e-5)
    assert (ours * theirs).sum(axis=1).min() > 0.995  # what goes into its layers is not rounded
