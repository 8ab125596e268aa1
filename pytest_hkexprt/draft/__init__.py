"""A circular's text read into a first draft of its two files: text in, draft out, nothing guessed silently."""
