"""Acceptance of Hong Kong exchange connections: a circular's steps as Gherkin, real checks, evidence one can attach."""

__version__ = "0.1.0"
