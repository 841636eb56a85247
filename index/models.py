"""Which embedder a model's name means."""

from index.embedder import Embedder

BUNDLED_NAME = "bundled"


def load_embedder(name: str | None = None) -> Embedder:
    """Load the bundled model (None or "bundled"), else a Sentence Transformers hub name or folder.

    Raises NotesError for a model that cannot be loaded.
    """
    if name is None or name == BUNDLED_NAME:
        from index.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder()
    from index.sentence_transformers_embedder import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(name)
