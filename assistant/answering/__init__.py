"""How a question is answered: what of the notes is quoted, and what a follow-up means."""
