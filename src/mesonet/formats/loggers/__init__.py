"""What loggers and consoles write, and the programs beside them."""
