"""Documents become notes with their source named, and none can do harm on the way."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.adding.add import Added, Limits, Reason, Refused, add_files
from corpus.document import read_document
from tests.assistant.adding.documents import (
    ENCRYPTED,
    docx,
    paragraph,
    pdf,
    pdf_bomb,
    table,
)
from tests.assistant.adding.dropping import Vault

HANGS = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({file!r}).write_text(str(child.pid))
time.sleep(600)
"""
DIES = "import sys; sys.stdin.readline(); raise SystemExit(3)"
IMAGE = (
    "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>"
    '<a:blip {how}="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r></w:p>"
)
IMAGE_AT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/image" {where}/></Relationships>'
)
IMAGE_PART = "word/_rels/document.xml.rels"


def test_a_pdf_becomes_a_note(vault: Vault) -> None:
    assert vault.drop(("Exit codes.PDF", pdf("Exit code 137\nmeans killed"))) == Added(
        ("added/Exit codes.md",), ()
    )
    assert vault.text("added/Exit codes.md") == (
        '---\nsource: "Exit codes.PDF"\n---\n\nExit code 137\n\nmeans killed\n'
    )


def test_a_chinese_pdf_becomes_a_note(vault: Vault) -> None:
    vault.drop(("退出码.pdf", pdf("退出码是什么")))
    assert vault.text("added/退出码.md") == '---\nsource: "退出码.pdf"\n---\n\n退出码是什么\n'


def test_a_docx_becomes_a_note_with_its_table(vault: Vault) -> None:
    body = paragraph("笔记 notes") + table([["内容", "来源"], ["use snake_case", "书"]])
    assert vault.drop(("a.docx", docx(body))).paths == ("added/a.md",)
    assert vault.text("added/a.md") == (
        '---\nsource: "a.docx"\n---\n\n笔记 notes\n\n'
        "| 内容 | 来源 |\n| --- | --- |\n| use snake_case | 书 |\n"
    )


def test_html_becomes_a_note(vault: Vault) -> None:
    html = (
        "<html><head><title>The  title: “标题”</title><style>p {}</style></head><body>"
        '<h1>网页</h1><script>alert(1)</script><p>See <a href="https://e.org/x">here</a>.</p>'
        '<p><img alt="a graph" src="data:image/png;base64,AAAA"></p><p>end\x07</p></body></html>'
    )
    vault.drop(("page.htm", html.encode()))
    assert vault.text("added/page.md") == (
        '---\ntitle: "The title: “标题”"\nsource: "page.htm"\n---\n\n'
        "# 网页\n\nSee [here](https://e.org/x).\n\na graph\n\nend\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "shift_jis"])
def test_html_is_read_in_its_encoding(vault: Vault, encoding: str) -> None:
    text = "日本語" if encoding == "shift_jis" else "中文的網頁"
    html = f'<html><meta charset="{encoding}"><body><p>{text}</p></body></html>'
    vault.drop(("a.html", html.encode(encoding)))
    assert vault.text("added/a.md").endswith(f"\n\n{text}\n")


def test_html_in_utf_8_is_so_whatever_it_says(vault: Vault) -> None:
    vault.drop(("a.html", '<meta charset="gb2312"><body>中文</body>'.encode()))
    assert vault.text("added/a.md").endswith("\n\n中文\n")


def test_the_source_and_title_are_the_notes(vault: Vault) -> None:
    html = '<title>Say \\ and "so"</title><body><p>A fact.</p></body>'
    vault.drop(('odd "name": #1.html', html.encode()))
    path = "added/odd _name__ #1.md"
    document = read_document(path, (vault.folder / path).read_bytes())
    assert document.problem == ""
    meta = dict(document.notes[0].meta)
    assert (meta["source"], meta["title"]) == ('odd "name": #1.html', 'Say \\ and "so"')


def test_a_document_is_converted_to_the_same_note_again(vault: Vault) -> None:
    for _ in range(2):
        assert vault.drop(("a.docx", docx(paragraph("x")))).paths == ("added/a.md",)
    assert vault.files() == ["added/a.md"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("scan.pdf", pdf(), Reason.EMPTY),
        ("secret.pdf", pdf("x", ENCRYPTED), Reason.ENCRYPTED),
        ("torn.pdf", b"%PDF-1.4 torn", Reason.BROKEN),
        ("empty.docx", docx(""), Reason.EMPTY),
        ("other.docx", b"PK\x05\x06" + bytes(18), Reason.BROKEN),
        ("empty.html", b"<html><body><script>x</script></body></html>", Reason.EMPTY),
        ("binary.html", bytes(range(256)) * 9, Reason.BROKEN),
        (
            "laughs.docx",
            docx(paragraph("&b;"), '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'),
            Reason.BOMB,
        ),
        ("bomb.docx", docx(paragraph("x"), more={"word/media/a": bytes(9_000_000)}), Reason.BOMB),
    ],
)
def test_a_document_that_gives_no_note_is_named(
    vault: Vault, name: str, data: bytes, reason: Reason
) -> None:
    assert vault.drop((name, data)) == Added((), (Refused(name, reason),))
    assert vault.files() == []


def test_a_zip_with_a_documents_name_is_not_read_as_a_zip(vault: Vault) -> None:
    from tests.assistant.adding.documents import zipped

    assert vault.refusals(("a.docx", zipped({"note.txt": "text"}))) == [Reason.BROKEN]


def test_a_note_that_would_be_too_large_is_refused(vault: Vault) -> None:
    added = vault.drop(("a.html", b"<p>" + b"word " * 100), limits=Limits(note_bytes=400))
    assert added.refused == (Refused("a.html", Reason.TOO_LARGE, "400"),)


def test_images_in_a_docx_leave_no_data(vault: Vault) -> None:
    more = {
        IMAGE_PART: IMAGE_AT.format(where='Target="media/i.png"'),
        "word/media/i.png": b"\x89PNG",
    }
    vault.drop(("a.docx", docx(paragraph("x") + IMAGE.format(how="r:embed"), more=more)))
    assert vault.text("added/a.md") == '---\nsource: "a.docx"\n---\n\nx\n'


def test_images_elsewhere_are_not_read(vault: Vault, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    where = f'Target="{secret.as_uri()}" TargetMode="External"'
    more = {IMAGE_PART: IMAGE_AT.format(where=where)}
    added = vault.drop(("a.docx", docx(paragraph("x") + IMAGE.format(how="r:link"), more=more)))
    assert added.paths == ("added/a.md",)
    assert "c2VjcmV0" not in vault.text("added/a.md")


def test_nothing_is_fetched(vault: Vault) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        html = f'<link rel="stylesheet" href="{url}"><body>a <img src="{url}"> b</body>'
        where = f'Target="{url}" TargetMode="External"'
        body = paragraph("x") + IMAGE.format(how="r:link")
        word = docx(body, more={IMAGE_PART: IMAGE_AT.format(where=where)})
        assert len(vault.drop(("a.html", html.encode()), ("b.docx", word)).paths) == 2
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_the_process_that_converts_has_no_network_and_starts_nothing(code: str) -> None:
    confined = f"from assistant.adding.convert import confine; confine(10**10); {code}"
    ran = subprocess.run([sys.executable, "-c", confined], capture_output=True, text=True)
    assert "PermissionError: a conversion does not need" in ran.stderr


def test_a_slow_conversion_is_ended_with_all_that_it_started(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    command = [sys.executable, "-c", HANGS.format(file=str(file))]
    uploads = [("a.pdf", vault.upload(pdf("x"))), ("b.md", vault.upload(b"b"))]
    start = time.monotonic()
    added = add_files(uploads, vault.folder, Limits(seconds=1.5), converter=command)
    assert time.monotonic() - start < 15
    assert added == Added(("added/b.md",), (Refused("a.pdf", Reason.TOO_SLOW, "1.5"),))
    assert _is_gone(int(file.read_text()))


def test_all_conversions_together_take_so_long(vault: Vault, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HANGS.format(file=str(tmp_path / "pid"))]
    uploads = [(f"{n}.pdf", vault.upload(pdf("x"))) for n in range(50)]
    limits = Limits(seconds=0.3, all_seconds=0.9)
    start = time.monotonic()
    added = add_files(uploads, vault.folder, limits, converter=command)
    assert time.monotonic() - start < 15
    assert [refused.reason for refused in added.refused] == [Reason.TOO_SLOW] * 50
    assert added.refused[-1].detail == "0.9"


def test_a_converter_that_dies_takes_only_its_document_along(vault: Vault) -> None:
    uploads = [("a.pdf", vault.upload(pdf("x"))), ("b.pdf", vault.upload(pdf("y")))]
    added = add_files(uploads, vault.folder, converter=[sys.executable, "-c", DIES])
    assert [refused.reason for refused in added.refused] == [Reason.BROKEN, Reason.BROKEN]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_document_that_fills_the_memory_is_refused_and_the_next_is_read(vault: Vault) -> None:
    limits = Limits(memory=700_000_000, seconds=30)
    bomb = pdf_bomb(1 << 30)
    assert len(bomb) < 20_000
    added = vault.drop(("bomb.pdf", bomb), ("a.pdf", pdf("fine")), limits=limits)
    assert added == Added(("added/a.md",), (Refused("bomb.pdf", Reason.TOO_HEAVY, "700000000"),))


def test_a_page_nested_a_hundred_thousand_times_ends(vault: Vault) -> None:
    html = b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000
    added = vault.drop(("a.html", html), ("b.html", b"<p>fine"), limits=Limits(seconds=20))
    assert added.paths[-1] == "added/b.md"


def test_keys_in_the_environment_do_not_reach_the_converter(vault: Vault, tmp_path: Path) -> None:
    out = tmp_path / "environment"
    tells = f"import json, os, pathlib; pathlib.Path({str(out)!r}).write_text(json.dumps(dict(os.environ)))"
    drop = (
        "import sys; from pathlib import Path; from assistant.adding.add import add_files;"
        "add_files([('a.pdf', Path(sys.argv[1]))], Path(sys.argv[2]),"
        " converter=[sys.executable, '-c', sys.argv[3]])"
    )
    upload = str(vault.upload(pdf("x")))
    command = [sys.executable, "-c", drop, upload, str(vault.folder), tells]
    subprocess.run(command, env={"NOTES_LLM_KEY": "secret", "PATH": ""}, check=True)
    assert "NOTES_LLM_KEY" not in json.loads(out.read_text())


def _is_gone(pid: int) -> bool:
    """Whether a process has ended, within a second; a zombie has."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(50):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
