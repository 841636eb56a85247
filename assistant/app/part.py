"""A piece of the page whose HTML the server makes."""

import gradio as gr


def html_part(elem_id: str) -> gr.HTML:
    """Return an empty piece, without the looks that Gradio gives to HTML."""
    return gr.HTML(elem_id=elem_id, js_on_load=None, apply_default_css=False)
