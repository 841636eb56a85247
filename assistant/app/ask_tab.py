"""The tab with the conversation."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.app.conversation import Conversation
from assistant.app.examples import COUNT
from assistant.app.export import conversation_markdown
from assistant.app.handlers import examples, objection
from assistant.app.notice import leaving_html
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.transcript import sources_html, transcript_html
from assistant.app.turn import Turn
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
        for event in (self.searched.submit, self.search_again.click):
            event(self._ask_again, [self.searched, self.conversation], self._shown(), **_QUIET)
        self.stop.click(Conversation.stop, self.conversation, None, **_QUIET)
        self.new.click(self._begin, self.conversation, self._shown(), **_QUIET).then(
            None, None, None, js=_FOCUS
        )
        self.export.click(self._export, self.conversation, self.exported, **_QUIET).then(
            None, self.exported, None, js=_SAVE
        )

    def _compose(self) -> None:
        with gr.Row(elem_id="talk-actions"):
            self.export = gr.Button(text("export"), elem_id="export", size="sm")
            self.new = gr.Button(text("new_chat"), elem_id="new-chat", size="sm")
            self.exported = gr.Textbox(visible="hidden", elem_id="exported")
        with gr.Row(elem_id="searched-row"):
            self.searched = gr.Textbox(
                label=text("searched_label"), lines=1, max_lines=3, elem_id="searched"
            )
            self.search_again = gr.Button(text("search_again"), elem_id="search-again", size="sm")
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
            self.stop = gr.Button(text("stop"), elem_id="stop")
        self.leaving = html_part("leaving")

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        found = examples(self.assistant, language)
        questions = () if isinstance(found, Problem) else found
        buttons = [
            gr.Button(value=question, visible=True) for question in questions[: len(self.examples)]
        ]
        hidden = [gr.Button(visible=False) for _ in self.examples[len(buttons) :]]
        shown = [transcript_html((), language), sources_html((), language)]
        leaving = leaving_html(self.assistant, language)
        return [*shown, gr.Row(visible=bool(questions)), *buttons, *hidden, leaving]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.transcript, self.sources, self.example_row, *self.examples, self.leaving]

    def _shown(self) -> list[Any]:
        return [
            self.question,
            self.transcript,
            self.sources,
            self.example_row,
            self.hint,
            self.searched,
        ]

    def _asks(self, event: Any, source: Any) -> None:
        given, shown = [source, self.conversation], self._shown()
        # "once" would leave a question unasked while the answer before it is being shown
        event(self._ask, given, shown, scroll_to_output=False, trigger_mode="multiple", **_QUIET)

    def _ask(
        self, question: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        """Show the question at once, then its answer as it grows."""
        language = language_of_reader(request)
        if why := objection(self.assistant.bounds, question, language):
            yield {self.hint: f'<p role="alert">{why}</p>'}
            return
        turn = conversation.pose(question)
        hidden = {self.question: "", self.example_row: gr.Row(visible=False)}
        yield from self._answering(conversation, turn, language, hidden)

    def _ask_again(
        self, searched: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        """Answer the last question anew, with what the user wants to be searched for."""
        language = language_of_reader(request)
        if why := objection(self.assistant.bounds, searched, language):
            yield {self.hint: f'<p role="alert">{why}</p>'}
        elif turn := conversation.pose_again(searched):
            yield from self._answering(conversation, turn, language, {})

    def _answering(
        self, conversation: Conversation, turn: Turn, language: str, at_once: dict[Any, Any]
    ) -> Iterator[dict[Any, Any]]:
        posed = transcript_html(conversation.turns, language)
        yield {**at_once, self.transcript: posed, self.hint: ""}
        shown: object = None
        for _ in conversation.settle(self.assistant, turn):
            turns = conversation.turns
            last = turns[-1]
            told = {self.transcript: transcript_html(turns, language)}
            if shown is None or shown is not last.sources:
                shown = last.sources
                told[self.sources] = sources_html(turns, language)
                told[self.searched] = last.searched_for or last.question
            yield told
        # Gradio shows a generator's last value once more at its end, maybe in a new conversation
        yield {self.hint: gr.skip()}

    def _begin(self, conversation: Conversation, request: gr.Request) -> dict[Any, Any]:
        """Begin a new conversation."""
        conversation.begin()
        language = language_of_reader(request)
        return {
            self.question: "",
            self.transcript: transcript_html((), language),
            self.sources: sources_html((), language),
            self.example_row: gr.Row(visible=True),
            self.hint: "",
            self.searched: "",
        }

    def _export(self, conversation: Conversation, request: gr.Request) -> str:
        """Return the conversation as Markdown, for the browser to save."""
        return conversation_markdown(conversation.turns, language_of_reader(request))


_SAVE = """(markdown) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([markdown], { type: "text/markdown;charset=utf-8" }));
  link.download = "conversation.md";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""
_FOCUS = "() => { document.querySelector('#question textarea').focus(); }"
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
