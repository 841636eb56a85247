"""Can a file of the machine be read, written or fetched from elsewhere?

CVE-2021-43831, CVE-2023-51449, CVE-2024-0964, CVE-2024-1561, CVE-2024-1728, CVE-2024-4325,
CVE-2024-4941, CVE-2024-47164, CVE-2024-47167, CVE-2024-51751, CVE-2026-28414, CVE-2026-49119.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from tests.security.outcome import Outcome, Tries
from tests.security.page import API, call, event_of, join, part_of, session, stream
from tests.security.sites import Site, Sites
from tests.security.vault import OUTSIDE
from tests.security.wire import Visitor

_ROUTES = (
    *(f"{API}/file=", "/file=", f"{API}/file/", "/file/", f"{API}/file%3d", f"/{API}/file=", "/static/"),
    *("/assets/", "/svelte/", "/theme/", "/static//", f"{API}/custom_component/x/client/component/"),
    *("/GRADIO_API/file=", f"{API}/./file=", f"{API}//file=", f"{API}/config/../file=", f"{API};/file="),
    *(f"{API}/call/../file=", f"{API}%2ffile=", "/config/..;/gradio_api/file=", "/assets/..%2f..%2f"),
)  # fmt: skip
_UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..\\", "..%5c", "..;/", "....//", "%c0%ae%c0%ae/", "%uff0e%uff0e/")  # fmt: skip
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"/>'


def files_by_path(sites: Sites) -> Outcome:
    """No file is served by its path, however the path is written"""
    tries = Tries()
    secret = sites.vault.parent / f"{OUTSIDE}.md"
    targets = [str(secret), "/etc/passwd", "/proc/self/environ", str(sites.vault / "linked.md")]
    shapes = [f"{up * 9}{str(secret).lstrip('/')}" for up in _UP]
    shapes += [f"/{secret}", f"file://{secret}", f"\\\\127.0.0.1\\c$\\{secret}", f"//127.0.0.1{secret}"]  # fmt: skip
    shapes += [f"{secret}%00.png", f"{secret}.", f"{secret};.png", f"{secret}?x", "C:/windows/win.ini"]  # fmt: skip
    shapes += [str(secret).replace("/", "%2f"), str(secret).replace("/", "%252f"), f"~/../{secret}"]
    for site in (sites.public, sites.own):
        visitor = site.visitor()
        for route in _ROUTES:
            for target in (*targets, *shapes) if route in _ROUTES[:8] else targets[:2]:
                reply = visitor.get(f"{route}{target}")
                tries.refused(f"GET {route}{target}", reply)
    plain = sites.plain.visitor().get(f"{API}/file={sites.vault / 'comment.md'}")
    tries.control("Gradio itself serves an allowed file", plain.status == 200, plain.status)
    return tries.outcome("GET of a file by route and encoding, as visitor and owner")


def proxied(sites: Sites) -> Outcome:
    """The server fetches no address for anybody (SSRF)"""
    tries = Tries()
    with _listener() as (port, hits):
        target = f"http://127.0.0.1:{port}"
        assert Visitor(port).get("/").status == 200
        tries.control("the listener hears who comes", len(hits) == 1)
        for site in (sites.public, sites.own):
            for place in (target, f"{target}/x", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"):  # fmt: skip
                visitor = site.visitor()
                for route in (
                    f"{API}/proxy=",
                    "/proxy=",
                    f"{API}/proxy/",
                    f"{API}/file=",
                    "/file=",
                ):
                    tries.refused(f"{route}{place}", visitor.get(f"{route}{place}"))
                tries.refused(f"absolute {place}", visitor.get(place))
                tries.refused(f"CONNECT {place}", visitor.ask("CONNECT", f"127.0.0.1:{port}"))
                _in_file_data(visitor, {"path": place, "url": place})
        tries.expect("the listener was visited", len(hits) == 1, f"{len(hits) - 1} visits")
    return tries.outcome("an address to be fetched: /proxy=, /file=, CONNECT, files with a url")


def file_data(sites: Sites) -> Outcome:
    """A path in what is sent is no file: CVE-2024-1728, CVE-2024-51751"""
    tries = Tries()
    secret = str(sites.vault.parent / f"{OUTSIDE}.md")
    for path in (secret, "/etc/passwd", str(sites.public.folder / "index" / "notes.sqlite")):
        for url in (None, f"{API}/file={path}", f"file://{path}"):
            visitor = sites.public.visitor()
            for told in _in_file_data(visitor, {"path": path, "url": url, "orig_name": "a.md"}):
                tries.expect(path, OUTSIDE not in told.replace(path, "") and "daemon:x:1" not in told, "not read")  # fmt: skip
    owner = sites.own.visitor()
    added = _add(owner, {"path": secret, "meta": {"_type": "gradio.FileData"}}, sites)
    tries.expect("the owner's _add of any path", not (sites.vault / "added").exists(), added[:40])
    uploaded = _upload(sites.plain.visitor(), f"{API}/upload", "a.md", b"zorblaxecho")
    plain = sites.plain.visitor()
    whose, data = session(), {"path": json.loads(uploaded.body)[0], "meta": {"_type": "gradio.FileData"}}  # fmt: skip
    join(plain, event_of(plain, "file"), [data], whose)
    tries.control("Gradio itself takes what was uploaded", "process_completed" in stream(plain, whose))  # fmt: skip
    return tries.outcome("file objects in place of text, in events, calls and component calls")


def uploads(sites: Sites) -> Outcome:
    """A visitor uploads nothing; what the owner uploads is served to nobody"""
    tries = Tries()
    names = ("a.html", "a.svg", "../../../../tmp/zorblax.md", "..%2f..%2fx", "/etc/cron.d/x", "a\x00b.md", "con", "." * 300)  # fmt: skip
    for site in (sites.public, sites.locked):
        for route in (f"{API}/upload", "/upload", f"{API}/upload/", f"{API}/upload?upload_id=a", f"/{API}/upload"):  # fmt: skip
            for name in names[:3]:
                tries.refused(f"{route} {name}", _upload(site.visitor(), route, name, SVG))
        tries.refused("upload_progress", site.visitor().get(f"{API}/upload_progress?upload_id=a"))
    for name in names:
        owner = sites.own.visitor()
        told = _upload(owner, f"{API}/upload", name, SVG)
        if told.status != 200:
            tries.expect(name, told.status < 500 or name == "." * 300, told.status)
            continue
        place = json.loads(told.body)[0]
        inside = Path(place).resolve().is_relative_to((sites.own.folder / "tmp").resolve())
        tries.expect(f"{name} at {place}", inside, "within the upload folder")
        tries.refused(f"GET {place}", owner.get(f"{API}/file={place}"))
    tries.control("the owner can upload", "within the upload folder" in tries.came)
    plain = _upload(sites.plain.visitor(), f"{API}/upload", "a.svg", SVG)
    tries.control("Gradio itself takes uploads of all", plain.status == 200, plain.status)
    return tries.outcome("uploads: HTML, SVG, names that lead elsewhere; reading them back")


def files_through_components(sites: Sites) -> Outcome:
    """Files sent to a component's function stay nowhere"""
    tries = Tries()
    before = _files_of(sites.public)
    visitor = sites.public.visitor()
    part = part_of(visitor, "search-page")
    for name in ("a.html", "../../b.md"):
        fields = {"component_id": str(part), "session_hash": "a", "fn_name": "search", "data": "x"}
        tries.refused(name, _upload(visitor, f"{API}/component_server", name, SVG, fields))
    left = sorted(_files_of(sites.public) - before)
    tries.expect("files left", not left, f"{len(left)} files left")
    return tries.outcome("multipart/form-data to /component_server")


def deep_links(sites: Sites) -> Outcome:
    """Deep links read and write nothing"""
    tries = Tries()
    visitor = sites.public.visitor()
    usual = len(visitor.get("/config").body)
    before = _files_of(sites.public)
    for link in ("../../x", "..%2f..%2fetc", "/etc/passwd", "a" * 5000, "%00", "deep_links", "."):
        for page in ("/", "/config"):
            reply = visitor.get(f"{page}?deep_link={link}")
            same = reply.status == 200 and (page == "/" or abs(len(reply.body) - usual) < 200)
            tries.expect(f"{page}?deep_link={link}", same, f"{reply.status}, the usual page")
    for page in ("../x", "/etc/passwd", "__class__"):
        reply = visitor.get(f"/config?page={page}")
        tries.expect(f"/config?page={page}", abs(len(reply.body) - usual) < 200, "the usual page")
    tries.refused("making one", visitor.get(f"{API}/deep_link?session_hash={session()}"))
    tries.expect("files made", _files_of(sites.public) == before, "no file made")
    return tries.outcome("?deep_link= and ?page= that lead elsewhere, making a link")


def _in_file_data(visitor: Visitor, file: dict[str, object]) -> Iterator[str]:
    data = {**file, "meta": {"_type": "gradio.FileData"}}
    told = [call(visitor, "search", query=data, source=data).text, call(visitor, "read", note="", file=data).text]  # fmt: skip
    whose = session()
    join(visitor, event_of(visitor, "_ask"), [data, data], whose)
    told.append(stream(visitor, whose))
    body = {"component_id": part_of(visitor, "search-page"), "fn_name": "search", "session_hash": whose}  # fmt: skip
    told.append(visitor.post(f"{API}/component_server", {**body, "data": {"query": data}}).text)
    return iter(told)


def _add(visitor: Visitor, file: dict[str, object], sites: Sites) -> str:
    whose = session()
    join(visitor, event_of(visitor, "_add"), [[file], sites.vault.name, None], whose)
    return "refused" if '"success":false' in stream(visitor, whose) else "taken"


def _upload(
    visitor: Visitor, route: str, name: str, data: bytes, fields: dict[str, str] | None = None
):  # type: ignore[no-untyped-def]
    parts = [
        f'--zz\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{said}\r\n'.encode()
        for key, said in (fields or {}).items()
    ]
    head = f'--zz\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'  # fmt: skip
    body = b"".join(parts) + head.encode() + data + b"\r\n--zz--\r\n"
    return visitor.post(route, body, {"Content-Type": "multipart/form-data; boundary=zz"})


def _files_of(site: Site) -> set[str]:
    return {str(file) for file in (site.folder / "tmp").rglob("*") if file.is_file() and not file.name.startswith("notes.sqlite")}  # fmt: skip


@contextmanager
def _listener() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on a port, and keep what comes."""
    hits: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    line, _ = server.accept()
                    with line:
                        hits.append(line.recv(4096))
                        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], hits
        server.shutdown(socket.SHUT_RDWR)


TRICKS = (files_by_path, proxied, file_data, uploads, files_through_components, deep_links)
