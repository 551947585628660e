"""The configuration of pygeoapi: one collection of observations, whichever provider reads it."""

from typing import Any


def configuration(provider: dict[str, Any]) -> dict[str, Any]:
    """`provider` is what reads the observations: its name, its data, and what else it wants to know."""
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 5000},
            "url": "http://127.0.0.1:5000",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "language": "en-US",
            "gzip": False,
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "https://tile.example.org/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Weather",
                "description": "Weather",
                "keywords": ["weather"],
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "https://example.org",
            },
            "license": {"name": "CC0", "url": "https://example.org"},
            "provider": {"name": "none", "url": "https://example.org"},
            "contact": {"name": "nobody"},
        },
        "resources": {
            "observations": {
                "type": "collection",
                "title": "Observations",
                "description": "Observations",
                "keywords": ["weather"],
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}, "temporal": {"begin": None, "end": None}},
                "providers": [
                    {
                        "type": "feature",
                        "id_field": "id",
                        "time_field": "time",
                        "count": False,
                        **provider,
                    }  # nobody else counts what fits
                ],
            }
        },
    }
