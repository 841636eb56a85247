"""Hostile notes, without a browser: what they are shown as can do nothing, and nothing of it is lost."""

import re
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote as url_quote

import pytest

from assistant.answering.answer import Answer
from assistant.app.cards import Look, card_html
from assistant.app.marks import mark_text
from assistant.app.note_html import line_html, note_html
from assistant.app.opened import Opened, open_note
from assistant.app.opened_html import opened_html
from assistant.app.transcript import sources_html, transcript_html
from assistant.app.turn import Turn
from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.terminal import show_answers, show_hits
from corpus.document import read_document
from corpus.note import Lines, Note
from index.finding.file_now import Place
from index.finding.near_words import telling_terms
from tests.assistant.found_notes import hit_of
from tests.assistant.shown_html import shown, shown_note, spelt, words
from tests.hostile_notes import Attack, attacks, hostile_notes, write_vault

ATTACKS = attacks()
SECONDS = 4.0
"""Of the processor, for the HTML of one note; the worst takes 1."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HIDES = re.compile(r"\]\(|\]:|\]\[|<\w+:|&#?\w+;?|__|\\")
"""Markdown that does not show all that it says: links, definitions, entities."""


@pytest.fixture(scope="module")
def notes() -> dict[str, tuple[Note, ...]]:
    return {path: read_document(path, data).notes for path, data in hostile_notes()}


def opened_by(path: str, lines: Lines) -> tuple[str, ...]:
    """What a button says that opens these lines."""
    return "vault", path, str(lines.first), str(lines.last)


def each() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", ATTACKS, ids=[ascii(a.path) for a in ATTACKS])


def test_every_note_has_a_question_about_a_fact_of_its_own() -> None:
    said = {path: data.decode() for path, data in hostile_notes()}
    assert sorted(attack.path for attack in ATTACKS) == sorted(said)
    for attack in ATTACKS:
        assert [path for path, text in said.items() if attack.fact in text] == [attack.path]


@each()
def test_its_html_is_harmless_and_made_in_bounded_time(
    attack: Attack, notes: dict[str, tuple[Note, ...]]
) -> None:
    terms = telling_terms(attack.question)
    for note in notes[attack.path]:
        since = time.process_time()
        made = [note_html(note.text, terms)]
        assert time.process_time() - since < SECONDS
        made += [line_html(text, terms) for text in (note.title, *note.meta.values(), *note.tags)]
        since = time.process_time()
        made.append(line_html(note.text.replace("\n", " "), terms))
        assert time.process_time() - since < SECONDS
        for html in made:
            assert shown_note(html).complaints == []
        card = card_html(hit_of(note), 1, "hit-1", Look(terms, "en", has_trace=True))
        assert shown(card).complaints == []
        assert set(shown(card).opens) == {opened_by(note.path, note.lines)}
        assert card.count(f'data-path="{escape(note.path)}"') == card.count("data-path=") == 2


@each()
def test_nothing_of_its_plain_text_is_lost(
    attack: Attack, notes: dict[str, tuple[Note, ...]]
) -> None:
    terms = telling_terms(attack.question)
    all_shown = [shown_note(note_html(note.text, terms)).text for note in notes[attack.path]]
    assert spelt(attack.fact) in spelt("".join(all_shown))
    for note, text in zip(notes[attack.path], all_shown, strict=True):
        for line in note.text.splitlines():
            if not _HIDES.search(line) and not line.startswith("```"):
                assert {word for word in words(line) if word not in spelt(text)} == set()


def test_answers_quote_the_facts_and_are_harmless_on_a_page_and_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One test for all, since the index takes long."""
    write_vault(tmp_path / "vault")
    update_index(tmp_path / "index", [tmp_path / "vault"])
    assistant = Assistant(tmp_path / "index")
    wrong: dict[str, list[str]] = {}
    for attack in ATTACKS:
        answer = assistant.ask(attack.question)
        show_answers([answer])
        printed = capsys.readouterr().out
        show_hits(assistant.search(attack.question, k=3))
        listed = capsys.readouterr().out
        told = _on_page(attack, answer) + _on_terminal(attack, printed, listed)
        told += _in_its_file(attack, answer, assistant)
        wrong |= {attack.path: told} if told else {}
    assert wrong == {}


def _on_page(attack: Attack, answer: Answer) -> list[str]:
    turns = (Turn(1, attack.question, answer),)
    transcript = shown(transcript_html(turns, "en"))
    sources = shown(sources_html(turns, "en"))
    told = transcript.complaints + sources.complaints
    if transcript.opens != [opened_by(quote.path, quote.lines) for quote in answer.citations]:
        told.append("a quote opens another note")
    if set(sources.opens) != {opened_by(hit.note.path, hit.note.lines) for hit in answer.sources}:
        told.append("a source opens another note")
    if spelt(attack.fact) not in spelt(transcript.text):
        told.append("the fact is not quoted")
    if attack.path not in {citation.path for citation in answer.citations}:
        told.append("the note is not cited")
    if not {citation.n for citation in answer.citations} <= set(range(1, len(answer.sources) + 1)):
        told.append("a citation has no source")
    return told


def _in_its_file(attack: Attack, answer: Answer, assistant: Assistant) -> list[str]:
    told, facts = [], ""
    for quote in answer.citations:
        since = time.process_time()
        opened = open_note(assistant, Place("vault", quote.path, quote.lines))
        assert isinstance(opened, Opened)
        html = opened_html(opened, "en", edits=True)
        if time.process_time() - since > SECONDS:
            told.append("its file takes too long to open")
        address = f"vscode://file{url_quote(str(opened.file.file))}:{quote.lines.first}"
        page = shown(html, frozenset({address}))
        around = [place for place in (opened.before, opened.after) if place]
        beside = [(quote.path, place.lines) for place in around]
        beside += [(hit.note.path, hit.note.lines) for hit in opened.alike]
        told += page.complaints
        if page.opens != [opened_by(*place) for place in beside]:
            told.append("its file opens another note")
        if 'class="cited"' not in html:
            told.append("the quote is not marked in its file")
        facts += page.text
    if spelt(attack.fact) not in spelt(facts):
        told.append("the fact is not in the file")
    return told


def _on_terminal(attack: Attack, printed: str, listed: str) -> list[str]:
    told = [f"prints {found!a}" for found in _CONTROL.findall(printed + listed)]
    if spelt(attack.fact) not in spelt(printed):
        told.append("the fact is not printed")
    if attack.attack == "terminal escape" and "escapes" in attack.path:
        markup = "[bold red]markup[/bold red] [link=http://evil.example]x[/link]"
        told += [] if markup in printed else ["markup is not shown as it is written"]
    return told


def test_what_is_written_blank_is_shown_as_it_is_written() -> None:
    assert note_html("[x]: http://a.org\n[y]: <b>") == (
        '<pre class="as-written">[x]: http://a.org\n[y]: &lt;b&gt;</pre>'
    )
    assert note_html("> " * 19 + "deep") == "<blockquote>\n" * 19 + "<p>deep</p>\n" + (
        "</blockquote>\n" * 19
    )
    assert note_html("> " * 20 + "deep") == f'<pre class="as-written">{"&gt; " * 20}deep</pre>'
    assert note_html("```rust fn <main>\nx\n```") == (
        "<p><code>rust fn &lt;main&gt;</code></p>\n<pre><code>x\n</code></pre>\n"
    )


def test_an_endless_word_may_be_broken() -> None:
    assert note_html("A" * 1001) == f"<p>{'A' * 500}<wbr>{'A' * 500}<wbr>A</p>\n"
    assert note_html("<" * 501) == f"<p>{'&lt;' * 500}<wbr>&lt;</p>\n"
    assert mark_text("ب" * 501, ()) == f"{'ب' * 500}<wbr>ب"
    url = f"https://a.org/{'b' * 600}"
    assert f'href="{url}"' in note_html(f'[x]({url} "{"t>" * 600}")')


def test_an_address_with_endless_brackets_takes_no_longer_than_another() -> None:
    since = time.process_time()
    assert note_html(f"http://a.org/{')' * 200_000}").startswith('<p><a href="http://a.org/" ')
    assert time.process_time() - since < SECONDS


def test_every_kind_of_attack_is_tried() -> None:
    kinds: Sequence[str] = sorted({attack.attack for attack in ATTACKS})
    assert len(ATTACKS) >= 70
    assert len(kinds) >= 30
    assert all(Path(attack.path).suffix == ".md" for attack in ATTACKS)
