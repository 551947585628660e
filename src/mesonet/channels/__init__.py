"""Topics and queues, one module each: they alone know message shapes and AWS errors."""
