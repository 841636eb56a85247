"""What a language model gets is short enough for it, and says where it was cut."""

from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.for_models import (
    MOST_HITS,
    READ,
    answer_for_models,
    facets_for_models,
    note_for_models,
    search_for_models,
)
from assistant.tools import ask_notes, list_facets, open_note, search_notes
from corpus.lines import LineIndex
from tests.assistant.small_vault import assistant_over

FILLING = "Nothing of note happens in this sentence, which is only here to fill the page.\n"
LONG = f"# Pelicans\n\n{FILLING * 60}The pelican eats at noon.\n{FILLING * 60}"


def one_line(words: int) -> str:
    return f"# Line\n\n{'word ' * words}pelican {'word ' * words}\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    small = {f"n{n:02}.md": f"# Note {n}\n\n{FILLING * 30}" for n in range(60)}
    tagged = {"tags.md": "".join(f"# T{n}\n\nSo #t{n}.\n\n" for n in range(70))}
    return assistant_over(
        tmp_path_factory.mktemp("notes"),
        {"long.md": LONG, "line.md": one_line(2000), **small, **tagged},
    )


def search(own: Assistant, query: str, k: int, **filters: Any) -> dict[str, Any]:
    return search_for_models(search_notes(own, query, k, "hybrid", filters, lit=False))


def test_of_a_long_note_the_part_that_fits_is_given(own: Assistant) -> None:
    (hit,) = search(own, "when does the pelican eat", 1, path="long.md")["hits"]
    assert "The pelican eats at noon." in hit["text"]
    assert (len(hit["text"]) <= 2000, hit["is_cut"], hit["lines"]) == (True, True, [1, 123])
    first, last = hit["text_lines"]
    assert "\n".join(LONG.split("\n")[first - 1 : last]) == hit["text"]
    assert first > 40


def test_of_an_endless_line_a_part_is_given(own: Assistant) -> None:
    (hit,) = search(own, "pelican", 1, path="line.md")["hits"]
    assert "pelican" in hit["text"]
    assert (len(hit["text"]), hit["is_cut"], hit["text_lines"]) == (2000, True, [3, 3])


def test_a_short_note_is_given_whole(own: Assistant) -> None:
    (hit,) = search(own, "", 1, path="tags.md", tag="t7")["hits"]
    assert (hit["text"], hit["is_cut"]) == ("# T7\n\nSo #t7.", False)
    assert hit["text_lines"] == hit["lines"]
    assert "highlights" not in hit


@pytest.mark.parametrize("k", [1, 5, 8, 20, MOST_HITS])
def test_many_hits_together_are_bounded(own: Assistant, k: int) -> None:
    hits = search(own, "", k, path="n*.md")["hits"]
    assert len(hits) == k
    assert sum(len(hit["text"]) for hit in hits) <= 16_000
    assert min(len(hit["text"]) for hit in hits) >= 240


def test_names_and_metadata_are_short() -> None:
    long = {"title": "t" * 999, "headings": ["h" * 999], "meta": {"remark": "m" * 999, "tags": []}}
    rest = {"rank": 1, "score": 1.0, "note": "k", "file": "a.md", "lines": [3, 4], "kind": "row"}
    said = {"text": "so\nso", "passage": "so", "vault": "v", "freshness": "current"}
    (hit,) = search_for_models({"hits": [{**long, **rest, **said}]})["hits"]
    assert (len(hit["title"]), len(hit["headings"][0]), len(hit["meta"]["remark"])) == (200,) * 3
    assert (hit["meta"]["tags"], hit["text_lines"]) == ([], [3, 4])


def test_an_answer_keeps_its_quotes_and_sources(own: Assistant) -> None:
    answer = answer_for_models(ask_notes(own, "When does the pelican eat?"))
    assert answer["answered"]
    assert (answer["citations"][0]["file"], answer["citations"][0]["lines"]) == (
        "long.md",
        [63, 63],
    )
    assert answer["citations"][0]["quote"] == "The pelican eats at noon."
    assert all(len(source["text"]) <= 2000 for source in answer["sources"])
    assert (answer["written_by"], answer["unsupported"]) == (None, [])


def test_of_a_written_answer_what_no_note_holds_is_named(own: Assistant) -> None:
    claims = [{"text": "True.", "supported": True}, {"text": "False.", "supported": False}]
    written = {**ask_notes(own, "x"), "written": {"model": "some", "claims": claims}}
    answer = answer_for_models(written)
    assert (answer["written_by"], answer["unsupported"]) == ("some", ["False."])


def test_of_many_values_the_most_frequent_are_listed(own: Assistant) -> None:
    facets = facets_for_models(list_facets(own, "", {}))
    assert (len(facets["values"]["tag"]), facets["not_listed"]) == (50, {"tag": 20})
    assert facets["values"]["kind"] == {"section": 132}


def test_a_note_is_read_up_to_its_bound_and_on(own: Assistant) -> None:
    note = note_for_models(open_note(own, "", "long.md", None, "", 5000))
    assert (note["is_cut"], note["more"][1]) == (True, 123)
    assert len(note["text"]) <= 5000 < READ
    first, last = note["lines"]
    assert len(LineIndex(note["text"])) == last - first + 1
