"""What a run leaves behind: the journal, and the renderings drawn from it alone."""
