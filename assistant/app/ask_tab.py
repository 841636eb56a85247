"""The tab with the conversation."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.app.conversation import Conversation
from assistant.app.examples import COUNT
from assistant.app.handlers import examples, objection
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.transcript import sources_html, transcript_html
from assistant.assistant import Assistant


class AskTab:
    """Conversation on the left, its sources on the right."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.conversation = gr.State(Conversation())
        with gr.Column(elem_id="ask"):
            self.transcript = html_part("transcript")
            self.sources = html_part("sources")
            with gr.Column(elem_id="composer"):
                with gr.Row(elem_id="examples", visible=False) as self.example_row:
                    self.examples = [gr.Button(visible=False, size="sm") for _ in range(COUNT)]
                self._compose()
        for button in self.examples:
            self._asks(button.click, button)
        self._asks(self.question.submit, self.question)
        self._asks(self.send.click, self.question)
        self.new.click(self._begin, self.conversation, self._shown(), **_QUIET)

    def _compose(self) -> None:
        self.new = gr.Button(text("new_chat"), elem_id="new-chat", size="sm")
        self.hint = html_part("hint")
        with gr.Row(elem_id="question-row"):
            self.question = gr.Textbox(
                label=text("question"),
                placeholder=text("question_placeholder"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                elem_id="question",
            )
            self.send = gr.Button(text("send"), variant="primary", elem_id="send")

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        found = examples(self.assistant, language)
        questions = () if isinstance(found, Problem) else found
        buttons = [
            gr.Button(value=question, visible=True) for question in questions[: len(self.examples)]
        ]
        hidden = [gr.Button(visible=False) for _ in self.examples[len(buttons) :]]
        shown = [transcript_html((), language), sources_html((), language)]
        return [*shown, gr.Row(visible=bool(questions)), *buttons, *hidden]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.transcript, self.sources, self.example_row, *self.examples]

    def _shown(self) -> list[Any]:
        return [
            self.question,
            self.transcript,
            self.sources,
            self.example_row,
            self.hint,
        ]

    def _asks(self, event: Any, source: Any) -> None:
        given, shown = [source, self.conversation], self._shown()
        event(self._ask, given, shown, scroll_to_output=False, **_QUIET)

    def _ask(
        self, question: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Show the question at once, then its answer."""
        language = language_of_reader(request)
        if why := objection(question, language):
            yield (*[gr.skip()] * 4, f'<p role="alert">{why}</p>')
            return
        turn = conversation.pose(question)
        posed = transcript_html(conversation.turns, language)
        yield "", posed, gr.skip(), gr.Row(visible=False), ""
        if conversation.settle(self.assistant, turn):
            turns = conversation.turns
            answered, sources = transcript_html(turns, language), sources_html(turns, language)
            yield gr.skip(), answered, sources, gr.skip(), gr.skip()
        # Gradio shows a generator's last value once more at its end, maybe in a new conversation
        yield tuple(gr.skip() for _ in range(5))

    def _begin(self, conversation: Conversation, request: gr.Request) -> tuple[Any, ...]:
        """Begin a new conversation."""
        conversation.begin()
        language = language_of_reader(request)
        transcript, sources = transcript_html((), language), sources_html((), language)
        return "", transcript, sources, gr.Row(visible=True), ""


_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
