"""What a path or an address says of itself."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_OWN = re.compile(
    r"(?:^|[/\\~])\.(?:jupyter|ipython)\b|jupyter[_-](?:server|notebook|lab)?_?config"
    r"|share[/\\]jupyter|jpserver-|nbserver-|kernel-[\w-]+\.json|jupyter[/\\]runtime"
    r"|llm_notebook|llm-notebook|JUPYTER_(?:TOKEN|CONFIG|RUNTIME|DATA|PATH)|JPY_"
    r"|lab[/\\]user-settings|jupyter_cookie_secret|IPYTHONDIR|/api/(?:kernels|contents|sessions)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^(?:[/\\~]|[a-z]:|\.\.)|[/\\]\.\.(?:[/\\]|$)|(?:^|[/\\])\.[^./\\]|\$|%|[a-z]+://",
    re.IGNORECASE,
)

_CODE = re.compile(
    r"\.(?:py[cdwix]?|pth|so|dll|exe|ipynb|sh|bash|bat|cmd|ps1|js|html?|cfg|toml|ini)$", re.I
)


def is_code(target: str) -> bool:
    """Whether something that is written there may be run or believed later."""
    return bool(_CODE.search(target))


def is_address(target: str) -> bool:
    """Whether it names something on the network."""
    return bool(_ADDRESS.match(target))


def is_own(target: str) -> bool:
    """Whether it is this tool's or Jupyter's own: settings, store, runtime files, token."""
    return bool(target) and bool(_OWN.search(target))


def is_in_sight(target: str) -> bool:
    """Whether it lies in the notebook's folder, or below, and is not hidden."""
    return bool(target) and not _PLACE.search(target)
