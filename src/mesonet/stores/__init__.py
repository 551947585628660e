"""Tables and buckets, one module each: they alone know keys, item shapes and AWS errors, and speak the domain's language."""
