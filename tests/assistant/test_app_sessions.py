"""What is remembered of an open page does not grow with what is asked on it."""

from collections.abc import Iterator

import gradio as gr
import pytest
from gradio.state_holder import StateHolder

from assistant.app.sessions import Sessions
from tests.own_loop import run


async def remembered(holder: StateHolder, presses: int) -> tuple[int, int]:
    """Return how many components and values a session has after some presses of a button."""
    with gr.Blocks() as page:
        shown, more = gr.HTML(), gr.HTML()
        button = gr.Button()

        def pressed() -> Iterator[dict[gr.HTML, str]]:
            yield {shown: "<p>a</p>"}
            yield {shown: "<p>b</p>", more: "<p>c</p>"}

        button.click(pressed, None, [shown, more])
    holder.set_blocks(page)
    session = holder["a page"]
    (event,) = page.fns.values()
    for _ in range(presses):
        iterator, is_done = None, False
        while not is_done:
            told = await page.process_api(event, [], session, iterator=iterator)
            iterator, is_done = told["iterator"], not told["is_generating"]
    return len(session.blocks_config.blocks), len(session.config_values)


@pytest.mark.parametrize(("kind", "grows"), [(Sessions, False), (StateHolder, True)])
def test_a_page_that_is_asked_again_and_again_takes_no_more(
    kind: type[StateHolder], grows: bool
) -> None:
    """Gradio's own grows: when it no longer does, ours can go."""

    async def both() -> bool:
        return await remembered(kind(), 2) < await remembered(kind(), 6)

    assert run(both) is grows
