"""`python -m assistant` is the `notes` command."""

from assistant.cli import main

main()
