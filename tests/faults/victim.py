"""An index of a changing vault whose updates are killed, and what must hold after each kill."""

import json
import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.document import read_document
from corpus.errors import NotesError
from corpus.scan import scan
from index.doctor.examine import examine
from index.embedding.embedder import Embedder
from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.recipe import recipe_of
from index.finding.search import Searcher
from index.keeping.plan import cut_document
from index.keeping.store import NoIndexError, Store, generation
from tests.faults.shim import Shim
from tests.index.keeping.contents import contents

QUESTIONS = ("如何减少内存占用", "how to undo the last commit", "网络延迟", "table of tips")

Said = frozenset[tuple[str, int, str]]
"""The notes of a vault: path, place and text."""


@dataclass
class Victim:
    """A vault of its own, an index of it, and a tally of what was done to them."""

    folder: Path
    source: Path
    embedder: Embedder
    shim: Shim
    random: random.Random
    files: int = 60
    store: Store = field(init=False)
    tally: Counter[str] = field(default_factory=Counter)
    committed: Said | None = None
    """What the index said when it was last looked at, None before its first complete update."""

    writes: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.vault = self.folder / "vault"
        self.vault.mkdir(parents=True)
        self.store = Store(self.folder / "index")
        found = scan(self.source).found
        for one in self.random.sample(found, min(self.files, len(found))):
            target = self.vault / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(one.file, target)

    def measure(self) -> None:
        """Find out, once, how many writes and seconds a first update takes; no index is left."""
        if self.writes:
            return
        began = time.monotonic()
        first = self.update()
        assert first.returncode == 0, first
        self.writes, self.seconds = self.shim.count, time.monotonic() - began
        shutil.rmtree(self.store.folder)

    def change(self) -> None:
        """Edit, add, move, copy and delete some notes."""
        for _ in range(self.random.randint(1, 5)):
            files = sorted(path for path in self.vault.rglob("*") if path.is_file())
            file = self.random.choice(files)
            match self.random.choice(("edit", "edit", "add", "move", "twin", "delete")):
                case "edit":
                    with file.open("a", encoding="utf-8") as text:
                        text.write(
                            f"\n\n## 新的 {self.random.random()}\n\nan edit of {file.name}\n"
                        )
                case "add":
                    new = self.vault / f"new {self.random.randrange(10**9)}.md"
                    new.write_text(f"# New\n\nnote {self.random.random()} 一条笔记\n")
                case "move":
                    file.rename(file.with_name(f"moved{self.random.randrange(10**9)}.md"))
                case "twin":
                    shutil.copyfile(file, file.with_name(f"twin{self.random.randrange(10**9)}.md"))
                case "delete":
                    if len(files) > 10:
                        file.unlink()

    def update(
        self, kind: str = "", at: int = 0, only: str = "", seconds: float | None = None
    ) -> "Ended":
        """Run `notes index`; a fault strikes at call `at`, or a kill after `seconds`."""
        command = [sys.executable, "-m", "assistant", "index", str(self.vault), "--json"]
        command += ["--index", str(self.store.folder)]
        process = subprocess.Popen(
            command,
            env=self.shim.environment(self.store.folder, kind, at, only),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return Ended(process.returncode, out, err, self.shim.where())

    def check(self) -> None:
        """Check that the index is sound and says what it said or what the vault says, no mixture."""
        if not self.store.exists:
            return
        found = examine(self.store, recipe_of(self.embedder)) if self._has_tables() else None
        if found is None:
            return
        assert found.findings == [], found.findings
        with self.store.reading() as db:
            if not generation(db):
                assert self.committed is None
                return
            rows = db.execute(
                "SELECT path, span_start, text FROM notes JOIN files ON files.id = file"
            )
            says = frozenset((row[0], row[1], row[2]) for row in rows)
        assert says in (self.committed, self.should_say())
        self.committed = says
        searcher = Searcher(self.store, self.embedder)
        for question in QUESTIONS:
            for hit in searcher.search(question, 5).hits:
                assert (hit.note.path, hit.note.span.start, hit.note.text) in says
        self.tally["searches"] += len(QUESTIONS)

    @contextmanager
    def searches_beside(self) -> Iterator[None]:
        """Search in another process while updates are killed; an error there is raised here."""
        context = multiprocessing.get_context("spawn")
        stop, count, trouble = context.Event(), context.Value("i", 0), context.Queue()
        process = context.Process(
            target=_search_beside, args=(self.store.folder, stop, count, trouble), daemon=True
        )
        process.start()
        try:
            yield
        finally:
            stop.set()
            process.join(60)
        self.tally["searches beside"] += count.value
        assert trouble.empty(), trouble.get()
        assert process.exitcode == 0

    def _has_tables(self) -> bool:
        try:
            with self.store.reading():
                return True
        except NoIndexError:  # killed before the tables were made
            return False

    def finish(self) -> None:
        """Let an update end, and check that it embeds nothing that was committed."""
        wanted = len(self._needed() - self._kept())
        ended = self.update()
        assert ended.returncode == 0, ended
        assert ended.embedded == wanted
        self.tally["embedded"] += wanted
        self.check()
        assert self.committed == self.should_say()

    def should_say(self) -> Said:
        """Return the notes that the vault's files hold now, read without an index."""
        return frozenset(
            (note.path, note.span.start, note.text)
            for found in scan(self.vault).found
            for note in read_document(found.path, found.file.read_bytes()).notes
        )

    def _needed(self) -> set[bytes]:
        documents = (
            read_document(found.path, found.file.read_bytes()) for found in scan(self.vault).found
        )
        return {
            key
            for document in documents
            for chunks in cut_document(document, self.embedder)
            for _, key in chunks
        }

    def _kept(self) -> set[bytes]:
        if not self.store.exists or not self._has_tables():
            return set()
        with self.store.reading() as db:
            return {bytes(row[0]) for row in db.execute("SELECT key FROM vectors")}

    def equals_an_undisturbed_build(self) -> bool:
        """Whether the index holds what one made at once holds, its vectors bit for bit."""
        other = Store(self.folder / "undisturbed")
        command = [sys.executable, "-m", "assistant", "index", str(self.vault)]
        subprocess.run(
            [*command, "--index", str(other.folder)], check=True, capture_output=True, text=True
        )
        return contents(self.store) == contents(other)


def _search_beside(folder: Path, stop: Any, count: Any, trouble: Any) -> None:
    """Search until told to stop; what goes wrong, other than that there is no index yet, is told."""
    store, embedder, searcher = Store(folder), OnnxEmbedder(threads=1), None
    while not stop.is_set():
        try:
            if searcher is None:
                searcher = Searcher(store, embedder)
            for question in QUESTIONS:
                searcher.search(question, 5)
                count.value += 1
        except NotesError as error:
            if "There is no index" not in error.message and "begun and not" not in error.message:
                trouble.put(repr(error))
            searcher = None
        except Exception as error:  # noqa: BLE001 - told to the test, which fails by it
            trouble.put(repr(error))
        time.sleep(0.1)


@dataclass(frozen=True)
class Ended:
    """How an update ended; `where` is the file at which a fault struck."""

    returncode: int
    out: str
    err: str
    where: str

    @property
    def is_killed(self) -> bool:
        """Whether it was killed."""
        return self.returncode == -signal.SIGKILL

    @property
    def embedded(self) -> int:
        """How many texts it embedded."""
        return int(json.loads(self.out)["embedded"])


def kill_many(victim: Victim, kills: int) -> Iterator[str]:
    """Change and update until so many updates were killed; yield where each was.

    Of ten kills four are at a random write, two at a write to the vector file, and four at a random
    time.
    """
    victim.measure()
    done = 0
    while done < kills:
        if done:
            victim.change()
        match victim.random.randrange(10):
            case 0 | 1 | 2 | 3:
                ended = victim.update("kill", at=victim.random.randint(1, victim.writes))
            case 4 | 5:
                ended = victim.update("kill", at=victim.random.randint(1, 4), only="vectors.")
            case _:
                ended = victim.update(seconds=victim.random.uniform(0.3, victim.seconds))
        if ended.is_killed:
            done += 1
            victim.check()
            yield ended.where or "at a random time"
        else:
            assert ended.returncode == 0, ended
            victim.tally["not killed"] += 1
            victim.check()
            assert victim.committed == victim.should_say()
        if victim.random.random() < 0.3:
            victim.finish()
    victim.finish()


def fail_many(victim: Victim, kind: str, faults: int) -> Iterator[str]:
    """Change and update with a disk that fails at a random write; yield where it did."""
    victim.measure()
    done = 0
    while done < faults:
        if done:
            victim.change()
        at = victim.random.randint(1, victim.writes)
        only = victim.random.choice(("", "", "vectors."))
        ended = victim.update(kind, at=at if not only else victim.random.randint(1, 4), only=only)
        if ended.where:
            done += 1
            assert "Traceback" not in ended.err, ended
            assert ended.returncode == 0 or (ended.returncode == 1 and "notes: " in ended.err), (
                ended
            )
            yield f"{ended.where}: {'survived' if ended.returncode == 0 else 'told'}"
        victim.check()
        victim.finish()
