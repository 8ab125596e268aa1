"""What the project's own tests and features share: the plugin is loaded by its entry point, so nothing but pytester."""

pytest_plugins = ["pytester"]
