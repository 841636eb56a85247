"""A conversation as Markdown."""

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from assistant.answering.answer import Written
from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from assistant.answering.quoting import refuse
from assistant.app.export import conversation_markdown
from assistant.app.problem import Problem
from assistant.app.turn import Turn
from corpus.note import Span
from tests.assistant.found_notes import answer_of, hit_of, notes_of

COMMAND, OTHER, SECTION = notes_of()[:3]


def test_questions_quotes_and_sources_are_kept() -> None:
    told = replace(answer_of("哪个命令", COMMAND, SECTION), searched="端口 命令")
    assert conversation_markdown([Turn(1, "哪个命令", told)], "en") == (
        "# Conversation with my notes\n\n"
        "## 哪个命令\n\n"
        "*实际搜索：“端口 命令”*\n\n"
        "> `ss -tlnp \\| grep :8080`\n>\n> [1] `net/memo.md:5`\n\n"
        "> 先放掉 guard，再 await。\n>\n> ```rust\n> handle(next).await;\n> ```\n>\n> [2] `net/memo.md:8-14`\n\n"
        "**出处**\n\n"
        f"- [1] `net/memo.md:5` {_shown(COMMAND.title)}\n"
        "- [2] `net/memo.md:8-14` 不要抱着锁过 await\n"
    )


def _shown(title: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~!" else sign for sign in title)


def test_a_refusal_names_what_came_nearest() -> None:
    refused = refuse("How to fly?", [hit_of(SECTION)], 0.1)
    told = conversation_markdown([Turn(1, "How to fly?", refused)], "en")
    assert "I did not find an answer" in told
    assert "**Nearest notes**\n\n- [1] `net/memo.md:8-14`" in told


def test_doubts_and_the_model_are_told() -> None:
    text = "The moon is cheese."
    claim = Claim(Span(0, len(text)), text, (), (), True)
    written = Written("tiny_model", (claim,), Ending.COMPLETE)
    answer = replace(answer_of("Why?", SECTION), text=text, citations=(), written=written)
    told = conversation_markdown([Turn(1, "Why?", answer)], "en")
    assert "> The moon is cheese.\n\nWritten by tiny\\_model from the sources" in told
    assert "Marked: no source says this.\n\n- The moon is cheese." in told


def test_nothing_of_a_written_answer_is_fetched_by_an_editor() -> None:
    text = "![x](http://evil.example/leak) <img src=http://evil.example/y> `<b>`"
    answer = replace(
        answer_of("Why?", SECTION), text=text, written=Written("m", (), Ending.COMPLETE)
    )
    html = MarkdownIt("commonmark").render(conversation_markdown([Turn(1, "Why?", answer)], "en"))
    assert "<img" not in html
    assert "<code>&lt;b&gt;</code>" in html


def test_a_problem_and_an_open_question_are_kept() -> None:
    turns = [Turn(1, "One?", Problem("No *index*.")), Turn(2, "Two?")]
    told = conversation_markdown(turns, "en")
    assert "## One?\n\nNo \\*index\\*." in told
    assert told.endswith("## Two?\n\nSearching the notes…\n")


def test_no_question_or_quote_changes_the_documents_structure() -> None:
    hostile = notes_of("# <img src=x> [a](javascript:b)\n\n# x\n\n```\nopen fence")[0]
    turn = Turn(1, "# a\n<script>alert(1)</script> [x](javascript:y)", answer_of("q", hostile))
    html = MarkdownIt("commonmark").render(conversation_markdown([turn], "en"))
    outside = re.sub("<blockquote>.*?</blockquote>", "", html, flags=re.S)
    assert (outside.count("<h1>"), outside.count("<h2>")) == (1, 1)
    assert "<script" not in html
    assert "href" not in html
    assert html.rstrip().endswith("</ul>")
