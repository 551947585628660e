"""JSON: what weather services answer, and what open standards describe."""
