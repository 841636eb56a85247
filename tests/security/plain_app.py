"""A Gradio app as it comes, with all its doors: what the tricks are tried on to see that they work.

python -m tests.security.plain_app PORT FOLDER serves `FOLDER`, and prints its routes as JSON.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import gradio as gr


def main(port: int, folder: str) -> None:
    """Serve until ended."""
    with gr.Blocks(analytics_enabled=False) as app:
        said = gr.Textbox()
        file = gr.File()
        button = gr.Button()
        button.click(lambda one: one, said, said, api_name="hidden", api_visibility="private")
        file.upload(lambda one: one, file, file, api_name="file")
        gr.api(echo, api_name="echo")
    app.launch(
        server_name="127.0.0.1",
        server_port=port,
        allowed_paths=[folder],
        enable_monitoring=True,
        mcp_server=True,
        prevent_thread_lock=True,
        quiet=True,
        ssr_mode=False,
        footer_links=[],
    )
    print(json.dumps(sorted(routes_of(app.app.routes))), flush=True)
    app.server.thread.join()


def echo(text: str) -> str:
    """Say it again."""
    return text


def routes_of(routes: Any) -> Iterator[tuple[str, str]]:
    """Yield method and path of each route that Gradio has."""
    for route in routes:
        for method in sorted(getattr(route, "methods", None) or ["GET"]):
            yield method, getattr(route, "path", "")
        yield from routes_of(getattr(getattr(route, "original_router", None), "routes", []))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
