"""File formats, one module each; `registry` knows them all and opens a file with the right one."""
