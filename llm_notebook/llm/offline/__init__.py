"""`offline:rules`: a deterministic assistant for the most wanted asks.

It is not a language model. Each intent is a small grammar over the words of
the ask, in which the notebook's own columns, variables and files are known.
An ask is answered only where every word of it was understood; else the
assistant declines, names the words that it did not understand, and says what
it could do with the data at hand.
"""
