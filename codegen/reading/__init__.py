"""Reading a spec folder: YAML with its lines, the overlay with its reasons, the sources."""
