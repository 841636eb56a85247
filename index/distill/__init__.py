"""How is the bundled model made? Nothing here runs when notes are indexed or searched.

In order, each a command (`make model` runs them): `cedict` writes the dictionary as training text,
`cleaning` takes out what is kept for testing, `vocabulary` writes the tokenizer, `alignment` the
start, `training` the student, `evaluation` compares models, `export` writes the bundled folder.
"""
