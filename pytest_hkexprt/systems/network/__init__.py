"""Network: every address of a session, reached over the participant's own line."""
