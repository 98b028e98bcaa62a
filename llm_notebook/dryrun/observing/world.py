"""What a process has beside its variables, and what later cells depend on."""

from __future__ import annotations

import os
import random
import sys
from contextlib import suppress
from typing import Self

import msgspec

from llm_notebook.context.typeinfo import module_dict
from llm_notebook.dryrun.observing.prints import Print


class World(msgspec.Struct, frozen=True):
    """One moment of it.

    Attributes
    ----------
    folder : str
        The working folder.
    environment : dict of str to str
    states : dict of str to bytes
        Digests, by what they are of: random states, settings.
    """

    folder: str = ""
    environment: dict[str, str] = {}
    states: dict[str, bytes] = {}

    @classmethod
    def now(cls) -> Self:
        """As it is. Never raises."""
        folder = ""
        with suppress(OSError):
            folder = os.getcwd()
        states: dict[str, bytes] = {}
        with suppress(Exception):
            states["random state"] = str(hash(random.getstate())).encode()
        with suppress(Exception):
            legacy = module_dict(sys.modules.get("numpy.random"))["mtrand"]._rand
            states["numpy random state"] = Print(legacy).digest
        with suppress(Exception):
            settings = module_dict(sys.modules.get("matplotlib"))["rcParams"]
            states["matplotlib settings"] = Print(dict(dict.items(settings))).digest
        with suppress(Exception):
            keys = module_dict(sys.modules.get("pandas._config.config"))["_global_config"]
            states["pandas options"] = Print(keys).digest
        return cls(folder, dict(os.environ), states)
