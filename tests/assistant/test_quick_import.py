"""Gradio imports without writing interface files beside its source, and is whole."""

import subprocess
import sys

PROGRAM = """
from assistant.app.quick_import import import_quickly
{first}
import gradio, gradio.component_meta as meta
meta.create_or_modify_pyi(gradio.Textbox, "Textbox", [])
print(meta.create_or_modify_pyi.__module__, gradio.Textbox(label="x").label, len(gradio.Textbox.EVENTS) > 3)
"""


def said(first: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM.format(first=first)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_interface_files_are_not_written_and_components_are_as_ever() -> None:
    assert said("import_quickly()") == "assistant.app.quick_import x True"
    assert said("pass") == "gradio.component_meta x True"


def test_it_does_nothing_once_gradio_is_there() -> None:
    assert said("import gradio; import_quickly()") == "gradio.component_meta x True"
