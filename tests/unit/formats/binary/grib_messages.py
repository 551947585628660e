"""Messages of GRIB, as eccodes writes them."""

from typing import Any

import eccodes


def message(sample: str = "GRIB2", /, **values: Any) -> bytes:
    """One of eccodes' samples, of 29 February 2024, 06:00, with some keys set."""
    handle = eccodes.codes_grib_new_from_samples(sample)
    try:
        for name, value in {"dataDate": 20240229, "dataTime": 600, **values}.items():
            eccodes.codes_set(handle, name, value)
        return bytes(eccodes.codes_get_message(handle))
    finally:
        eccodes.codes_release(handle)
