"""The tab with the conversation."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.app.examples import COUNT
from assistant.app.handlers import examples, objection, pose, settle
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.transcript import Turn, sources_html, transcript_html
from assistant.assistant import Assistant


class AskTab:
    """Conversation on the left, its sources on the right."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns = gr.State(())
        with gr.Column(elem_id="ask"):
            self.transcript = html_part("transcript")
            self.sources = html_part("sources")
            with gr.Column(elem_id="composer"):
                with gr.Row(elem_id="examples", visible=False) as self.example_row:
                    self.examples = [gr.Button(visible=False, size="sm") for _ in range(COUNT)]
                self._compose()
        asking = [self._asks(button.click, button) for button in self.examples]
        asking.append(self._asks(self.question.submit, self.question))
        asking.append(self._asks(self.send.click, self.question))
        # an answer still under way must not come back into the new conversation
        self.new.click(self._begin, None, self._shown(), cancels=asking, **_QUIET)

    def _compose(self) -> None:
        self.new = gr.Button(text("new_chat"), elem_id="new-chat", size="sm", visible=False)
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
            self.turns,
            self.transcript,
            self.sources,
            self.example_row,
            self.hint,
            self.new,
        ]

    def _asks(self, event: Any, source: Any) -> Any:
        shown = self._shown()
        return event(self._ask, [source, self.turns], shown, scroll_to_output=False, **_QUIET)

    def _ask(
        self, question: str, turns: tuple[Turn, ...], request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Show the question at once, then its answer."""
        language = language_of_reader(request)
        if why := objection(question, language):
            yield (*[gr.skip()] * 5, f'<p role="alert">{why}</p>', gr.skip())
            return
        turns = pose(turns, question)
        posed = transcript_html(turns, language)
        yield "", turns, posed, gr.skip(), gr.Row(visible=False), "", gr.Button(visible=True)
        turns = settle(self.assistant, turns)
        answered, sources = transcript_html(turns, language), sources_html(turns, language)
        yield gr.skip(), turns, answered, sources, gr.skip(), gr.skip(), gr.skip()

    def _begin(self, request: gr.Request) -> tuple[Any, ...]:
        """Begin a new conversation."""
        language = language_of_reader(request)
        examples_row, new = gr.Row(visible=True), gr.Button(visible=False)
        transcript, sources = transcript_html((), language), sources_html((), language)
        return "", (), transcript, sources, examples_row, "", new


_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
