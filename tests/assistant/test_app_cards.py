import re
from dataclasses import replace
from html import unescape

from assistant.app.cards import Look, card_html, place, place_of
from index.finding.fusion import DENSE
from index.finding.hit import ListTrace
from tests.assistant.found_notes import GLOSSARY, hit_of, notes_of
from tests.assistant.shown_html import shown

COMMAND, HOSTILE, SECTION = notes_of()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def card(note: object, question: str = "端口", language: str = "zh", **more: bool) -> str:
    return card_html(hit_of(note), 1, "hit-1", Look.for_question(question, language, **more))


def test_a_row_shows_its_cells_as_chips_and_opened_as_pairs() -> None:
    assert words(card(COMMAND)) == (
        "1 表格行 net/memo.md:5 得分 0.72 vault 网络备忘 ss -tlnp | grep :8080"
        " 来源 man ss 类型 command 备注 端口 被谁占了"
        " 在文件中阅读 全部字段 内容 ss -tlnp | grep :8080"
        " 序号 1 来源 man ss 备注 端口 被谁占了 类型 command"
    )
    assert "<mark>端口</mark>被谁占了" in card(COMMAND)


def test_the_labels_follow_the_language() -> None:
    told = words(card(COMMAND, language="en"))
    assert "Table row" in told
    assert "Source man ss" in told
    assert "Read in its file" in told
    assert "All its fields" in told


def test_a_row_without_a_content_column_shows_all_its_cells() -> None:
    (row,) = notes_of(GLOSSARY, "glossary.md")
    assert (
        '<dl class="pairs"><dt>术语</dt><dd>幂等</dd><dt>English</dt><dd>idempotent</dd></dl>'
        in (card(row, "什么"))
    )
    assert "<details" not in card(row)  # there is nothing more


def test_a_listed_note_has_no_score_where_nothing_was_asked() -> None:
    assert 'class="score"' in card(COMMAND)
    listed = replace(hit_of(COMMAND), score=0.0, trace={DENSE: ListTrace(1, 0.0, 0.0)})
    html = card_html(listed, 1, "hit-1", Look.for_question("", "zh"))
    assert ('class="score"' in html, "得分" in html) == (False, False)


def test_its_place_and_a_button_open_it_in_its_file() -> None:
    where = 'data-vault="vault" data-path="net/memo.md" data-first="8" data-last="14"'
    assert re.findall(r"<button [^>]*>[^<]*</button>", card(SECTION, "锁", "en")) == [
        f'<button type="button" class="place" title="Read in its file" {where}>'
        "net/memo.md:8-14</button>",
        f'<button type="button" class="read" {where}>Read in its file</button>',
    ]


def test_a_hostile_path_opens_that_very_file() -> None:
    path = "\" onclick='x' <b>&amp;\n.md"
    (note,) = notes_of("# A\n\nWords.\n", path)
    html = card(note)
    told = re.findall(r'data-path="([^"]*)" data-first="1" data-last="3">', html)
    assert [unescape(value) for value in told] == [path, path]
    assert shown(html).complaints == []
    assert set(shown(html).opens) == {("vault", path, "1", "3")}


def test_a_place_is_written_as_editors_take_it() -> None:
    assert [place_of("a.md", 3, 3), place_of("a.md", 3, 4), place(SECTION)] == [
        *("a.md:3", "a.md:3-4", "net/memo.md:8-14"),
    ]


def test_a_section_shows_its_heading_and_its_code_as_code() -> None:
    html = card(SECTION, "锁", "zh")
    assert "<h3>不要抱着<mark>锁</mark>过 await</h3>" in html
    assert html.count("<pre><code>handle(next).await;\n</code></pre>") == 1
    assert "<details" not in html  # it has no fields
    assert "net/memo.md:8-14" in html


def test_nothing_in_a_note_reaches_the_page_as_html() -> None:
    html = card(HOSTILE, "std trait")
    assert "<b>" not in html
    assert "href" not in html
    assert "Box&lt;dyn <mark>Trait</mark> + Sync&gt;" in html
    assert "&lt;b&gt;<mark>std</mark>&lt;/b&gt;" in html


def test_why_tells_where_the_score_comes_from() -> None:
    told = words(card(COMMAND, "x", "en", has_trace=True))
    assert told.endswith(
        " Why? Why this note is here List Rank Score Adds"
        " Meaning 2 0.510 0.500 Words – 0.000 0.220 Total 0.720"
    )
    assert "Why?" not in words(card(COMMAND, "x", "en"))


def test_pairs_of_a_question_particle_are_not_marked() -> None:
    assert Look.for_question("为什么要等", "zh").terms == {"要等"}
