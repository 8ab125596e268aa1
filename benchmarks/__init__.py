"""What the project costs, measured against its peers; ``docs/performance.md`` has the figures and the commands."""
