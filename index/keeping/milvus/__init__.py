"""Milvus in the place of the vector file: a row a chunk, derived from the store and kept true to it."""
