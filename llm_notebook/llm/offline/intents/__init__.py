"""One module for each intent, with its ``INTENT``: rules tried in order, and examples, its tests.

They are found by looking into this folder when the first ask comes; see
``docs/offline-rules.md`` for how to add one.
"""
