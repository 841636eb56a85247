"""tantivy over the same pre-cut terms, beside SQLite: one field for all, or three with boosts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

try:
    import tantivy
except ModuleNotFoundError as missing:
    raise SystemExit("The peer is missing: pip install tantivy") from missing

from tests.bench.term_engines.chunks import Parts
from tests.bench.term_engines.engine import Hits

THREE_FIELDS = {"headings": 1.0, "metadata": 1.0, "body": 1.0}


class Tantivy:
    """`fields` and their boosts; without them the three columns are one field, as FTS5 counts."""

    def __init__(self, folder: Path, fields: Mapping[str, float] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.fields = dict(fields or {"terms": 1.0})
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("chunk", indexed=True, fast=True)
        for field in self.fields:
            builder.add_text_field(field, tokenizer_name="cut", index_option="freq")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(folder), reuse=True)
        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("cut", cut)
        self.index.config_reader(reload_policy="manual")

    def build(self, chunks: Iterable[Parts]) -> None:
        writer = self.index.writer(heap_size=256_000_000, num_threads=1)
        for chunk, parts in enumerate(chunks, start=1):
            writer.add_document(self._document(chunk, parts))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        should = [
            (tantivy.Occur.Should, self._term(field, term, boost))
            for term in terms
            for field, boost in self.fields.items()
        ]
        query = tantivy.Query.boolean_query(should)
        if allowed is not None:
            among = tantivy.Query.term_set_query(self.schema, "chunk", list(allowed))
            among = tantivy.Query.const_score_query(among, 0.0)
            both = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, among)]
            query = tantivy.Query.boolean_query(both)
        searcher = self.index.searcher()
        hits = searcher.search(query, limit=k, count=False).hits
        chunks = searcher.fast_field_values("chunk", [address for _, address in hits])
        return [(int(c or 0), float(score)) for c, (score, _) in zip(chunks, hits, strict=True)]

    def update(self, added: Mapping[int, Parts], removed: Sequence[int]) -> None:
        writer = self.index.writer(heap_size=64_000_000, num_threads=1)
        for chunk in removed:
            writer.delete_documents_by_term("chunk", chunk)
        for chunk, parts in added.items():
            writer.add_document(self._document(chunk, parts))
        writer.commit()
        self.index.reload()

    def _document(self, chunk: int, parts: Parts) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned("chunk", chunk)
        if len(self.fields) == 1:
            document.add_text("terms", " ".join(parts))
        else:
            for field, part in zip(THREE_FIELDS, parts, strict=True):
                document.add_text(field, part)
        return document

    def _term(self, field: str, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self.schema, field, term, index_option="freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)
