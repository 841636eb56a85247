"""What a PDF gives for text, mended: it holds glyphs at places, neither words nor paragraphs."""

import io
import re
import unicodedata

_RADICALS = "".join(map(chr, range(0x2F00, 0x2FD6)))
# The Kangxi radicals have compatibility mappings in Unicode, most of the supplement has none; these
# pairs are from its EquivalentUnifiedIdeograph.txt.
_SUPPLEMENT = (
    "⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀⻳龟"
)
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff"
_WRAPPED = re.compile(rf"^(.{{19,}}[{_IDEOGRAPH}，、；：])\n(?=[{_IDEOGRAPH}])", re.M)
_LETTERS = re.compile(r"[A-Za-z]+")
_LONG_WORD = 20  # letters
_FEW = 0.01


def with_ideographs(text: str) -> str:
    """Return the text with characters for radicals, which look like them and are never searched.

    Fonts that use one glyph for both, as browsers' PDFs of Chinese pages do, give the radical: ⽤.
    """
    return text.translate(_IDEOGRAPHS)


def with_lines_joined(text: str) -> str:
    """Return the text with Chinese sentences whole that go on in the next line.

    A short line may be a heading, or one of a list, and stays.
    """
    return _WRAPPED.sub(r"\1", text)


def with_spaces(markdown: str, data: bytes) -> str:
    """Return the text of a PDF with its words apart.

    markitdown takes pages for forms rather easily, and reads the others of such a file without
    their spaces ("Thisisversion0.21"). Where it did, this is pdfminer's own text, which has no
    tables.
    """
    glued = _glued(markdown)
    if glued <= _FEW:
        return markdown
    from pdfminer.high_level import extract_text

    text = extract_text(io.BytesIO(data))
    return text if text.strip() and _glued(text) < glued / 2 else markdown


def _glued(text: str) -> float:
    """Return the share of Latin letters that are in words too long to be any."""
    sizes = [len(word) for word in _LETTERS.findall(text)]
    return sum(size for size in sizes if size >= _LONG_WORD) / max(1, sum(sizes))


def _ideographs() -> dict[int, str]:
    kangxi = {ord(radical): unicodedata.normalize("NFKC", radical) for radical in _RADICALS}
    return kangxi | {
        ord(radical): ideograph
        for radical, ideograph in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
    }


_IDEOGRAPHS = _ideographs()
