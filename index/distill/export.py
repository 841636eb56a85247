"""Make the bundled model of a checkpoint: `python -m index.distill.export CHECKPOINT OUT`."""

import argparse
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.errors import NotesError
from index.distill import weights
from index.distill.alignment import HISTORY
from index.distill.card import attributions, card
from index.distill.command import run
from index.distill.graph import Shape, build
from index.distill.tokens import mended
from index.embedding.model_files import DIGESTS, GRAPH, LENGTH, TOKENIZER, WEIGHTS, digests

# One Router that holds the modules: Sentence Transformers casts modules after the first to the
# type of the first's weights, which would be int8.
_ROOT = "."
_MODULES = "sentence_transformers.base.modules"
_ROUTER = {
    "types": {
        _ROOT: f"{_MODULES}.transformer.Transformer",
        "1_Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
        "2_Normalize": f"{_MODULES}.normalize.Normalize",
    },
    "structure": {"text": [_ROOT, "1_Pooling", "2_Normalize"]},
    "parameters": {"default_route": "text", "allow_empty_key": True},
}
_NOTHING = "Not recorded: the export was not given --sources."


def export(
    checkpoint: Path, out: Path, sources: Path | None = None, results: Path | None = None
) -> None:
    """Write `out` (made anew): int8 weights, the graph over them, tokenizer, settings, digests, card.

    `checkpoint` is a Sentence Transformers folder: BERT, mean pooling, unit vectors. NotesError if
    it is another kind of model. `sources` is the training text's list, `results` the card's figures.
    """
    config = _checked(checkpoint)
    figures_text = results.read_text(encoding="utf-8") if results else "Not measured yet."
    sources_text = attributions(sources) if sources else _NOTHING
    history = _history(checkpoint)
    _clear(out)
    out.mkdir(parents=True)
    arrays = weights.quantise(weights.read(checkpoint / WEIGHTS))
    weights.write(out / WEIGHTS, arrays)
    shape = write_graph(out, config)
    tokenizer = (checkpoint / TOKENIZER).read_text(encoding="utf-8")
    (out / TOKENIZER).write_text(mended(tokenizer), encoding="utf-8")
    length = _settings(checkpoint, out, config)
    write_digests(out)
    figures = {
        "layers": shape.layers,
        "heads": shape.heads,
        "width": shape.width,
        "length": length,
        "positions": config["max_position_embeddings"],
        "rows": config["vocab_size"],
        "parameters": sum(array.size for array in arrays.values() if array.ndim == 2) / 1e6,
        "megabytes": sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6,
    }
    text = card(
        figures,
        figures_text,
        sources_text,
        history,
    )
    (out / "README.md").write_text(text, encoding="utf-8")


def write_graph(out: Path, config: Mapping[str, Any]) -> Shape:
    """Write the graph over the weights in `out`; `config` is the model's config.json."""
    shape = Shape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        width=config["hidden_size"],
        epsilon=config["layer_norm_eps"],
    )
    (out / GRAPH).write_bytes(build(out / WEIGHTS, shape).SerializeToString(deterministic=True))
    return shape


def write_digests(out: Path) -> None:
    """Write down what the files in `out` are, once they are all there."""
    _write(out / DIGESTS, digests(out))


def _checked(checkpoint: Path) -> dict[str, Any]:
    """The checkpoint's config.json, once the folder is known to be what the graph computes."""
    try:
        config: dict[str, Any] = _read(checkpoint / "config.json")
        modules = [entry["type"].rpartition(".")[2] for entry in _read(checkpoint / "modules.json")]
        pooling = _read(checkpoint / "1_Pooling" / "config.json")
    except (OSError, ValueError, KeyError) as error:
        raise NotesError(
            f"{checkpoint} is not a Sentence Transformers folder: {error}",
            "Give the folder that SentenceTransformer.save_pretrained wrote.",
        ) from error
    mean = pooling.get("pooling_mode", "mean" if pooling.get("pooling_mode_mean_tokens") else "")
    found = {
        "model": config.get("model_type"),
        "activation": config.get("hidden_act"),
        "positions": config.get("position_embedding_type", "absolute"),
        "modules": modules,
        "pooling": mean,
    }
    wanted = {
        "model": "bert",
        "activation": "gelu",
        "positions": "absolute",
        "modules": ["Transformer", "Pooling", "Normalize"],
        "pooling": "mean",
    }
    if found != wanted:
        raise NotesError(f"The export knows {wanted}, not {found}", "Train a BERT of that form.")
    return config


def _settings(checkpoint: Path, out: Path, config: dict[str, Any]) -> int:
    """Write what Sentence Transformers and transformers read; return the length texts are cut at."""
    length = _length(checkpoint, config["max_position_embeddings"])
    _write(
        out / "config.json",
        {**config, "dtype": "float32", "quantization_config": weights.QUANTISATION},
    )
    _write(
        out / "modules.json",
        [{"idx": 0, "name": "0", "path": "", "type": f"{_MODULES}.router.Router"}],
    )
    _write(out / "router_config.json", _ROUTER)
    _write(
        out / LENGTH,
        {
            "max_seq_length": length,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
    )
    shutil.copyfile(checkpoint / "tokenizer_config.json", out / "tokenizer_config.json")
    (out / "1_Pooling").mkdir()
    shutil.copyfile(checkpoint / "1_Pooling" / "config.json", out / "1_Pooling" / "config.json")
    return length


def _history(checkpoint: Path) -> str:
    """A sentence on this checkpoint, if the training told."""
    file = checkpoint / HISTORY
    known = _read(file) if file.exists() else {}
    if "steps" not in known:
        return "How long this one was trained is not recorded."
    return (
        "This one began with the rows and layers of {start} and {new_rows:,} new rows, and took "
        "{steps:,} steps of {workers} × {tokens:,} tokens (a third of the teacher's counted), "
        "seed {seed}.".format(**known)
    )


def _length(checkpoint: Path, positions: int) -> int:
    """The checkpoint's limit: Sentence Transformers 6 keeps it with the tokenizer."""
    limit = _read(checkpoint / LENGTH).get("max_seq_length")
    if limit is None:
        limit = _read(checkpoint / "tokenizer_config.json")["model_max_length"]
    return int(min(limit, positions))


def _clear(out: Path) -> None:
    """Remove what an earlier export wrote, and nothing else."""
    if not out.exists():
        return
    if not (out / DIGESTS).exists() and any(out.iterdir()):
        raise NotesError(
            f"{out} holds something else than an exported model", "Name a new folder, or empty it."
        )
    shutil.rmtree(out)


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="Sentence Transformers folder")
    parser.add_argument("out", type=Path, help="folder to make anew")
    parser.add_argument("--sources", type=Path, help="SOURCES.md of the training text")
    parser.add_argument("--results", type=Path, help="Markdown with the card's figures")
    given = parser.parse_args()
    return run(lambda: export(given.checkpoint, given.out, given.sources, given.results))


if __name__ == "__main__":
    raise SystemExit(main())
