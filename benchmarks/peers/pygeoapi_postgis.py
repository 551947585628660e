"""The configuration of pygeoapi with its own provider of PostgreSQL, over a table of PostGIS."""

from typing import Any


def configuration(database: dict[str, Any]) -> dict[str, Any]:
    """`database` is how it is reached: host, port, dbname, user, password."""
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
                        "name": "PostgreSQL",
                        "data": {**database, "search_path": ["public"]},
                        "table": "readings",
                        "id_field": "id",
                        "time_field": "time",
                        "geom_field": "place",
                        "count": False,  # nor does anyone else count what fits
                    }
                ],
            }
        },
    }


TABLE = """
CREATE EXTENSION postgis;
CREATE TABLE readings (
    id serial PRIMARY KEY, station text, time timestamptz,
    air_temperature float, relative_humidity float, wind_speed float, place geometry(Point, 4326)
);
COPY readings (station, time, air_temperature, relative_humidity, wind_speed, place) FROM STDIN;
{rows}
\\.
CREATE INDEX ON readings (station, time);
CREATE INDEX ON readings USING gist (place);
VACUUM ANALYZE readings;
"""
