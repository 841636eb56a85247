"""What decides a stored vector, and the key that it has by that."""

import hashlib

from corpus.chunk import TEMPLATE
from index.embedding.embedder import Embedder
from index.embedding.windows import WINDOWS

MAX_CHUNK_TOKENS = 256


def chunk_tokens(embedder: Embedder) -> int:
    """Return how many tokens a chunk may have, with its header and special tokens."""
    return min(embedder.max_tokens, MAX_CHUNK_TOKENS)


def recipe_of(embedder: Embedder) -> str:
    """Name everything that changes a stored vector: model, prompts, chunking, text template."""
    chunks = f"chunks of {chunk_tokens(embedder)} tokens"
    return f"{embedder.recipe}; {chunks}; {WINDOWS}; {TEMPLATE!r}"


def vector_key(recipe: str, embedded: str) -> bytes:
    """Return the key of a text's vector: blake2b, 128 bits, of recipe and text."""
    told = f"{recipe}\0{embedded}".encode(errors="surrogatepass")
    return hashlib.blake2b(told, digest_size=16).digest()
