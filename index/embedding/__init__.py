"""How does text become vectors? Models, windows, and what decides a vector."""
