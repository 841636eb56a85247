"""A piece of the page whose HTML the server makes."""

from collections.abc import Callable
from typing import Any

import gradio as gr


def html_part(elem_id: str) -> gr.HTML:
    """Return an empty piece, without the looks that Gradio gives to HTML."""
    return gr.HTML(elem_id=elem_id, js_on_load=None, apply_default_css=False)


def scripted_part(elem_id: str, html: str, script: str, *functions: Callable[..., Any]) -> gr.HTML:
    """Return a piece that runs `script` with its `element`; it calls `functions` by `server`."""
    return gr.HTML(
        html,
        elem_id=elem_id,
        js_on_load=script,
        apply_default_css=False,
        server_functions=list(functions),
    )
