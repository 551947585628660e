"""The figures, each taken beside its limit or its peer in one run: `make bench`."""
