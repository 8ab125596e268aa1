"""One folder a system: the folder listing is the registry."""
