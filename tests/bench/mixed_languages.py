"""Notes in two languages at once: XQuAD with every other article in Chinese, the rest in English.

python -m tests.bench.mixed_languages ../shared/bench OUT

Writes a collection in BEIR form to OUT. Every question is asked in both languages, so that half of
the answers are in the question's language and half are not; a search must not favour either.
"""

import json
import sys
from pathlib import Path

from index.measuring.collection import Collection, read_collection

SETS = {"zh": "xquad-zh-zh", "en": "xquad-en-en"}


def main() -> None:
    bench, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    read = {language: read_collection(bench / name) for language, name in SETS.items()}
    documents = [
        {"id": document, "title": title, "text": text}
        for language, collection in read.items()
        for document, (title, text) in collection.documents.items()
        if language_of_article(document) == language
    ]
    queries, qrels = [], ["query-id\tcorpus-id\tscore"]
    for language, collection in read.items():
        for query, text in collection.queries.items():
            queries.append({"id": f"{language}-{query}", "text": text})
            qrels += [f"{language}-{query}\t{line}" for line in _judged(collection, query)]
    for name, records in (("corpus", documents), ("queries", queries)):
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (out / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (out / "qrels.tsv").write_text("\n".join(qrels) + "\n", encoding="utf-8")


def language_of_article(document: str) -> str:
    """Return the language in which the article of a paragraph (`p07-03`) is kept."""
    return "zh" if int(document[1:3]) % 2 else "en"


def _judged(collection: Collection, query: str) -> list[str]:
    return [f"{document}\t{grade:g}" for document, grade in collection.qrels[query].items()]


if __name__ == "__main__":
    main()
