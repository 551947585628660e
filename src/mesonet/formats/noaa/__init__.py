"""The archives of the U.S. agency NOAA: GHCN, ISD, GSOD, CRN and their kin."""
