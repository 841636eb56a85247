"""The assistant over one index: search, ask, status. What the command line and the app share."""

from collections.abc import Mapping
from pathlib import Path

from assistant.answer import Answer
from assistant.quoting import quote_answer, refuse
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedder import Embedder
from index.evidence import THRESHOLD
from index.facets import facets
from index.filters import Query, parse_query
from index.hit import Mode
from index.models import load_embedder
from index.search import Found, Searcher
from index.status import Status, model_of, read_status
from index.store import Store
from index.update import Update, update

DEPTH = 10
"""Notes that are searched for before an answer is chosen among them."""


class Assistant:
    """Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        model: str | None = None,
        roles: Roles = ROLES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.store = Store(folder)
        self._model, self._roles, self._max_bytes = model, roles, max_bytes
        self.embedder: Embedder = load_embedder(model or model_of(self.store))
        self.searcher = Searcher(self.store, self.embedder)

    def search(
        self,
        text: str,
        k: int = 10,
        mode: Mode = Mode.HYBRID,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Found:
        """Find notes; `text` may hold filters, `fields` are more of them (name → values)."""
        return self.searcher.search(parse_query(_encodable(text)).also(fields or {}), k, mode)

    def ask(self, question: str) -> Answer:
        """Answer from the notes, or say that they do not hold the answer."""
        question = _encodable(question)
        found = self.searcher.search(Query(question), DEPTH)
        confidence = found.evidence.probability
        if not found.hits or confidence < THRESHOLD:
            return refuse(question, found.hits, confidence)
        return quote_answer(question, found.hits, found.weights, self.embedder, confidence)

    def update(self, on_progress: OnProgress = silent) -> Update:
        """Bring the index up to date with its vaults; searches follow by themselves."""
        return update(
            self.store,
            [],
            self.embedder,
            model=self._model or model_of(self.store),
            roles=self._roles,
            max_bytes=self._max_bytes,
            on_progress=on_progress,
        )

    def facets(self) -> dict[str, dict[str, int]]:
        """Return the values that filters can take, with counts."""
        with self.store.reading() as db:
            return facets(db)

    def status(self) -> Status:
        """Return what the index holds."""
        return read_status(self.store)


def _encodable(text: str) -> str:
    """Put "?" where a terminal of another encoding left bytes that are no characters."""
    return text.encode(errors="replace").decode()
