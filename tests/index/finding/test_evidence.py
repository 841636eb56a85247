"""How sure the assistant is that an answer is there."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.onnx_embedder import OnnxEmbedder
from index.finding.evidence import THRESHOLD, Evidence
from index.finding.search import Searcher
from index.keeping.cosine_scale import BUNDLED, CosineScale, keep_scale, kept_scale, measure_scale
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms

shares = st.floats(0, 1)
seen = st.builds(
    Evidence,
    cosine=st.floats(-1, 1),
    lead=shares,
    coverage=shares,
    same_language=st.booleans(),
    is_empty=st.just(False),
)
pairs = st.tuples(st.sampled_from(["zh", "en"]), st.sampled_from(["zh", "en"]))


@given(seen)
def test_a_probability_is_one(evidence: Evidence) -> None:
    assert 0.0 <= evidence.probability <= 1.0


@given(seen, st.sampled_from(["cosine", "lead", "coverage"]), st.floats(0.001, 1))
def test_more_evidence_never_makes_an_answer_less_likely(
    evidence: Evidence, feature: str, more: float
) -> None:
    stronger = replace(evidence, **{feature: getattr(evidence, feature) + more})
    assert stronger.probability >= evidence.probability


def test_nothing_found_is_no_evidence() -> None:
    assert Evidence().probability == 0.0


def test_a_note_that_says_what_is_asked_is_an_answer_and_another_is_none(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    searcher = Searcher(store, embedder)
    likely = searcher.search("citric acid kettle").evidence
    unlikely = searcher.search("citric beekeeping regulations").evidence
    assert unlikely.probability < THRESHOLD < likely.probability
    assert (likely.same_language, unlikely.same_language) == (True, True)


@given(st.floats(-1, 1), pairs)
def test_the_bundled_models_scale_is_the_measure(cosine: float, languages: tuple[str, str]) -> None:
    assert BUNDLED.even(cosine, languages) == pytest.approx(cosine)


def test_the_bundled_models_scale_is_as_it_is_measured() -> None:
    measured = measure_scale(OnnxEmbedder())
    for languages, levels in BUNDLED.levels.items():
        assert measured.levels[languages] == pytest.approx(levels, abs=0.001)


def test_another_models_levels_fall_on_the_bundled_models() -> None:
    other = CosineScale(dict.fromkeys(BUNDLED.levels, (0.6, 0.9)))
    for languages, (unanswered, answered) in BUNDLED.levels.items():
        assert other.even(0.6, languages) == pytest.approx(unanswered)
        assert other.even(0.9, languages) == pytest.approx(answered)
        assert other.even(0.75, languages) == pytest.approx((unanswered + answered) / 2)


def test_cosines_in_a_language_that_the_model_does_not_know_tell_nothing() -> None:
    scale = CosineScale({**BUNDLED.levels, ("zh", "zh"): (0.55, 0.55)})
    unanswered = BUNDLED.levels["zh", "zh"][0]
    assert [scale.even(cosine, ("zh", "zh")) for cosine in (0.1, 0.99)] == [unanswered, unanswered]
    assert scale.even(0.5, ("en", "en")) == pytest.approx(0.5)


def test_a_model_of_mere_words_does_not_know_what_answers_in_another_language() -> None:
    levels = measure_scale(BagOfTerms()).levels
    for languages in (("zh", "en"), ("en", "zh")):
        unanswered, answered = levels[languages]
        assert unanswered == answered


def test_a_scale_is_read_back_as_it_was_written() -> None:
    scale = CosineScale({("zh", "en"): (0.25, 0.5), ("en", "en"): (0.125, 0.75)})
    assert CosineScale.from_json(scale.to_json()) == scale
    assert json.loads(scale.to_json()) == {"zh-en": [0.25, 0.5], "en-en": [0.125, 0.75]}


def test_an_index_keeps_its_models_scale(store: Store, vault: Path, embedder: BagOfTerms) -> None:
    update(store, [vault], embedder, model="other")
    with store.reading() as db:
        assert kept_scale(db) == measure_scale(embedder) != BUNDLED


def test_a_scale_is_measured_once(store: Store, vault: Path, embedder: BagOfTerms) -> None:
    update(store, [vault], embedder, model="other")
    embedder.embedded = 0
    keep_scale(store, embedder)
    assert embedder.embedded == 0


def test_an_index_without_a_scale_has_the_bundled_models(updated: Update, store: Store) -> None:
    with store.reading() as db:
        assert kept_scale(db) == BUNDLED


def test_one_models_scale_is_not_taken_for_anothers(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    keep_scale(store, BagOfTerms(recipe="a rebuild that was killed"))
    with store.reading() as db:
        assert kept_scale(db) == BUNDLED
