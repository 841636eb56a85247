"""Do the notes hold an answer? What a search saw of it, as a calibrated probability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from corpus.language import language_of
from index.finding.fusion import DENSE
from index.finding.hit import Hit
from index.finding.lexical import TermWeights
from index.keeping.cosine_scale import BUNDLED, CosineScale
from index.terms import analyze

THRESHOLD = 0.5
"""Below this the assistant says that the answer is not in the notes: an even chance, where three of
four questions are ones that the notes answer (the mix that the coefficients are fitted on)."""

LOOKED_AT = 10
_COVERING = 3
_STRANGE = 0.1
"""The cosine of a strange note, where there is no other."""

_FEW = 20
"""Notes below which their number says nothing of how rare a word is."""

# A logistic regression over the features of `Evidence.features`, in their order, fitted by
# `python -m tests.bench.fit_evidence ../shared/bench KEPT`; the figures are in tests/bench/LOG.md.
_BIAS = -5.389
_WEIGHTS = (9.714, 9.996, 8.367, 3.956, -2.876)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the first hits of a search say of an answer among them.

    `cosine` is the highest, on the bundled model's scale (`index.keeping.cosine_scale`), `lead` how far it
    stands above the mean of the others, `coverage` the largest share of the question's idf that one
    of the first three notes holds (a little below 1 where it holds all), `same_language` whether
    the nearest note is in the question's language.
    """

    cosine: float = 0.0
    lead: float = 0.0
    coverage: float = 0.0
    same_language: bool = False
    is_empty: bool = True

    @property
    def features(self) -> tuple[float, ...]:
        """Cosine, lead, and coverage within a language and across languages."""
        within, across = (self.coverage, 0.0) if self.same_language else (0.0, self.coverage)
        return (self.cosine, self.lead, within, across, float(self.same_language))

    @property
    def probability(self) -> float:
        """Return the probability that the notes hold an answer."""
        if self.is_empty:
            return 0.0
        logit = _BIAS + sum(w * x for w, x in zip(_WEIGHTS, self.features, strict=True))
        return 1.0 / (1.0 + math.exp(-logit))


def weigh_evidence(
    question: str, hits: Sequence[Hit], weights: TermWeights, scale: CosineScale = BUNDLED
) -> Evidence:
    """Judge the first hits of a search; `scale` is that of the model which found them."""
    if not hits:
        return Evidence()
    asked_in = language_of(question)
    said_in = [language_of(hit.passage_text) for hit in hits[:LOOKED_AT]]
    cosines = [
        (scale.even(hit.trace[DENSE].score, (asked_in, language)), language == asked_in)
        for hit, language in zip(hits, said_in, strict=False)
    ]
    (nearest, is_same), *others = sorted(cosines, reverse=True)
    return Evidence(
        cosine=nearest,
        lead=nearest - (fmean(cosine for cosine, _ in others) if others else _STRANGE),
        coverage=max(_coverage(hit, weights) for hit in hits[:_COVERING]),
        same_language=is_same,
        is_empty=False,
    )


def _coverage(hit: Hit, weights: TermWeights) -> float:
    """Count one term more than the question has, so that a single common word proves little."""
    note = hit.note
    said = "\n".join((hit.passage_text, *note.headings, *note.meta.values()))
    held = weights.coverage(analyze(said))
    if weights.notes < _FEW:
        return held * len(weights.idf) / (len(weights.idf) + 1)
    return held * weights.total / (weights.total + weights.rarest)
