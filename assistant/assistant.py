"""The assistant over one index: search, ask, status. What the command line and the app share.

What a search does without is imported where it is used: half of a command's time is imports.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from assistant.asked import encodable, query_of
from assistant.bounds import OWN, Bounds
from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.embedder import Embedder
from index.embedding.models import load_embedder
from index.finding.as_of import AsOf
from index.finding.evidence import THRESHOLD, weigh_evidence
from index.finding.facets import facets, unknown_values
from index.finding.file_now import FileNow, Place, place_of, read_file
from index.finding.filters import Query
from index.finding.freshness import freshen
from index.finding.highlights import Highlighter
from index.finding.hit import Freshness, Hit, Mode
from index.finding.options import settle_options
from index.finding.order import Order, order_hits
from index.finding.rating import Rater
from index.finding.reranker import SECONDS, Reranker
from index.finding.search import Found, Searcher
from index.keeping.status import Status, model_of, read_status
from index.keeping.store import Store, generation
from index.keeping.vaults import all_vaults

if TYPE_CHECKING:
    from assistant.answering.answer import Answer
    from assistant.follow_ups.resolving import Exchange
    from assistant.generation.endpoint import Endpoint
    from assistant.generation.writer import Writer
    from index.keeping.update import Update
    from index.mapping.layout import Layout
    from index.mapping.map import Map
    from index.mapping.points import Points

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

DEPTH = 10
"""Notes that are searched for before an answer is chosen among them."""

_MOST = 8
"""Where notes are gone, at most so many times the wanted ones are looked at for others."""


class Assistant:
    """Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        model: str | None = None,
        roles: Roles = ROLES,
        max_bytes: int = MAX_BYTES,
        reranker: str | None = None,
        reranker_seconds: float = SECONDS,
        endpoint: "Endpoint | None" = None,
        bounds: Bounds = OWN,
    ) -> None:
        self.bounds = bounds
        self.store = Store(folder, is_kept_open=True)
        self._model, self._roles, self._max_bytes = model, roles, max_bytes
        self.embedder: Embedder = load_embedder(model or model_of(self.store))
        self._rater = Rater(self.embedder)
        self._highlighter = Highlighter(self._rater)
        self.writer = _writer(endpoint, self._rater) if endpoint else None
        self._mapping = Lock()
        self.as_of = AsOf(self.store)
        self.searcher = Searcher(
            self.store, self.embedder, _load_reranker(reranker, reranker_seconds)
        )

    def call(
        self,
        function: Callable[Concatenate["Assistant", Arguments], Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Return `function(self, …)`; see Crew."""
        return function(self, *args, **kwargs)

    def search(
        self,
        text: str,
        k: int = 10,
        mode: Mode = Mode.HYBRID,
        fields: Mapping[str, Sequence[str]] | None = None,
        order: Order = Order.BEST,
        lit: bool = True,
    ) -> Found:
        """Find notes; `text` may hold filters, `fields` are more of them (see Query.also).

        What answers in them is `lit`, which takes longer than to find them.

        Without words and filters these are all notes, unless the best are wanted.
        """
        query = query_of(text, fields)
        with self.store.reading() as db:
            query = settle_options(db, query)
        found = self._search(query, k, mode, order)
        if found.hits and not lit:
            return found
        if found.hits:
            asked = " ".join((found.query.words, *found.query.phrases))
            return replace(found, hits=self._highlighter.light(asked, found.hits))
        if not query.wanted:
            return found
        with self.store.reading() as db:
            notices = (*found.query.notices, *unknown_values(db, found.query))
        return replace(found, query=replace(found.query, notices=notices))

    def _search(
        self, query: Query, k: int, mode: Mode = Mode.HYBRID, order: Order = Order.BEST
    ) -> Found:
        """Return the first `k` notes as their files are; those that are gone make room.

        What a file no longer says is no evidence of an answer.
        """
        wanted = k
        first = Order.BEST if query.words.strip() else order  # others may have to make room
        while True:
            found = self.searcher.search(query, wanted, mode, first)
            hits = freshen(self.store, found.hits, found.generation)
            if len(hits) >= k or len(found.hits) < wanted or wanted > _MOST * k:
                break
            wanted *= 2
        evidence = found.evidence
        if len(_said(hits)) < len(found.hits) or wanted > k:
            evidence = weigh_evidence(query.words, _said(hits)[:k], found.weights, found.scale)
        return replace(found, hits=order_hits(hits[:k], order), evidence=evidence)

    def ask(self, question: str, earlier: "Sequence[Exchange]" = ()) -> "Answer":
        """Answer from the notes, or say that they do not hold the answer; see `answers`."""
        *_, answer = self.answers(question, earlier)
        return answer

    def answers(
        self,
        question: str,
        earlier: "Sequence[Exchange]" = (),
        searched: str = "",
        stop: Event | None = None,
    ) -> "Iterator[Answer]":
        """Yield the answer as it grows; only where a language model writes, there is more than one.

        A question that follows `earlier` ones (the oldest first) is searched for as what it means
        there, or as `searched` if that is given. `stop`, set by any thread, ends the writing.
        """
        from assistant.answering.answer import Answer
        from assistant.answering.phrases import acknowledge
        from assistant.answering.quoting import quote_answer, refuse
        from assistant.follow_ups.resolving import resolve

        question = encodable(question)
        wanted = encodable(searched).strip()
        if not wanted:
            resolved = resolve(question, earlier, self._probe)
            if resolved.is_reply:
                yield Answer(question, False, 0.0, acknowledge(question), (), (), is_reply=True)
                return
            wanted = resolved.searched
        found = self._probe(wanted)
        said = _said(found.hits)
        confidence = found.evidence.probability
        if not said or confidence < THRESHOLD:
            answer = refuse(question, found.hits, confidence)
        else:
            answer = quote_answer(wanted, said, found.weights, self._rater, confidence)
        lit = self._highlighter.light(wanted, answer.sources)
        answer = replace(
            answer,
            question=question,
            searched="" if wanted == question.strip() else wanted,
            sources=lit,
            overdue=found.overdue,
        )
        if self.writer is None or not answer.is_answered:
            yield answer
            return
        from assistant.generation.writer import GIVEN

        hits = (*lit, *said[len(lit) : GIVEN])
        before = [(one.question, one.answer.text) for one in earlier]
        yield from self.writer.write(answer, hits, before, stop or Event())

    def _probe(self, question: str) -> Found:
        """Search as an answer does."""
        return self._search(Query(question), DEPTH)

    def warm_up(self) -> None:
        """Load what the first question would wait for."""
        with suppress(NotesError):  # it will be told to whoever asks
            self.ask("?!")
            self.search("warm up")

    def read_file(self, vault: str, path: str) -> FileNow:
        """Read a file of the index as it is now; see index.finding.file_now."""
        with self.store.reading() as db:
            return read_file(db, encodable(vault), encodable(path), self._roles, self._max_bytes)

    def like(self, key: str, k: int = 5) -> tuple[Hit, ...]:
        """Return the `k` notes nearest in meaning to a note, as their files are now."""
        hits = self.searcher.like(key, 2 * k)
        with self.store.reading() as db:
            at = generation(db)
        return freshen(self.store, hits, at)[:k]

    def place_of(self, key: str) -> Place | None:
        """Return where the note with id `key` stands, None if it is gone."""
        with self.store.reading() as db:
            return place_of(db, key)

    def map(self, layout: "Layout") -> "tuple[Map, Points]":
        """Return all notes as points by meaning, and what can be shown of them."""
        from index.mapping.map import read_map
        from index.mapping.points import read_points

        with self._mapping:  # who comes second finds it made
            drawn = read_map(self.store, layout)
        with self.store.reading() as db:
            return drawn, read_points(db, drawn)

    def update(self, on_progress: OnProgress = silent, wait: float = 30.0) -> "Update":
        """Bring the index up to date with its vaults; searches follow by themselves.

        Another writer is waited for `wait` seconds.
        """
        from index.keeping.update import update

        return update(
            self.store,
            [],
            self.embedder,
            model=self._model or model_of(self.store),
            roles=self._roles,
            max_bytes=self._max_bytes,
            on_progress=on_progress,
            wait=wait,
        )

    def roots(self) -> list[Path]:
        """Return the places of the index's vaults."""
        with self.store.reading() as db:
            return [vault.root for vault in all_vaults(db)]

    def facets(
        self, text: str = "", fields: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, dict[str, int]]:
        """Return the values that filters can take, with counts of the notes that filters leave."""
        query = query_of(text, fields)
        with self.store.reading() as db:
            query = settle_options(db, query)
            if query.is_filtered:
                return facets(db, query)
        return self.as_of.get("facets", self._count_all)

    def _count_all(self) -> dict[str, dict[str, int]]:
        with self.store.reading() as db:
            return facets(db)

    def has_notes(self) -> bool:
        """Whether there is anything to be found."""
        with self.store.reading() as db:
            return db.execute("SELECT 1 FROM notes LIMIT 1").fetchone() is not None

    def status(self) -> Status:
        """Return what the index holds."""
        status = self.as_of.get("status", lambda: read_status(self.store))
        return read_status(self.store) if status.waiting else status


def _said(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits whose files still say them, as far as that can be known."""
    return tuple(hit for hit in hits if hit.freshness is not Freshness.CHANGED)


def _writer(endpoint: "Endpoint", rater: Rater) -> "Writer":
    from assistant.generation.writer import Writer

    return Writer(endpoint, rater)


def _load_reranker(name: str | None, seconds: float) -> Reranker | None:
    if not name:
        return None
    from index.finding.cross_encoder import load_reranker

    return load_reranker(name, seconds)
