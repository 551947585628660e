"""What Mesonet is about, in plain Python over the standard library: no AWS, no clock, no environment."""
