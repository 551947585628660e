"""File formats, a module each in a subpackage of its kind; `registry` knows them all and opens a file with the right one."""
