"""Cross-encoders of sentence-transformers as rerankers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from corpus.errors import NotesError
from index.embedding.hub import load_model
from index.embedding.models import full_name
from index.finding.reranker import SECONDS, Reranker

_MEND = "Name a cross-encoder (hub name or folder) with --reranker, or leave it out."
_HEAD = "ForSequenceClassification"


def load_reranker(name: str, seconds: float = SECONDS) -> Reranker:
    """Load a cross-encoder by its hub name or folder; code that it brings along is not run.

    Raises NotesError if it cannot be loaded, or gives a pair of texts anything but one number.
    """
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    name = full_name(name)
    model = load_model(CrossEncoder, name, _MEND)
    _check(name, model)
    own_scale = Identity()  # some models end in a sigmoid, some do not: all do here, in Reranker

    def predict(pairs: Sequence[tuple[str, str]]) -> list[float]:
        scores = model.predict(
            list(pairs), batch_size=len(pairs), activation_fn=own_scale, show_progress_bar=False
        )
        return [float(score) for score in scores]

    _probe(name, predict)
    return Reranker(name, predict, seconds)


def _check(name: str, model: Any) -> None:
    """Refuse what loads, but has not learnt to score pairs: its last layer would be made up."""
    if model.num_labels != 1:
        raise NotesError(
            f"The model {name!r} sorts pairs into {model.num_labels} classes; "
            "a reranker gives one score",
            _MEND,
        )
    made, config = type(model.transformers_model).__name__, model.config
    saved = getattr(config, "architectures", None) or [made]
    if made.endswith(_HEAD) and made not in saved:
        raise NotesError(f"The model {name!r} is no cross-encoder: it is a {saved[0]}", _MEND)


def _probe(name: str, predict: Any) -> None:
    """Score one pair: what the first search would meet is met here, and the libraries are warm."""
    try:
        (score,) = predict([("a", "a")])
    except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as error:
        raise NotesError(f"The model {name!r} gives no scores: {error}", _MEND) from error
    if not np.isfinite(score):
        raise NotesError(f"The model {name!r} gives no scores, but {score}", _MEND)
