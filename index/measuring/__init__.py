"""How good is the search? Test collections, the user's own notes, metrics, comparisons."""
