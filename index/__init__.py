"""How is a note found? `measuring` → `finding` → `keeping` → `embedding`, imports this way only."""
