"""Files that are no text, whoever writes them: BUFR, GRIB, NetCDF, HDF5, Parquet."""
