"""What a question means in a conversation, so that it can be searched for by itself."""
