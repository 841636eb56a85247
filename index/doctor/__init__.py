"""Is an index what it should be, and what mends it? Every rule that it must keep, checked."""
