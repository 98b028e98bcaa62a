"""Models: what they are sent, the worker process that runs them, and their replies as edits.

In the kernel: `prompt`, `client` and `reply`. In the worker process: `worker`,
`resolver`, `keys`, `faults` and the built-in models. `wire` is what passes
between the two. Nothing that the kernel imports from here imports LangChain.
"""
