"""What do the notes say? Files become notes, notes become chunks."""
