"""CCASS and CCMS: the clearing and collateral terminals, used in a real browser."""
