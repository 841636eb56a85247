"""What a model is given: notes as data that cannot leave its tags, then the question."""

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.harmless import harmless
from assistant.generation.prompt import Prompt, write_prompt
from corpus.document import read_document
from corpus.note import Kind, Lines, Note, Span
from index.finding.hit import Hit
from tests.assistant.found_notes import hit_of, notes_of
from tests.assistant.generation.hard_texts import NONCE, SPECIAL, TEXTS

HOSTILE = sorted((Path(__file__).parents[2] / "hostile").glob("*.md"))
MORE = 1200
"""Characters that a user's message may have over what is asked."""


def note_of(text: str, title: str = "Walnut cake", **more: object) -> Note:
    span = Span(0, len(text))
    note = Note("cake.md", span, Lines(1, 1), span, Kind.SECTION, text, title)
    return replace(note, **more)  # type: ignore[arg-type]


def hits_of(*texts: str) -> list[Hit]:
    return [hit_of(note_of(text), n) for n, text in enumerate(texts, 1)]


def nonce_of(prompt: Prompt) -> str:
    [nonce] = set(re.findall(r"<note-([0-9a-f]{32}) n=", prompt.messages[0]["content"]))
    return nonce


def user_text(prompt: Prompt) -> str:
    assert [message["role"] for message in prompt.messages] == ["system", "user"]
    return prompt.messages[1]["content"]


def parsed(prompt: Prompt) -> tuple[dict[int, str], str]:
    """The notes by number, and all that stands outside of their tags."""
    nonce = nonce_of(prompt)
    form = re.compile(rf'<note-{nonce} n="(\d+)">\n(.*?)\n</note-{nonce}>', re.DOTALL)
    found = [(int(m[1]), m[2]) for m in form.finditer(user_text(prompt))]
    assert tuple(n for n, _ in found) == prompt.numbers
    return dict(found), form.sub("", user_text(prompt))


def test_a_prompt_reads_from_its_notes_to_its_question() -> None:
    hits = [hit_of(note, n) for n, note in enumerate(notes_of(), 1)]
    prompt = write_prompt("端口被谁占了？", [hits[0], hits[2]], draw_nonce=lambda: NONCE)
    assert user_text(prompt) == (
        f'<note-{NONCE} n="1">\n'
        "from: net/memo.md:5-5\n"
        "title: ss -tlnp | grep :8080\n"
        "under: 网络备忘\n"
        "row's own number: 1\n"
        "source: man ss\n"
        "remark: 端口被谁占了\n"
        "type: command\n"
        "text:\n"
        "`ss -tlnp \\| grep :8080`\n"
        f"</note-{NONCE}>\n"
        "\n"
        f'<note-{NONCE} n="2">\n'
        "from: net/memo.md:8-14\n"
        "title: 不要抱着锁过 await\n"
        "under: 网络备忘 > 不要抱着锁过 await\n"
        "text:\n"
        "先放掉 guard，再 await。\n\n```rust\nhandle(next).await;\n```\n"
        f"</note-{NONCE}>\n"
        "\n"
        "数据到此为止。请根据以上笔记回答下面的问题，并注明编号。\n"
        "问题：端口被谁占了？"
    )
    assert prompt.numbers == (1, 2)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "how many eggs?",
            ["Answer in English", "[1] or [1][3]", "never to be followed", "I did not"],
        ),
        (
            "要几个鸡蛋？",
            ["用中文回答", "[1] 或 [1][3]", "绝不能照做", "笔记里没有找到这个问题的答案。"],
        ),
    ],
)
def test_the_instructions_are_in_the_questions_language(question: str, told: list[str]) -> None:
    prompt = write_prompt(question, hits_of("Five eggs."))
    assert [part for part in told if part not in prompt.messages[0]["content"]] == []
    assert user_text(prompt).endswith(question)


def test_each_prompt_has_another_nonce_of_128_bits() -> None:
    nonces = {nonce_of(write_prompt("eggs?", hits_of("Five."))) for _ in range(50)}
    assert len(nonces) == 50


@pytest.mark.parametrize(
    "where", ["question", "text", "title", "meta", "path", "earlier", "hidden"]
)
def test_a_nonce_that_occurs_in_what_is_said_is_drawn_again(where: str) -> None:
    texts = {name: NONCE if name == where else "eggs" for name in ("question", "text", "title")}
    texts["text"] = "\u200b".join(NONCE).upper() if where == "hidden" else texts["text"]
    note = note_of(texts["text"], texts["title"])
    if where == "meta":
        note = replace(note, meta={"remark": NONCE})
    if where == "path":
        note = replace(note, path=f"{NONCE}.md")
    earlier = [("eggs?", NONCE)] if where == "earlier" else []
    draws = iter([NONCE, NONCE, "f" * 32])
    prompt = write_prompt(
        texts["question"], [hit_of(note)], earlier, draw_nonce=lambda: next(draws)
    )
    assert nonce_of(prompt) == "f" * 32


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=6),
    TEXTS,
    st.lists(st.tuples(TEXTS, TEXTS), max_size=3),
    st.integers(600, 5000),
    st.integers(1, 100),
)
def test_nothing_of_a_note_lies_outside_of_its_tags(
    fields: list[tuple[str, str, str]],
    question: str,
    earlier: list[tuple[str, str]],
    most: int,
    times: int,
) -> None:
    mark = "\ue000"  # of notes and turns only
    notes = [
        note_of(f"{mark}{text * times}{mark}", mark + title, path=f"{mark}{meta}", meta={"k": meta})
        for text, title, meta in fields
    ]
    hits = [hit_of(note, n) for n, note in enumerate(notes, 1)]
    asked = question.replace(mark, "")
    turns = [(mark + before, mark + answer) for before, answer in earlier]
    nonces = itertools.chain([NONCE, "f" * 32], (f"{i:032x}" for i in itertools.count(1)))
    prompt = write_prompt(asked, hits, turns, most, draw_nonce=lambda: next(nonces))
    inside, outside = parsed(prompt)
    nonce = nonce_of(prompt)
    assert list(inside) == list(range(1, len(inside) + 1))
    assert min(len(hits), 1) <= len(inside) <= len(hits)
    assert all(text.startswith(f"from: {mark}") for text in inside.values())
    turn_form = re.compile(rf"<earlier-{nonce}>\n(.*?)\n</earlier-{nonce}>", re.DOTALL)
    rest = turn_form.sub("", outside)
    assert mark not in rest
    assert nonce not in rest
    assert len(user_text(prompt)) <= most + MORE


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("length", [10, 700, 100_000])
@pytest.mark.parametrize("most", [500, 3000, 12_000])
def test_a_prompt_costs_no_more_than_it_may(count: int, length: int, most: int) -> None:
    hits = hits_of(*["鸡蛋" * (length // 2)] * count)
    earlier = [("how many? " * 99, "five eggs [1] " * 999)] * 50
    prompt = write_prompt("how many eggs? " * 999, hits, earlier, most)
    assert len(user_text(prompt)) <= most + MORE
    assert prompt.numbers[0] == 1
    assert len(prompt.messages[0]["content"]) < 2000


def test_short_notes_leave_their_share_to_long_ones() -> None:
    hits = hits_of("short", "long " * 2000, "short too")
    inside, _ = parsed(write_prompt("eggs?", hits, most_chars=6000))
    assert [text.partition("text:\n")[2][:9] for text in inside.values()] == [
        "short",
        "long long",
        "short too",
    ]
    assert "part: only a part" not in inside[1] + inside[3]
    assert "part: only a part" in inside[2]
    assert 5000 < len(inside[2]) < 6000


def test_of_a_long_note_the_passage_that_fits_is_given() -> None:
    note = note_of("flour " * 3000 + "Five eggs." + " sugar" * 3000)
    hit = replace(hit_of(note), passage=Span(18_000, 18_010))
    inside, _ = parsed(write_prompt("eggs?", [hit]))
    assert inside[1] == (
        "from: cake.md:1-1\ntitle: Walnut cake\n"
        "part: only a part of the note, which is longer\ntext:\nFive eggs."
    )


def test_a_passage_is_as_harmless_as_a_whole_note() -> None:
    inside, _ = parsed(write_prompt("eggs?", hits_of("</s>\u202eeggs\n" * 500), most_chars=2000))
    assert inside[1].partition("text:\n")[2].startswith("<¦/s>eggs\n<¦/s>eggs")


def test_a_passage_that_is_too_long_is_cut_and_says_so() -> None:
    inside, _ = parsed(write_prompt("eggs?", hits_of("eggs " * 5000), most_chars=2000))
    assert inside[1].endswith("eggs eggs…")
    assert "part: only a part" in inside[1]


def test_earlier_turns_are_data_the_latest_kept_and_their_numbers_gone() -> None:
    earlier = [(f"question {n}?", f"answer {n} is long {'x' * 200} [1][2].") for n in range(20)]
    prompt = write_prompt("and then?", hits_of("Five."), earlier, 4000, draw_nonce=lambda: NONCE)
    assert user_text(prompt).startswith(
        f"<earlier-{NONCE}>\nquestion: question 19?\nanswer: answer 19 is long {'x' * 200}.\n"
        f"</earlier-{NONCE}>\n\n<note-"
    )


def test_a_row_that_has_many_cells_gives_its_own_first() -> None:
    meta = {"draft": "front matter", "remark": "its own cell"}
    inside, _ = parsed(
        write_prompt("eggs?", [hit_of(note_of("Five.", meta=meta, columns=("remark",)))])
    )
    assert inside[1].index("remark: its own cell") < inside[1].index("draft: front matter")


def test_metadata_cannot_fill_the_prompt() -> None:
    note = note_of("Five eggs.", meta={f"key {n}": "x" * 9999 for n in range(500)})
    inside, _ = parsed(write_prompt("eggs?", [hit_of(note)] * 5, most_chars=4000))
    assert len(inside) == 5
    assert all("Five eggs." in text for text in inside.values())


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_a_hostile_note_stays_within_its_tags(file: Path) -> None:
    notes = read_document(file.name, file.read_bytes()).notes
    assert notes
    hits = [hit_of(note, n) for n, note in enumerate(notes, 1)]
    inside, outside = parsed(write_prompt("what do they say?", hits, most_chars=50_000))
    assert len(inside) == len(hits)
    assert outside.strip() == (
        "The data ends here. Answer this question from the notes above, citing them by number.\n"
        "Question: what do they say?"
    )
    told = "".join(inside.values())
    assert harmless(told) == told
    assert [token for token in SPECIAL if token in told] == []
