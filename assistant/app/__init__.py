"""The page: ask, search and look after the index, in a browser on this machine."""
