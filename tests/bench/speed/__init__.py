"""Speed beside other libraries: embedding, questions, memory, start (`make bench-speed`)."""
