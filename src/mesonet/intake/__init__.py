"""Turns what is sent live into observations, the same for HTTP, consoles and streams. Below functions, above stores."""
