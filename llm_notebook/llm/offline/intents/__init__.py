"""One module for each intent: ``RULES``, tried in order, and ``EXAMPLES``, which are its tests."""
