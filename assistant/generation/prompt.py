"""What a model is asked: the notes as data, then the question."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.generation.harmless import cut, harmless, harmless_line
from assistant.generation.instructions import asked_text, system_text
from assistant.generation.material import Material, material_of
from assistant.generation.shares import count_served, fair_shares
from index.finding.hit import Hit

MOST_CHARS = 12_000

_LEAST = 400
"""Characters without which a note is not worth giving."""

_TAGS = 110
"""Characters of a note's or turn's tags."""

_QUESTION_PART, _EARLIER_PART = 4, 8
_ASKED_BEFORE, _ANSWERED_BEFORE = 200, 600
_CITATION = re.compile(r"\s?\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`messages` for a chat endpoint; `numbers` says which hits went in, 1-based, in their order.

    An answer cites a hit by that number.
    """

    messages: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]


def write_prompt(
    question: str,
    hits: Sequence[Hit],
    earlier: Sequence[tuple[str, str]] = (),
    most_chars: int = MOST_CHARS,
    draw_nonce: Callable[[], str] = lambda: secrets.token_hex(16),
) -> Prompt:
    """Ask `question` about `hits`; `earlier` are questions with their answers, the oldest first.

    The user's message has at most `most_chars` and some hundred characters more. All that comes
    from notes, earlier answers included, stands between tags that carry a number drawn for this
    prompt, which occurs nowhere within.
    """
    question = cut(harmless(question[:most_chars]).strip(), most_chars // _QUESTION_PART)
    turns = _turns(earlier, most_chars // _EARLIER_PART)
    room = most_chars - len(question) - sum(len(turn) + _TAGS for turn in turns)
    notes = _notes(hits, room)
    texts = (question, *turns, *(text for _, text in notes))
    nonce = _fresh(draw_nonce, texts)
    data = [f"<earlier-{nonce}>\n{turn}\n</earlier-{nonce}>" for turn in turns]
    data += [f'<note-{nonce} n="{n}">\n{text}\n</note-{nonce}>' for n, text in notes]
    system = {"role": "system", "content": system_text(question, nonce)}
    user = {"role": "user", "content": "\n\n".join((*data, asked_text(question)))}
    return Prompt((system, user), tuple(n for n, _ in notes))


def _fresh(draw_nonce: Callable[[], str], texts: Sequence[str]) -> str:
    """Draw a nonce that occurs in none of `texts`."""
    nonce = draw_nonce()
    while any(nonce.lower() in text.lower() for text in texts):
        nonce = draw_nonce()
    return nonce


def _notes(hits: Sequence[Hit], room: int) -> list[tuple[int, str]]:
    """The first hits that fit into `room`, numbered, each within its fair share."""
    most = max(room // _LEAST, 1)
    materials = [material_of(n, hit, max(room, _LEAST)) for n, hit in enumerate(hits[:most], 1)]
    wanted = [_wanted(material, room) for material in materials]
    served = count_served(wanted, room, _LEAST)
    shares = fair_shares(wanted[:served], room)
    return [
        (material.number, material.within(max(share, _LEAST) - _TAGS))
        for material, share in zip(materials, shares, strict=False)
    ]


def _wanted(material: Material, room: int) -> int:
    return _TAGS + (max(room, _LEAST) if material.length is None else material.length)


def _turns(earlier: Sequence[tuple[str, str]], room: int) -> list[str]:
    """The last turns that fit into `room`, the oldest first."""
    return list(reversed(list(_latest(earlier, room))))


def _latest(earlier: Sequence[tuple[str, str]], room: int) -> Iterator[str]:
    for question, answer in reversed(earlier):
        said = _CITATION.sub("", answer)  # its numbers are those of other notes
        turn = (
            f"question: {harmless_line(question, _ASKED_BEFORE)}\n"
            f"answer: {harmless_line(said, _ANSWERED_BEFORE)}"
        )
        room -= len(turn) + _TAGS
        if room < 0:
            return
        yield turn
