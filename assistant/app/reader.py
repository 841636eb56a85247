"""Who reads the page: the language of the browser."""

import gradio as gr

from assistant.app.texts import TEXTS, reader_language


def language_of_reader(request: gr.Request) -> str:
    """Return "zh" or "en", as the browser prefers."""
    return reader_language(request.headers.get("accept-language"))


def translations() -> gr.I18n:
    """Return the texts that the browser itself chooses among."""
    chinese = dict(TEXTS["zh"])
    tags = {"zh": chinese, "zh-CN": chinese, "zh-TW": chinese, "zh-HK": chinese}
    return gr.I18n(en=dict(TEXTS["en"]), **tags)


def text(key: str) -> object:
    """Return a text that the browser shows in its own language."""
    return gr.i18n.I18nData(key)
