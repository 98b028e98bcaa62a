"""Charts whose own output is a page with scripts, told as data too.

A preview runs no script, so that output could not be drawn. What is added is
the chart's specification, which the library makes by itself in other settings.
"""

from __future__ import annotations

from typing import Any

_VERSIONS = range(4, 10)


def tell_as_data(shell: Any) -> None:
    """Have this process' altair charts shown with their Vega-Lite specification."""
    formatter = shell.display_formatter.mimebundle_formatter
    for version in _VERSIONS:
        formatter.for_type_by_name(f"altair.vegalite.v{version}.api", "TopLevelMixin", _bundle)


def _bundle(chart: Any, include: Any = None, exclude: Any = None) -> Any:
    shown = chart._repr_mimebundle_(include, exclude)
    data = shown[0] if isinstance(shown, tuple) else shown
    if not isinstance(data, dict) or any("vega" in mime for mime in data):
        return shown
    specification = chart.to_dict()
    schema = str(specification.get("$schema", ""))
    version = schema.rpartition("/v")[2].partition(".")[0]
    if version.isdigit():
        data[f"application/vnd.vegalite.v{version}+json"] = specification
    return shown
