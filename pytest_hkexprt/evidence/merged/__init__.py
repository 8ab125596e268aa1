"""Sealed runs of several machines made one: looked at, held against each other, written, read and proved again.

Each run's records stand in the merged journal byte for byte, behind a line that says which run's they are. So its own
chain of digests can be worked out again from them, and must end in the digest that its own manifest names: what one
machine vouched for stays its own, whoever merged it.
"""
