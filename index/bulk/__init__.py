"""How do many machines build one index? Ray Data reads and embeds, one process writes."""
