from rich.text import Text

from assistant.visible import as_markup, visible


def test_control_characters_are_shown_and_do_not_reach_the_terminal() -> None:
    text = "red\x1b[31m bell\x07 nul\x00 csi\x9b2J del\x7f one\r\n\ttwo 锁"
    assert visible(text) == "red␛[31m bell␇ nul␀ csi�2J del␡ one\n\ttwo 锁"


def test_square_brackets_of_a_note_are_no_markup() -> None:
    assert Text.from_markup(as_markup("[bold]x[/bold] \x1b]0;title\x07")).plain == (
        "[bold]x[/bold] ␛]0;title␇"
    )
