"""What the manual demands and a schema cannot say, read for the mock alone.

The client has its own reading of the same rules; neither looks at the other, so that a
test can hold them against each other.
"""
