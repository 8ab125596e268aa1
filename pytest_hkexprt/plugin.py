"""The plugin: hooks and options; knows no system by name."""
