"""Acceptance of Hong Kong exchange connections: a circular's steps as Gherkin, real checks, evidence one can attach."""

from pytest_hkexprt._version import __version__ as __version__
