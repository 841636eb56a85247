"""The bundled model's folder: which files it holds, and that they are whole."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotesError

GRAPH = "model.onnx"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
LENGTH = "sentence_bert_config.json"
DIGESTS = "digests.json"
HASHED = (GRAPH, WEIGHTS, TOKENIZER, LENGTH)

BUNDLED = Path(__file__).parents[1] / "model"
_MEND = "Install the package again, or choose another model with --model."


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A whole model folder. `fingerprint` changes with whatever changes a vector."""

    folder: Path
    fingerprint: str
    max_tokens: int


def digests(folder: Path) -> dict[str, str]:
    """Hash the files that decide what a vector is."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in HASHED}


def open_folder(folder: Path) -> ModelFiles:
    """Check a folder that `index.distill.export` wrote against its digests; NotesError if broken."""
    try:
        written = json.loads((folder / DIGESTS).read_text(encoding="utf-8"))
        found = digests(folder)
        length = json.loads((folder / LENGTH).read_text(encoding="utf-8"))["max_seq_length"]
    except FileNotFoundError as error:
        raise NotesError(f"The model is not whole: {error.filename} is missing", _MEND) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotesError(f"The model in {folder} cannot be read: {error}", _MEND) from error
    for name, digest in found.items():
        if not isinstance(written, dict) or written.get(name) != digest:
            raise NotesError(f"The model is damaged: {folder / name} is not as it was made", _MEND)
    joined = "".join(found[name] for name in HASHED)
    fingerprint = hashlib.blake2b(joined.encode(), digest_size=8).hexdigest()
    return ModelFiles(folder, fingerprint, int(length))
