"""What was typed, as a query."""

from collections.abc import Mapping, Sequence

from index.finding.filters import Query, parse_query


def query_of(text: str, fields: Mapping[str, Sequence[str]] | None) -> Query:
    """Read the query language in `text`; `fields` are more filters."""
    more = {name: tuple(map(encodable, values)) for name, values in (fields or {}).items()}
    return parse_query(encodable(text)).also(more)


def encodable(text: str) -> str:
    """Put "?" where a terminal of another encoding left bytes that are no characters."""
    return text.encode(errors="replace").decode()
