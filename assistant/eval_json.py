"""The JSON that `notes eval` prints; outside programs rely on these shapes."""

from collections.abc import Sequence
from typing import Any

from assistant.evaluation import NDCG, Comparison, Part, Row
from assistant.query_report import QueryReport, Told
from index.measuring.evaluate import figures

Json = dict[str, Any]


def comparison_json(comparison: Comparison, reports: Sequence[QueryReport] | None = None) -> Json:
    """Return one run's figures as one object, several as `runs`; measures are from 0 to 1."""
    documents = len(comparison.trial.collection.documents)
    runs = [_row(row, documents) for row in comparison.rows]
    told = runs[0]
    if len(runs) > 1:
        told = {"runs": runs, "queries": runs[0]["queries"], "documents": documents}
    return told if reports is None else {**told, "per_query": [_report(one) for one in reports]}


def _row(row: Row, documents: int) -> Json:
    groups = {name: _part(part) for name, part in row.groups.items()}
    compared = (
        {} if row.difference is None else {"difference": _rounded(row.difference), "p": row.p}
    )
    return {
        "model": row.model,
        "mode": row.run.mode.value,
        **figures(row.run, documents),
        "interval": [_rounded(end) for end in row.interval],
        **compared,
        **({"groups": groups} if groups else {}),
    }


def _part(part: Part) -> Json:
    return {
        "queries": part.queries,
        NDCG: _rounded(part.ndcg),
        "interval": [_rounded(end) for end in part.interval],
    }


def _report(report: QueryReport) -> Json:
    return {
        "id": report.id,
        "query": report.query,
        **({"group": report.group} if report.group else {}),
        "expected": [_told(document) for document in report.expected],
        "runs": [
            {
                "model": outcome.row.model,
                "mode": outcome.row.run.mode.value,
                NDCG: _rounded(outcome.ndcg),
                "rank": outcome.rank,
                "first": _told(outcome.first) if outcome.first else None,
            }
            for outcome in report.outcomes
        ],
    }


def _told(document: Told) -> Json:
    return {"id": document.id, "words": document.words}


def _rounded(value: float) -> float:
    return round(value, 4)
