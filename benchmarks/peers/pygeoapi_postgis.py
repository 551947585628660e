"""pygeoapi with its own provider of PostgreSQL, over a table of PostGIS."""

from typing import Any

from benchmarks.peers import pygeoapi_config


def configuration(database: dict[str, Any]) -> dict[str, Any]:
    """`database` is how it is reached: host, port, dbname, user, password."""
    reached = {**database, "search_path": ["public"]}
    return pygeoapi_config.configuration({"name": "PostgreSQL", "data": reached, "table": "readings", "geom_field": "place"})


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
