"""What a run leaves behind: the journal, and the renderings drawn from it alone."""

WORKERS = ".workers"
"""The folder, in a run's folder, of the journals of a run that is spread over processes, until they are merged."""

WHICH = "name the folder or the zip file that the run printed, after 'report:' or 'attach:'"
"""What to do where a run's evidence is not where it was said to be."""
