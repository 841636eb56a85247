"""Files that a user drops on the app become notes: Markdown as it is, documents converted.

What is dropped is not trusted: not its name, not what an archive says of itself, not its content.
"""
