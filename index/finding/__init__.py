"""Which notes fit a question? Terms and vectors, filters, fusion, evidence, highlights."""
