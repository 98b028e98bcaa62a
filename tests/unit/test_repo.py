"""Rules that hold for the checkout as a whole."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# In two parts each, so that this file does not break its own rule.
REGISTRIES = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("yarn", "pkg.com"),
        ("conda", ".anaconda.org"),
        ("deb.deb", "ian.org"),
        ("archive.ubu", "ntu.com"),
    )
]
LARGEST = 1_000_000
# Tracked files that may be larger: shipped data and pictures, each with a reason.
LARGE: dict[str, str] = {}
LONGEST = 300
SOURCES = {".py", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".css"}


@cache
def _tracked() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is not a git checkout, so what is tracked is unknown")
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def _texts() -> dict[str, str]:
    found = {}
    for name in _tracked():
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_registry_host_in_any_file() -> None:
    # People behind a mirror must be able to trust their own configuration.
    found = [(name, host) for name, text in _texts().items() for host in REGISTRIES if host in text]
    assert found == []


def test_no_large_file() -> None:
    large = {name for name in _tracked() if (ROOT / name).stat().st_size > LARGEST}
    assert large == set(LARGE)


def test_no_long_source_file() -> None:
    long = {}
    for name, text in _texts().items():
        path = Path(name)
        ours = path.suffix in SOURCES and ".gen." not in name
        lines = text.count("\n")
        if ours and not {"tests", "__tests__"} & set(path.parts) and lines > LONGEST:
            long[name] = lines
    assert long == {}, "past 300 lines a file is asking to be two"


def test_nothing_is_put_off() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        (name, match.group())
        for name, text in _texts().items()
        if not name.endswith("package-lock.json") and (match := pattern.search(text))
    ]
    assert found == []


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    requirements = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(requirement for extra in extras.values() for requirement in extra),
    ]
    names = {re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements}
    package = json.loads((ROOT / "labextension" / "package.json").read_text(encoding="utf-8"))
    names |= set(package["dependencies"]) | set(package["devDependencies"])
    return names - {project["project"]["name"]}


def _explained() -> list[tuple[str, list[str]]]:
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line.startswith("| `"):
            names, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            rows += [(name, cells) for name in re.findall("`([^`]+)`", names) if len(cells) == 3]
    return rows


def test_every_dependency_is_explained() -> None:
    rows = _explained()
    # dev.py installs uv, and the front end's build needs nothing else unnamed.
    assert {name for name, _ in rows} == _declared() | {"uv"}
    assert len({name for name, _ in rows}) == len(rows), "one line each"
    assert [name for name, cells in rows if not all(cells)] == []


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_in_documents_resolve() -> None:
    broken = []
    for name, text in _texts().items():
        if not name.endswith(".md"):
            continue
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", prose):
            if "://" in link or link.startswith("mailto:"):
                continue
            path, _, anchor = link.partition("#")
            target = (ROOT / name).parent / path if path else ROOT / name
            if not target.exists() or (
                anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))
            ):
                broken.append((name, link))
    assert broken == []


def test_the_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "labextension" / "package-lock.json").read_text(encoding="utf-8"))
    assert [path for path, package in lock["packages"].items() if "resolved" in package] == []
