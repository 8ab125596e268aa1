"""The ``hkexprt`` command."""
