"""Processes that are killed, or whose disk fails, at a chosen write."""
