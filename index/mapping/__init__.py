"""All notes as points by meaning: where each lies, which lie together, and what those are about."""
