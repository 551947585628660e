"""Text files of one network, weather service or publisher, and the forms in which networks exchange series."""
