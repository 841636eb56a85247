"""Publishing: a hosted demo of the notes that may be seen. Not for: serving it (assistant/sharing)."""
