"""How is a question answered, and for whom? Answers, the command line, the app."""
