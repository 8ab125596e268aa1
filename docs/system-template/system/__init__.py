"""NAME: say what it is, in the words of the circulars."""
