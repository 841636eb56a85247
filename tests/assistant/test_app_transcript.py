import re

from assistant.answering.answer import Answer
from assistant.app.problem import Problem
from assistant.app.transcript import sources_html, transcript_html
from assistant.app.turn import Turn
from tests.assistant.found_notes import answer_of, hit_of, notes_of

COMMAND, HOSTILE, SECTION = notes_of()


def test_an_answer_is_its_quotes_each_with_a_link_to_its_source() -> None:
    turn = Turn(3, "哪个命令", answer_of("哪个命令", COMMAND, SECTION))
    html = transcript_html((turn,), "zh")
    assert re.findall(r'href="#([^"]*)"', html) == ["turn-3-source-1", "turn-3-source-2"]
    button = '<button type="button" class="place" title="在文件中阅读" data-vault="vault"'
    assert re.findall(r"<button [^>]*>[^<]*</button>", html) == [
        f'{button} data-path="net/memo.md" data-first="5" data-last="5">net/memo.md:5</button>',
        f'{button} data-path="net/memo.md" data-first="8" data-last="14">net/memo.md:8-14</button>',
    ]
    assert "<code>ss -tlnp | grep :8080</code>" in html
    assert "<pre><code>handle(next).await;\n</code></pre>" in html
    assert "把握 87%" in html
    sources = sources_html((turn,), "zh")
    assert re.findall(r'<article class="card" id="([^"]*)"', sources) == [
        "turn-3-source-1",
        "turn-3-source-2",
    ]


def test_what_is_not_in_the_notes_is_said_and_the_nearest_are_called_so() -> None:
    answer = Answer("Who?", False, 0.2, "…", (), (hit_of(COMMAND),))
    turns = (Turn(1, "Who?", answer),)
    assert '<div class="refusal"><strong>Not in the notes</strong>' in transcript_html(turns, "zh")
    assert "<h2>Nearest notes</h2>" in sources_html(turns, "zh")


def test_only_the_latest_sources_are_shown_and_the_older_are_kept() -> None:
    first, second = answer_of("a", COMMAND), answer_of("b", SECTION)
    html = sources_html((Turn(1, "a", first), Turn(2, "b", second)), "en")
    assert re.findall(r'<section class="sources"[^>]*>', html) == [
        '<section class="sources" data-turn="1" lang="en" hidden>',
        '<section class="sources" data-turn="2" lang="en">',
    ]


def test_each_turn_has_the_number_of_its_sources() -> None:
    turns = tuple(Turn(n, "a", answer_of("a", COMMAND)) for n in (1, 3))
    for html in (transcript_html(turns, "en"), sources_html(turns, "en")):
        assert re.findall(r'<section class="\w+" data-turn="(\d+)"', html) == ["1", "3"]


def test_a_question_is_shown_as_it_was_typed_while_it_is_answered() -> None:
    html = transcript_html((Turn(1, "<b>a</b>\nc"),), "en")
    assert "&lt;b&gt;a&lt;/b&gt;<br>c" in html
    assert "Searching the notes…" in html


def test_a_problem_is_told_with_what_helps() -> None:
    html = transcript_html((Turn(1, "q", Problem("No index <here>.", "notes index")),), "en")
    assert "<strong>No index &lt;here&gt;.</strong></p><p>notes index</p>" in html
    assert "in the window" in transcript_html((Turn(1, "q", Problem()),), "en")
