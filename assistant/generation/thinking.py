"""What a reasoning model thinks aloud is no part of its answer."""

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkingFilter:
    """Leaves out `<think>…</think>` blocks from a text that comes in pieces.

    A block begins at the beginning of the text or of a line, where models begin to think; within a
    line, as in a quote, the tag is text. Blank space after a block goes too. A block that is never
    closed lasts to the end.
    """

    def __init__(self) -> None:
        self._held = ""
        self._is_at_line_start = True
        self._is_thinking = False
        self._is_after_block = False

    def feed(self, piece: str) -> str:
        """Return what can be shown now; the beginning of what may be a tag is held back."""
        self._held += piece
        shown: list[str] = []
        while self._take(shown):
            pass
        return "".join(shown)

    def finish(self) -> str:
        """Return what was held back and is no tag after all."""
        rest, self._held = self._held, ""
        return "" if self._is_thinking else rest

    def _take(self, shown: list[str]) -> bool:
        """Take one step; False when more text is needed for the next."""
        if self._is_thinking:
            return self._leave_block()
        if self._is_after_block:
            self._held = self._held.lstrip()
            self._is_after_block = not self._held
        at = self._held.find("<")
        if at < 0:
            self._show(len(self._held), shown)
            return False
        self._show(at, shown)
        if self._is_at_line_start and self._held.startswith(_OPEN):
            self._held, self._is_thinking = self._held[len(_OPEN) :], True
            return True
        if self._is_at_line_start and _OPEN.startswith(self._held):
            return False
        self._show(1, shown)
        return True

    def _leave_block(self) -> bool:
        before, tag, after = self._held.partition(_CLOSE)
        if not tag:
            self._held = before[-(len(_CLOSE) - 1) :]
            return False
        self._held, self._is_thinking, self._is_after_block = after, False, True
        return True

    def _show(self, length: int, shown: list[str]) -> None:
        """Show the first `length` characters of what is held."""
        text, self._held = self._held[:length], self._held[length:]
        shown.append(text)
        line = text.rpartition("\n")[2]
        self._is_at_line_start = (
            len(line) < len(text) or self._is_at_line_start
        ) and not line.strip()
