"""Signing in: guessing, forging, keeping what should have ended, being led elsewhere."""

import base64
import json
import re
import statistics
import time
from urllib.parse import quote

from assistant.sharing.passwords import keep_password
from tests.security.outcome import Outcome, Tries
from tests.security.page import API
from tests.security.sites import NAME, PASSWORD, SECOND, SECOND_PASSWORD, Site, Sites
from tests.security.wire import Reply, Visitor

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_GUESSES = 16


def post_login(visitor: Visitor, name: str, password: str, **headers: str) -> Reply:
    """Fill in the form."""
    body = f"username={quote(name)}&password={quote(password)}".encode()
    named = {key.replace("_", "-"): said for key, said in headers.items()}
    return visitor.post("/login", body, {**FORM, **named})


def sign_in(site: Site, name: str = NAME, password: str = PASSWORD) -> Visitor:
    """Return somebody who has signed in."""
    visitor = site.visitor()
    cookie = cookie_of(post_login(visitor, name, password))
    assert cookie, "nobody can sign in"
    visitor.headers["Cookie"] = cookie
    return visitor


def cookie_of(reply: Reply) -> str:
    """Return the cookie that an answer sets."""
    return reply.headers.get("set-cookie", "").split(";")[0]


def basic(name: str, password: str) -> str:
    """Return the header's value."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def guessing_by_form(sites: Sites) -> Outcome:
    """Passwords are guessed ten a minute by the form, whatever address is claimed"""
    tries = Tries()
    for claims in ({}, {"X-Forwarded-For": "203.0.113.{n}"}, {"Forwarded": "for=203.0.113.{n}"}):
        visitor = sites.locked.visitor()
        told = [
            post_login(visitor, NAME, f"guess {n}", **{key: said.format(n=n) for key, said in claims.items()})
            for n in range(14)
        ]  # fmt: skip
        statuses = [one.status for one in told]
        tries.expect(f"guesses with {claims}", statuses == [401] * 10 + [429] * 4, "429 from the 11th")  # fmt: skip
        right = post_login(visitor, NAME, PASSWORD).status
        tries.expect("the right one after them", right == 429, "429 for the right one too")
        tries.expect("says when", "retry-after" in told[-1].headers, "Retry-After")
    other = post_login(sites.locked.visitor(), NAME, PASSWORD)
    tries.control("others can sign in meanwhile", bool(cookie_of(other)), other.status)
    return tries.outcome("14 guesses by the form, with claimed addresses")


def guessing_by_basic(sites: Sites) -> Outcome:
    """Passwords are guessed no faster by HTTP Basic, by any method or path"""
    tries = Tries()
    for method, path in (("GET", "/config"), ("POST", f"{API}/call/ask"), ("HEAD", f"{API}/mcp/")):
        visitor = sites.locked.visitor()
        told = [
            visitor.ask(method, path, headers={"Authorization": basic(NAME, f"guess {n}")}).status
            for n in range(_GUESSES)
        ]
        tries.expect(f"{method} {path}: {told.count(401)} of {_GUESSES} guesses were tried", 0 < told.count(401) <= 10, f"{told.count(401)} tried")  # fmt: skip
    other = sites.locked.visitor(Authorization=basic(NAME, PASSWORD))
    statuses = {other.get("/config").status for _ in range(_GUESSES)}
    tries.control("with the right one there is no such limit", statuses == {200}, statuses)
    return tries.outcome(f"{_GUESSES} guesses by HTTP Basic")


def basic_variants(sites: Sites) -> Outcome:
    """No other way of writing HTTP Basic lets anybody in"""
    tries = Tries()
    pair = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
    raw = [
        *("Basic", "Basic ", "Basic :", "Basic Og==", "Bearer " + pair, "Digest " + pair, "Negotiate x", pair),
        *(basic(NAME, ""), basic("", PASSWORD), basic(NAME, PASSWORD + "\x00"), basic(NAME + "\x00", PASSWORD)),
        *(basic(NAME.upper(), PASSWORD), basic(f" {NAME}", PASSWORD), basic(NAME, f"{PASSWORD} "), basic(NAME, PASSWORD.upper())),
        *("Basic " + base64.b64encode(NAME.encode()).decode(), f"Basic {pair}x", f"Basic {pair[:-3]}", f"Basic {pair},{pair}"),
        *("Basic " + "A" * 40_000, "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(), f"Basic realm={pair}", f"Basic\t{pair}"),
        *(basic("*", "*"), basic("#", ""), basic("", ""), basic(NAME, "$argon2id$v=19$m=65536,t=3,p=4$x$y"), basic("../x", "y")),
    ]  # fmt: skip
    for said in raw:
        reply = sites.locked.visitor().get("/config", {"Authorization": said})
        tries.expect(said[:40], reply.status in (400, 401, 431), reply.status)
    right = sites.locked.visitor().get("/config", {"Authorization": basic(NAME, PASSWORD)})
    tries.control("the right one lets in", right.status == 200, right.status)
    return tries.outcome("ways to write Authorization")


def forged_cookies(sites: Sites) -> Outcome:
    """No cookie that the server did not make lets anybody in, nor one that it took back"""
    tries = Tries()
    known = sign_in(sites.locked).headers["Cookie"]
    name, _, token = known.partition("=")
    forged = (
        *("", "x", token[:-1], token.upper(), f"{token}x", f'"{token}x"', NAME, "true", "1", "null", "../" + token),
        *('{"user":"mireille"}', base64.b64encode(NAME.encode()).decode(), "' OR 1=1 --", "A" * 9000, "%00", token.swapcase()),
    )  # fmt: skip
    names = (name, name.upper(), "session", "access-token", "access-token-unsecure", "_id", "user")
    visitor = sites.locked.visitor()
    for cookie in (*(f"{one}={value}" for one in names for value in forged), f"{name}={token}x; {name}=y"):  # fmt: skip
        reply = visitor.get("/config", {"Cookie": cookie})
        tries.expect(cookie[:40], reply.status in (400, 401, 431), reply.status)
    tries.control("the right one lets in", visitor.get("/config", {"Cookie": known}).status == 200)
    visitor.get("/logout", {"Cookie": known})
    after = visitor.get("/config", {"Cookie": known}).status
    tries.expect("after signing out", after == 401, after)
    return tries.outcome("cookies made up, altered or used after signing out")


def fixed_sessions(sites: Sites) -> Outcome:
    """A session that somebody else has chosen is not taken over by signing in"""
    tries = Tries()
    visitor = sites.locked.visitor()
    told = visitor.post("/login", f"username={NAME}&password={quote(PASSWORD)}".encode(), {**FORM, "Cookie": "notes-session=chosen"})  # fmt: skip
    tries.expect("another token", cookie_of(told) not in ("", "notes-session=chosen"), "a new one")
    chosen = sites.locked.visitor().get("/config", {"Cookie": "notes-session=chosen"})
    tries.expect("the chosen one", chosen.status == 401, chosen.status)
    again = {cookie_of(post_login(sites.locked.visitor(), NAME, PASSWORD)) for _ in range(3)}
    tries.expect("each time another one", len(again) == 3, "never twice")
    said = told.headers.get("set-cookie", "").lower()
    tries.expect(said, "httponly" in said and "samesite=lax" in said, "HttpOnly, SameSite=Lax")
    proxied = post_login(sites.locked.visitor("127.0.0.1"), NAME, PASSWORD, X_Forwarded_Proto="https")  # fmt: skip
    is_secure = "secure" in proxied.headers.get("set-cookie", "").lower()
    tries.expect("behind TLS", is_secure, "Secure behind TLS")
    return tries.outcome("cookies chosen beforehand, and what they are marked with")


def sessions_end(sites: Sites) -> Outcome:
    """A new password ends the sessions of the old one; so does taking the name out"""
    tries = Tries()
    name, file = "temporary", sites.passwords
    before = file.read_text()
    try:
        keep_password(file, name, "first-password")
        visitor = sign_in(sites.locked, name, "first-password")
        tries.control("signed in", visitor.get("/config").status == 200)
        keep_password(file, name, "second-password")
        changed = visitor.get("/config").status
        tries.expect("the session after a new password", changed == 401, changed)
        old = sites.locked.visitor().get("/config", {"Authorization": basic(name, "first-password")})  # fmt: skip
        tries.expect("the old password", old.status == 401, old.status)
        visitor = sign_in(sites.locked, name, "second-password")
    finally:
        file.write_text(before)
    gone = visitor.get("/config").status
    tries.expect("the session of a name taken out", gone == 401, gone)
    return tries.outcome("sessions after the password or the name is gone")


def led_elsewhere(sites: Sites) -> Outcome:
    """Signing in and out leads nowhere else, and is done by no other site's page"""
    tries = Tries()
    for host in ("evil.example", "127.0.0.1.evil.example"):
        for path in ("/login?next=//evil.example", "/login?redirect=http://evil.example", "/login?_target_url=//evil", "/login/?u=\\\\evil"):  # fmt: skip
            body = f"username={NAME}&password={quote(PASSWORD)}&next=//evil.example".encode()
            told = sites.locked.visitor().post(path, body, {**FORM, "Accept": "text/html", "Host": host, "X-Forwarded-Host": host, "Referer": "http://evil.example"})  # fmt: skip
            where = told.headers.get("location", "")
            tries.expect(f"{path} → {where}", told.status == 303 and where == "/", "Location: /")
        out = sites.locked.visitor().get(f"/logout?next=//{host}", {"Host": host})
        tries.expect("/logout", out.headers.get("location") == "/", "Location: /")
    foreign = sites.locked.visitor().post("/login", b"username=a&password=b", {**FORM, "Origin": "http://evil.example"})  # fmt: skip
    tries.expect("another site's form", foreign.status == 403, foreign.status)
    return tries.outcome("places to be led to after signing in or out")


def odd_forms(sites: Sites) -> Outcome:
    """No odd form signs anybody in or brings the server down"""
    tries = Tries()
    fields = f"username={NAME}&password={quote(PASSWORD)}"
    forms: list[tuple[str, bytes, str]] = [
        *(("POST", body, "application/x-www-form-urlencoded") for body in (
            b"", b"=", b"username", b"username=&password=", b"\x00" * 500, b"\xff" * 500, b"&" * 4000, b"a=b&" * 1000,
            f"username={NAME}&password=%00{PASSWORD}".encode(), f"username={NAME}%00&password={PASSWORD}".encode(),
            f"username[]={NAME}&password[]={PASSWORD}".encode(), f"username={NAME}&password[$ne]=x".encode(),
            "username=ｍireille&password=x".encode(), b"username=%ED%A0%80&password=%ED%A0%80", f"x={'a' * 5000}&{fields}".encode(),
            f"username={NAME}&password={'a' * 60_000}".encode(), b"username=" + b"%F0%9F%92%A9" * 300 + b"&password=x")),
        *(("POST", body, "application/json") for body in (
            json.dumps({"username": NAME, "password": True}).encode(), json.dumps({"username": {"$gt": ""}, "password": {"$gt": ""}}).encode())),
        *(("POST", body, "multipart/form-data; boundary=zz") for body in (
            b"", b"--zz", b"--zz\r\n\r\n", b"--zz\r\nContent-Disposition: form-data; name=\"username\"; filename=\"a\"\r\n\r\nx\r\n--zz--\r\n", b"--zz\r\n" * 5000)),
        ("POST", b"x", "multipart/form-data"),
        *((method, fields.encode(), "application/x-www-form-urlencoded") for method in ("PUT", "PATCH", "DELETE", "GET")),
    ]  # fmt: skip
    for number, (method, body, kind) in enumerate(forms):
        visitor = sites.locked.visitor()
        told = visitor.ask(method, "/login", body, {"Content-Type": kind})
        tries.expect(f"{number}: {method} {body[:30]!r}", not cookie_of(told) and told.status in (400, 401, 405, 422), told.status)  # fmt: skip
    huge = sites.locked.visitor().post("/login", b"username=a&password=" + b"a" * 1_000_000, FORM)
    tries.expect("a password of 1 MB", huge.status == 413, huge.status)
    query = sites.locked.visitor().get(f"/login?{fields}")
    tries.expect("a password in the address", query.status == 401 and not cookie_of(query), query.status)  # fmt: skip
    return tries.outcome("forms that are none: bytes, types, sizes, methods")


def sign_in_page(sites: Sites) -> Outcome:
    """The form to sign in asks nothing of other hosts, tells nothing, and does not repeat what was typed"""
    tries = Tries()
    visitor = sites.locked.visitor()
    page = visitor.get("/", {"Accept": "text/html"})
    tries.expect("addresses", not re.search(r"https?://|<script|src=", page.text), "none")
    tries.expect("kept by caches", page.headers.get("cache-control") == "no-store", "no-store")
    typed = post_login(visitor, "<script>zorblax", '"><img src=x>', Accept="text/html")
    tries.expect("what was typed", "zorblax" not in typed.text and "<img" not in typed.text, "not repeated")  # fmt: skip
    names = {post_login(sites.locked.visitor(), one, "wrong-password", Accept="text/html").text for one in (NAME, "nobody")}  # fmt: skip
    tries.expect("a known and an unknown name", len(names) == 1, "told alike")
    return tries.outcome("the form to sign in")


def time_tells_names(sites: Sites) -> Outcome:
    """How long a refusal takes does not tell which names there are"""
    tries = Tries()
    took = {NAME: [], "nobody-there": []}  # type: dict[str, list[float]]
    for _ in range(12):
        for name, times in took.items():
            began = time.monotonic()
            post_login(sites.locked.visitor(), name, "wrong-password")
            times.append(time.monotonic() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    tries.expect("medians", 0.6 < known / unknown < 1.7, f"{known * 1e3:.0f} and {unknown * 1e3:.0f} ms")  # fmt: skip
    right = sign_in(sites.locked, SECOND, SECOND_PASSWORD)
    tries.control("the second name signs in", right.get("/config").status == 200)
    return tries.outcome("times of refusals")


TRICKS = (
    *(guessing_by_form, guessing_by_basic, basic_variants, forged_cookies, fixed_sessions),
    *(sessions_end, led_elsewhere, odd_forms, sign_in_page),
)
SLOW = (time_tells_names,)
