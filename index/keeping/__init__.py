"""How is an index kept true? The store, updates, and what is derived from the store."""
