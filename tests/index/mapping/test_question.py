import numpy as np
import pytest

from index.mapping.layout import Layout
from index.mapping.map import Map
from index.mapping.question import place_question

PLACES = {"a": (0.5, 0.5), "b": (0.52, 0.5), "c": (0.5, 0.52), "z": (-0.9, -0.9)}
MAP = Map(
    generation=1,
    layout=Layout.PCA,
    notes=np.arange(4),
    keys=np.array([key.encode() for key in PLACES], "S16"),
    places=np.array(list(PLACES.values()), np.float32),
    clusters=np.zeros(4, np.int16),
    names=(("word",),),
)


def test_a_question_lies_among_its_hits() -> None:
    x, y = place_question(MAP, [("a", 0.9), ("b", 0.9), ("c", 0.9)]) or (0, 0)
    assert (x, y) == pytest.approx((0.5067, 0.5067), abs=0.002)


def test_a_hit_far_away_does_not_draw_it_into_the_middle_of_nowhere() -> None:
    x, y = place_question(MAP, [("z", 1.0), ("a", 0.9), ("b", 0.8), ("c", 0.8)]) or (0, 0)
    assert (x, y) == pytest.approx((0.5067, 0.5067), abs=0.005)


def test_one_hit_is_the_place() -> None:
    assert place_question(MAP, [("gone", 3.0), ("z", 0.1)]) == pytest.approx((-0.9, -0.9))


def test_scores_of_nothing_weigh_alike() -> None:
    assert place_question(MAP, [("z", 0.0), ("z", 0.0)]) == pytest.approx((-0.9, -0.9))


def test_without_hits_there_is_no_place() -> None:
    assert place_question(MAP, []) is None
    assert place_question(MAP, [("gone", 1.0)]) is None
