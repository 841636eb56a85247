"""Nothing is shown to who has not signed in: by a form and a cookie, or by HTTP Basic (RFC 7617)."""

import base64
import binascii
import secrets
import time
from collections import OrderedDict
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.app.texts import reader_language, say
from assistant.sharing.passwords import Passwords

COOKIE = "notes-session"
LASTS = 7 * 24 * 3600
"""Seconds until one has to sign in again."""

_MOST = 10_000
_LONGEST = 4096
_OPEN = ("/gradio_api/startup-events", "/favicon.ico")
"""Gradio asks the first of itself as it starts; neither tells anything."""


class SignIn:
    """Passes on what comes from those whom the file of passwords names."""

    def __init__(self, app: ASGIApp, passwords: Passwords) -> None:
        self.app, self._passwords = app, passwords
        self._sessions: OrderedDict[str, tuple[str, str, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, show the form, take what was filled in, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        path = str(scope["path"]).rstrip("/") or "/"
        request = Request(scope, receive)
        if path == "/login" and request.method == "POST":
            response = await self._signing_in(request)
        elif path == "/logout":
            response = self._signing_out(request)
        elif path in _OPEN or await self._is_in(request):
            await self.app(scope, receive, send)
            return
        else:
            response = _turned_away(request)
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)

    async def _is_in(self, request: Request) -> bool:
        session = self._sessions.get(request.cookies.get(COOKIE, ""), ("", "", 0.0))
        name, kept, until = session  # a new password ends the sessions of the old one
        if time.monotonic() < until and kept and self._passwords.hash_of(name) == kept:
            return True
        pair = _basic(request.headers)
        return pair is not None and await anyio.to_thread.run_sync(self._passwords.fits, *pair)

    async def _signing_in(self, request: Request) -> Response:
        try:
            given = parse_qs((await request.body())[:_LONGEST].decode(errors="replace"))
            if "multipart/form-data" in request.headers.get("content-type", ""):
                form = await request.form(max_files=0, max_fields=9)
                given = {key: [str(value)] for key, value in form.items()}
        except (ClientDisconnect, HTTPException):
            return Response(status_code=400)
        name, password = (given.get(key, [""])[0] for key in ("username", "password"))
        fits = await anyio.to_thread.run_sync(self._passwords.fits, name, password)
        if not fits:
            return _form(request, 401, is_wrong=True) if _is_page(request) else _wrong(request)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (name, self._passwords.hash_of(name), time.monotonic() + LASTS)
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        response: Response = JSONResponse({"success": True})
        if _is_page(request):
            response = RedirectResponse("/", 303)
        is_secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, LASTS, httponly=True, samesite="lax", secure=is_secure)
        return response

    def _signing_out(self, request: Request) -> Response:
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE)
        return response


def _basic(headers: Headers) -> tuple[str, str] | None:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


def _is_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _turned_away(request: Request) -> Response:
    if request.method == "GET" and _is_page(request):
        return _form(request, 401)
    return _wrong(request)


def _wrong(request: Request) -> Response:
    """Tell a program; a browser's script must not make the browser ask in a window of its own."""
    told = say("sign_in_needed", reader_language(request.headers.get("accept-language")))
    headers = (
        {}
        if "sec-fetch-mode" in request.headers
        else {"WWW-Authenticate": 'Basic realm="notes", charset="UTF-8"'}
    )
    return JSONResponse({"detail": told, "error": told}, 401, headers)


def _form(request: Request, status: int, is_wrong: bool = False) -> Response:
    language = reader_language(request.headers.get("accept-language"))
    page = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    keys = ("app", "sign_in", "sign_in_about", "sign_in_name", "sign_in_password")
    told = {key: escape(say(key, language)) for key in keys}
    wrong = escape(say("sign_in_wrong", language)) if is_wrong else ""
    return HTMLResponse(page.format(language=language, wrong=wrong, **told), status)
