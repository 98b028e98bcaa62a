"""Find Arrow's extension types, which may be of a class of the person's own.

Their text, their comparison and their values are made by that class. pyarrow
even makes the type's Python object anew, by the class's own code, where it has
gone: as soon as a field or a column is touched. So a schema is asked in the form
in which it would be sent, which is written without Python.
"""

from __future__ import annotations

import sys
from typing import Any

from llm_notebook.context.typeinfo import genuine, module_dict

_MARK = b"ARROW:extension:name"


def has_extension(schema: Any) -> bool:
    """Whether a schema of pyarrow's has an extension type, at any depth."""
    return _MARK in schema.serialize().to_pybytes()


def is_plain_arrow(dtype: Any) -> bool:
    """Whether a dtype of pandas stands for a type that is pyarrow's own throughout."""
    if not genuine(type(dtype), "pandas"):
        return False
    held = dtype.pyarrow_dtype
    if not genuine(type(held), "pyarrow"):
        return False
    # Imported by pandas, which made the dtype.
    schema = module_dict(sys.modules.get("pyarrow"))["schema"]
    return not has_extension(schema([("", held)]))
