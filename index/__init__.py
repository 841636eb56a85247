"""How is a note found? Embedding, vectors, terms, fusion, evaluation."""
