"""The nouns of the product as frozen records, the wire protocol, and the errors.

Everything above this package imports it; it imports nothing of ours.
"""
