"""Registrations and forms: what a participant sends that no interface carries, kept in a ledger."""
