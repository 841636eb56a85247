"""Documents made by hand: PDF, DOCX and zip files, and such zips as no packer makes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_CHINESE_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 /ItalicAngle 0"
    b" /FontBBox [-25 -254 1000 880] >> >>] >>"
)


def pdf(text: str = "", trailer: bytes = b"") -> bytes:
    """Return a PDF of one page with these lines, in Chinese if any is; no text makes a scan."""
    chinese = not text.isascii()
    shown = []
    for line in text.splitlines():
        data = line.encode("utf-16-be").hex().encode() if chinese else line.encode().hex().encode()
        shown.append(b"<" + data + b"> Tj 0 -20 Td")
    content = b"BT /F1 12 Tf 72 720 Td " + b" ".join(shown) + b" ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return pdf_of(stream, _CHINESE_FONT if chinese else _FONT, trailer)


def pdf_of(stream: bytes, font: bytes = _FONT, trailer: bytes = b"") -> bytes:
    """Return a PDF whose only page has this content stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        stream,
        font,
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def pdf_bomb(size: int) -> bytes:
    """Return a PDF whose page unpacks, twice, to so many bytes."""
    inner, outer = zlib.compressobj(9), zlib.compressobj(9)
    packed = bytearray()
    for _ in range(size >> 20):
        packed += outer.compress(inner.compress(b" " * (1 << 20)))
    packed += outer.compress(inner.flush()) + outer.flush()
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(packed)
    return pdf_of(head + b"\nstream\n" + bytes(packed) + b"\nendstream")


ENCRYPTED = (
    b"/ID [<0123456789abcdef0123456789abcdef> <0123456789abcdef0123456789abcdef>]"
    b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
)
"""A PDF's trailer that says it has a password, which is not the empty one."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"
Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(body: str, dtd: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a DOCX with this WordprocessingML, and `more` parts."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{dtd}<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f"<w:body>{body}</w:body></w:document>"
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "word/document.xml": document,
    }
    return zipped(parts | dict(more or {}))


def zipped(entries: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def raw_zip(
    name: bytes,
    data: bytes = b"text",
    *,
    flags: int = 0,
    attributes: int = 0,
    size: int | None = None,
    copies: int = 1,
) -> bytes:
    """Return a zip whose list says what it is told to.

    The name's bytes, flags and attributes are taken as they are, `size` is the claimed one, and
    `copies` entries share the one packed content.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    claimed = len(data) if size is None else size
    common = struct.pack(
        "<HHHHHIIIHH", 20, flags, 8, 0, 33, zlib.crc32(data), len(packed), claimed, len(name), 0
    )
    local = b"PK\x03\x04" + common + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", (3 << 8) | 20) + common
    entry += struct.pack("<HHHII", 0, 0, 0, attributes, 0) + name
    listing = entry * copies
    end = struct.pack("<HHHHIIH", 0, 0, copies, copies, len(listing), len(local), 0)
    return local + listing + b"PK\x05\x06" + end
