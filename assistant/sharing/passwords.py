"""A file of names and hashed passwords: one `name:hash` a line, the hash Argon2id's (RFC 9106)."""

import hashlib
import hmac
import os
import secrets
import tempfile
import threading
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from corpus.errors import NotesError

SHORTEST = 8
"""Characters of a password."""

_AT_ONCE = 2
"""Each check takes 64 MiB and some hundredths of a second, so that guessing is slow."""

_KNOWN = 1000


class Passwords:
    """The passwords of a file, as it is now. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file.expanduser()
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._secret = secrets.token_bytes(32)
        self._known: dict[bytes, str] = {}
        self._checking = threading.Semaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._stamp = _stamp(self._file)
        self._hashes = read_passwords(self._file)
        if not self._hashes:
            raise NotesError(
                f"{self._file} holds no name and password.",
                f"Add one: notes password NAME --auth {self._file}",
            )

    def hash_of(self, name: str) -> str:
        """Return what the file has for `name`: another one after a new password, "" for nobody."""
        return self._now().get(name, "")

    def fits(self, name: str, password: str) -> bool:
        """Whether `password` is that of `name`. An unknown name takes as long as a known one."""
        kept = self._now().get(name, "")
        pair = f"{len(name)}:{name}:{password}".encode(errors="surrogatepass")
        mark = hmac.digest(self._secret, pair, "sha256")
        if kept and hmac.compare_digest(self._known.get(mark, "").encode(), kept.encode()):
            return True
        with self._checking:
            if not _verified(self._hasher, kept or self._nobody, password) or not kept:
                return False
        with self._lock:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[mark] = kept
        return True

    def _now(self) -> dict[str, str]:
        """Return the hashes by name, read again where the file has changed."""
        stamp = _stamp(self._file)
        with self._lock:
            if stamp != self._stamp:
                try:
                    self._hashes = read_passwords(self._file)
                except NotesError:  # unreadable: nobody comes in until it is mended
                    self._hashes = {}
                self._stamp = stamp
            return self._hashes


def _verified(hasher: PasswordHasher, kept: str, password: str) -> bool:
    try:
        return hasher.verify(kept, password)
    except (Argon2Error, InvalidHashError, UnicodeError):
        return False


def read_passwords(file: Path) -> dict[str, str]:
    """Read hashes by name. Raises NotesError where the file is no such file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotesError(
            f"The file of passwords {file} cannot be read: {_why(error)}.",
            f"Make it: notes password NAME --auth {file}",
        ) from error
    hashes: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, kept = line.partition(":")
        if not name or not kept.startswith("$argon2id$"):
            raise NotesError(
                f"Line {number} of {file} is not a name and a hashed password.",
                f"Passwords are never kept as they are: notes password NAME --auth {file}",
            )
        hashes[name] = kept.strip()
    return hashes


def keep_password(file: Path, name: str, password: str) -> bool:
    """Write a name with its password's hash into a file; return whether the name is new there.

    The file is made if there is none, so that only its owner may read it.
    """
    if not name or name != name.strip() or ":" in name or not name.isprintable() or name[0] == "#":
        raise NotesError(f"{name!r} cannot be a name.", "Take letters and digits.")
    if len(password) < SHORTEST:
        raise NotesError(
            f"The password is too short: {len(password)} characters.",
            f"Take {SHORTEST} or more.",
        )
    file = file.expanduser()
    hashes = read_passwords(file) if file.exists() else {}
    is_new = name not in hashes
    hashes[name] = PasswordHasher().hash(password)
    text = "".join(f"{known}:{kept}\n" for known, kept in hashes.items())
    try:
        _write(file, text)
    except OSError as error:
        raise NotesError(
            f"The file of passwords {file} cannot be written: {error.strerror}.",
            "Name another one with --auth.",
        ) from error
    return is_new


def _write(file: Path, text: str) -> None:
    handle, aside = tempfile.mkstemp(".tmp", file.name, file.absolute().parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(aside).replace(file)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def _stamp(file: Path) -> bytes:
    """Return what tells one state of the file from another."""
    try:
        status = file.stat()
    except OSError:
        return b""
    told = f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
    return hashlib.blake2b(told.encode(), digest_size=16).digest()


def _why(error: OSError | UnicodeDecodeError) -> str:
    return "it is not text" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
