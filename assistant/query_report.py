"""What became of each query: where the right document came, and what came before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from assistant.evaluation import NDCG, Comparison, Row
from corpus.words import first_words


@dataclass(frozen=True, slots=True)
class Told:
    """A document: its id and its title or first words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of a query. `rank` is the first right document's, 1-based, None if it is not there.

    `first` is the document that came first.
    """

    row: Row
    ndcg: float
    rank: int | None
    first: Told | None


@dataclass(frozen=True, slots=True)
class QueryReport:
    """A query, the documents that are right, and its outcome in each run."""

    id: str
    query: str
    group: str
    expected: tuple[Told, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def ndcg(self) -> float:
        """The mean over the runs."""
        return fmean(outcome.ndcg for outcome in self.outcomes)


def report_queries(comparison: Comparison) -> list[QueryReport]:
    """Return a report of each judged query, the worst first."""
    trial = comparison.trial
    scores = [
        dict(zip(row.run.rankings, row.run.scores[NDCG], strict=True)) for row in comparison.rows
    ]
    reports = []
    for query in comparison.rows[0].run.rankings:
        right = [doc for doc, grade in trial.collection.qrels[query].items() if grade > 0]
        outcomes = tuple(
            _outcome(comparison, row, query, right, by_query[query])
            for row, by_query in zip(comparison.rows, scores, strict=True)
        )
        expected = tuple(_told(comparison, document) for document in right)
        text, group = trial.collection.queries[query], trial.groups.get(query, "")
        reports.append(QueryReport(query, text, group, expected, outcomes))
    return sorted(reports, key=lambda report: report.ndcg)


def _outcome(
    comparison: Comparison, row: Row, query: str, right: list[str], ndcg: float
) -> Outcome:
    ranking = row.run.rankings[query]
    rank = next((at for at, found in enumerate(ranking, start=1) if found in right), None)
    return Outcome(row, ndcg, rank, _told(comparison, ranking[0]) if ranking else None)


def _told(comparison: Comparison, document: str) -> Told:
    documents: Mapping[str, tuple[str, str]] = comparison.trial.collection.documents
    title, text = documents.get(document, ("", ""))
    words = first_words(text)
    said = title if title[:20] in words else f"{title}: {words}" if title else words
    return Told(document, said)
