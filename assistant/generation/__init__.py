"""Answers written by a language model, checked against the notes."""
