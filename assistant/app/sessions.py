"""What Gradio remembers of each open page, without what would grow with every question.

Gradio makes a component anew, under a number of its own, whenever an event leaves it as it is, and
then writes down the next value of it under that number, for ever. It writes values down for links
to a page's state, which this page has no use for.
"""

from typing import Any

from gradio.blocks import Block
from gradio.state_holder import SessionState, StateHolder


class Sessions(StateHolder):  # type: ignore[misc]  # Gradio has no types
    """The open pages; those that are used least go first."""

    def __getitem__(self, session_id: str) -> SessionState:
        """Return what is known of a page, begun at its first event."""
        if session_id not in self.session_data:
            self.session_data[session_id] = _Session(self.blocks)
        return super().__getitem__(session_id)


class _Session(SessionState):  # type: ignore[misc]  # Gradio has no types
    """One page."""

    def __setitem__(self, key: int, value: Any) -> None:
        if isinstance(value, Block):
            value._id = key
        super().__setitem__(key, value)

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Forget the value."""
