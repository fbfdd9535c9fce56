"""One module per origin: what is published becomes our names and types."""
