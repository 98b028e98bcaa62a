"""Classes of known libraries looked into before the fork, which finds it done."""

from __future__ import annotations

from llm_notebook.context.typeinfo import library_class
from llm_notebook.dryrun import modules
from llm_notebook.dryrun.observing.kinds import kind_of
from llm_notebook.dryrun.observing.world import World

_CLASSES = {
    "numpy": ("ndarray", "float64"),
    "pandas": ("DataFrame", "Series", "Index", "RangeIndex"),
    "matplotlib.figure": ("Figure",),
    "matplotlib.axes": ("Axes",),
}


@modules.remembered
def warm() -> None:
    """Look into them. Nothing is imported, and no class of a person's is held on to."""
    World.now()
    for module, names in _CLASSES.items():
        for name in names:
            cls = library_class(module, name)
            if cls is not None:
                kind_of(cls)
