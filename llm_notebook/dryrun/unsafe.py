"""What makes a fork of this kernel unsafe: threads and contexts that do not come along."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_LIVE = {
    "psycopg": "Connection",
    "psycopg2": "connection",
    "pymysql": "Connection",
    "MySQLdb": "Connection",
    "mysql": "MySQLConnection",
    "asyncpg": "Connection",
    "oracledb": "Connection",
    "pyodbc": "Connection",
    "snowflake": "SnowflakeConnection",
    "pymongo": "MongoClient",
    "redis": "Redis",
    "clickhouse_connect": "Client",
}
"""Packages whose objects talk over a connection that two processes cannot share."""


def unsafe_to_fork() -> str:
    """Why a fork would hang or fail, in words that end a sentence; empty where it would not."""
    if any(name.startswith("polars-") for name in thread_names()):
        return "polars' threads do not survive a fork"
    if _nvidia():
        return "a GPU context does not survive a fork"
    for module, says, reason in _SAYS:
        found = sys.modules.get(module)
        if found is not None:
            with contextlib.suppress(Exception):
                if says(found):
                    return reason
    return ""


def thread_names() -> set[str]:
    """Names of this process's threads, as the kernel knows them."""
    names = set()
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError):
            names.add(Path(f"/proc/self/task/{thread}/comm").read_text().strip())
    return names


def _nvidia() -> bool:
    """Whether a GPU's device is open; that of its management alone does no harm."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{name}")
            if target.startswith(("/dev/nvidia-uvm", "/dev/kfd")):
                return True
    return False


_SAYS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("torch", lambda m: bool(m.cuda.is_initialized()), "a GPU context does not survive a fork"),
    (
        "jax._src.xla_bridge",
        lambda m: bool(m._backends),
        "JAX's threads do not survive a fork",
    ),
    (
        "tensorflow.python.eager.context",
        lambda m: bool(m._context is not None and m._context._initialized),
        "TensorFlow's threads do not survive a fork",
    ),
    (
        "pyspark",
        lambda m: m.SparkContext._active_spark_context is not None,
        "a Spark session cannot be shared with a fork",
    ),
    ("ray", lambda m: bool(m.is_initialized()), "a Ray session cannot be shared with a fork"),
)


def live_connections(names: Mapping[str, Any]) -> dict[str, str]:
    """Those of these variables that talk to a database over a connection, and by which package."""
    found = {}
    for name, value in names.items():
        for kind in type(value).__mro__:
            package = kind.__module__.partition(".")[0]
            if kind.__name__ == _LIVE.get(package):
                found[name] = package
        if type(value).__module__.startswith("sqlalchemy.") and _checked_out(value):
            found[name] = "sqlalchemy"
    return found


def _checked_out(value: Any) -> bool:
    """Whether an engine has connections in use, or this is one, of a database elsewhere."""
    with contextlib.suppress(Exception):
        engine = getattr(value, "engine", value)
        if engine.dialect.name in ("sqlite", "duckdb"):
            return False
        return type(value).__name__ == "Connection" or engine.pool.checkedout() > 0
    return False
