"""Feature files: their text, the phrases that carry it out, the running of a scenario, and the telling of a failure.

pytest-bdd is the vocabulary (its decorators, parsers, contexts and hooks); the lookup of steps and the running of
scenarios are here, because pytest-bdd's lookup visits every fixture for every step.
"""
