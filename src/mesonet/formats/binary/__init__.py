"""Files that are no text, whoever writes them: BUFR (and CREX, which is BUFR in characters), GRIB, NetCDF, HDF5, Parquet."""
