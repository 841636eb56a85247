"""The start: each new Chinese row as a mixture of the English rows that it is translated with.

`python -m index.distill.alignment WORK --data FOLDER... [--start MODEL]` writes WORK/start, a model
that Sentence Transformers loads; without any training it finds notes across the two languages.
"""

import argparse
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from tokenizers import Tokenizer

from corpus.errors import NotesError
from index.distill import texts, weights
from index.distill.command import run
from index.distill.teacher import teacher_folder
from index.embedding.model_files import LENGTH, TOKENIZER, WEIGHTS

START = "start"
HISTORY = "history.json"  # beside a model's weights: what it was made from
MAX_TOKENS = 256
# English rows that make a Chinese one, and the power of their Dice coefficient that weighs them.
_MIXED = 4
_POWER = 2
_HAN = re.compile(r"[\u3400-\u9fff]")
_SLICE = 10_000  # texts whose tokens are held at once
_EMBEDDINGS = "embeddings.word_embeddings.weight"
Matrix = npt.NDArray[np.float32]
Rows = Sequence[npt.NDArray[np.int32]]


def align(
    data: Sequence[Path], tokenizer: Path, start: Path
) -> tuple[dict[str, npt.NDArray[np.generic]], int]:
    """Return `start`'s weights with a table for the rows of `tokenizer`, and how many are new.

    A token that `start` knows keeps its row. A new one gets a mean of the four English rows that are
    most its translation, weighted by the square of Dice's coefficient 2·n(a,b)/(n(a)+n(b)),
    n = pairs that hold it; one without a translation the mean of all English rows.
    """
    arrays = dict(weights.read(start / WEIGHTS))
    if _EMBEDDINGS not in arrays:
        raise NotesError(
            f"{start} has no table of word vectors in float", "Give a checkpoint, not an export."
        )
    table = arrays[_EMBEDDINGS].astype(np.float32)
    new = Tokenizer.from_file(str(tokenizer))
    new.enable_truncation(128)
    vocabulary = _vocabulary(tokenizer)
    known = _vocabulary(start / TOKENIZER)
    rows = np.zeros((len(set(vocabulary.values())), table.shape[1]), np.float32)
    kept = np.zeros(len(rows), bool)
    english = np.zeros(len(rows), bool)
    for token, row in vocabulary.items():
        if _means_the_same(token, known):
            rows[row], kept[row] = table[known[token]], True
        english[row] |= token.removeprefix("##").isascii() and token[0] != "["
    english &= kept
    pairs = list(texts.translations(data))
    zh = _occurrences(_ids(new, [pair.zh for pair in pairs]), len(rows))
    en = _occurrences(_ids(new, [pair.en for pair in pairs]), len(rows))
    rows[~kept] = _mixtures(zh, en, rows, english, np.flatnonzero(~kept))
    arrays[_EMBEDDINGS] = rows
    return arrays, int((~kept).sum())


def _means_the_same(token: str, known: Mapping[str, int]) -> bool:
    """Whether `known` has the token, for Chinese as a whole word: the teacher's few are no words."""
    word = token.removeprefix("##")
    return token in known and (not _HAN.search(word) or known.get(word) == known.get(f"##{word}"))


def _mixtures(
    zh: sparse.csr_matrix,
    en: sparse.csr_matrix,
    rows: Matrix,
    english: npt.NDArray[np.bool_],
    wanted: npt.NDArray[np.intp],
) -> Matrix:
    """The start of each `wanted` row."""
    zh_pairs = np.asarray(zh.sum(0)).ravel()
    en_pairs = np.asarray(en.sum(0)).ravel()
    together = (zh.T[wanted] @ en).tocsr()
    mixed = np.tile(rows[english].mean(0), (len(wanted), 1))
    for place, row in enumerate(wanted):
        part = slice(together.indptr[place], together.indptr[place + 1])
        columns, counts = together.indices[part], together.data[part]
        columns, counts = columns[english[columns]], counts[english[columns]]
        if len(columns):
            dice = 2 * counts / (zh_pairs[row] + en_pairs[columns])
            best = np.argsort(-dice)[:_MIXED]
            share = dice[best] ** _POWER
            mixed[place] = (share / share.sum()) @ rows[columns[best]]
    return mixed


def _occurrences(ids: Rows, width: int) -> sparse.csr_matrix:
    """(texts, width) float32: 1 where a text holds a token."""
    unique = [np.unique(row) for row in ids]
    lengths = [len(row) for row in unique]
    return sparse.csr_matrix(
        (
            np.ones(sum(lengths), np.float32),
            (np.repeat(np.arange(len(ids)), lengths), np.concatenate(unique)),
        ),
        shape=(len(ids), width),
    )


def _ids(tokenizer: Tokenizer, lines: Sequence[str]) -> Rows:
    return [
        np.array(encoding.ids, np.int32)
        for start in range(0, len(lines), _SLICE)
        for encoding in tokenizer.encode_batch(
            list(lines[start : start + _SLICE]), add_special_tokens=False
        )
    ]


def _vocabulary(tokenizer: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return found


def write_start(data: Sequence[Path], work: Path, start: Path, name: str) -> None:
    """Write WORK/start; it is there only when it is whole. `name` is what the card calls `start`."""
    arrays, new_rows = align(data, work / TOKENIZER, start)
    out = work / f"{START}.new"
    shutil.rmtree(out, ignore_errors=True)
    (out / "1_Pooling").mkdir(parents=True)
    config = json.loads((start / "config.json").read_text(encoding="utf-8"))
    config |= {"vocab_size": len(arrays[_EMBEDDINGS]), "pad_token_id": 0, "dtype": "float32"}
    config |= {"position_embedding_type": "absolute", "architectures": ["BertModel"]}
    weights.write(
        out / WEIGHTS,
        {name: array.astype(np.float32) for name, array in arrays.items() if _weight(name)},
    )
    modules = [
        {
            "idx": place,
            "name": str(place),
            "path": path,
            "type": f"sentence_transformers.models.{kind}",
        }
        for place, (path, kind) in enumerate(
            [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
        )
    ]
    written = {
        "config.json": config,
        "modules.json": modules,
        HISTORY: {"start": name, "new_rows": new_rows},
        LENGTH: {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": config["hidden_size"],
            "pooling_mode_mean_tokens": True,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": config["max_position_embeddings"],
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "mask_token": "[MASK]",
            "model_input_names": ["input_ids", "attention_mask"],
        },
    }
    for name, value in written.items():
        (out / name).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(work / TOKENIZER, out / TOKENIZER)
    shutil.rmtree(work / START, ignore_errors=True)
    out.rename(work / START)


def _weight(name: str) -> bool:
    return not name.startswith("pooler.") and not name.endswith("position_ids")


def main() -> int:
    """Write the start as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="training text")
    parser.add_argument("work", type=Path, help="folder with the tokenizer")
    parser.add_argument("--start", type=Path, help="model to go on from; default: the teacher")
    parser.add_argument("--start-name", default="all-MiniLM-L6-v2", help="for the card")
    given = parser.parse_args()
    return run(
        lambda: write_start(
            given.data, given.work, given.start or teacher_folder(), given.start_name
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
