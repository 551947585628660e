"""Mesonet: take in, catalogue, check and serve the observations of weather-station networks."""
