"""Which embedder a model's name means."""

from pathlib import Path

from index.embedding.embedder import Embedder

BUNDLED_NAME = "bundled"


def full_name(name: str) -> str:
    """Return the name by which a model is found from anywhere: a folder's absolute path."""
    folder = Path(name).expanduser()
    return str(folder.resolve()) if name != BUNDLED_NAME and folder.is_dir() else name


def load_embedder(name: str | None = None, threads: int = 0) -> Embedder:
    """Load the bundled model (None or "bundled"), else a Sentence Transformers hub name or folder.

    The bundled one works in so many `threads`, 0 for one on every core. Raises NotesError for a
    model that cannot be loaded.
    """
    if name is None or name == BUNDLED_NAME:
        from index.embedding.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(threads=threads)
    from index.embedding.sentence_transformers_embedder import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(full_name(name))
