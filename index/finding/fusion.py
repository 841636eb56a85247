"""One ranking out of two: how near in meaning, and how much of the question's words."""

from collections.abc import Container, Mapping

from index.finding.hit import ListTrace

DENSE, TERMS = "dense", "terms"

DENSE_WEIGHT = 0.35
ACROSS_WEIGHT = 0.4
"""Of nearness, for notes in the question's language and for notes in another one; the terms weigh
1 - DENSE_WEIGHT. Chosen on the public test sets; the figures are in tests/bench/LOG.md."""

TELLING = 10
"""So many notes at most can have words that tell for them: what the next one holds, too, does not."""

Scores = Mapping[int, float]
"""Note id → score, higher is better."""


def fuse(
    dense: Scores,
    terms: Scores,
    weight: float,
    cosines: Scores,
    across: Container[int] = (),
    common: float = 0.0,
) -> dict[int, dict[str, ListTrace]]:
    """Combine nearness and term scores; return each note's trace.

    `weight` is that of nearness, the rest is that of the terms. Both scores have a fixed scale (1 =
    the same meaning, all of the question's words), so neither is stretched. Notes in another
    language than the question cannot hold its words, so that any note with a common word would
    stand before them: therefore `common`, the share that many notes hold, is taken off the terms,
    and the nearness of the notes in `across` weighs ACROSS_WEIGHT. `cosines` are those of notes
    that only the terms list found. On linear combination: Bruch et al. 2023, arXiv:2210.11934.
    """
    near = {**cosines, **dense}
    ranks = _ranks(dense), _ranks(terms)
    traces = {}
    for note in {**dense, **terms}:
        closeness, share = near.get(note, 0.0), terms.get(note, 0.0)
        by_meaning = (ACROSS_WEIGHT if note in across else weight) * closeness
        by_words = (1 - weight) * max(share - common, 0.0)
        traces[note] = {
            DENSE: ListTrace(ranks[0].get(note), closeness, by_meaning),
            TERMS: ListTrace(ranks[1].get(note), share, by_words),
        }
    return traces


def common_share(terms: Scores) -> float:
    """Return the score of the first note after the TELLING best, 0 if there is none."""
    best = sorted(terms.values(), reverse=True)[: TELLING + 1]
    return best[TELLING] if len(best) > TELLING else 0.0


def _ranks(scores: Scores) -> dict[int, int]:
    order = sorted(scores, key=lambda note: (-scores[note], note))
    return {note: rank for rank, note in enumerate(order, start=1)}
