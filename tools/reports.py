"""Read what test runners and builds wrote: JUnit XML and wheels."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Counts:
    """How many tests passed and failed, which failed, and which were skipped and why."""

    passed: int = 0
    failed: int = 0
    names: list[str] = field(default_factory=list)
    skips: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Add another run's."""
        self.passed += other.passed
        self.failed += other.failed
        self.names += other.names
        self.skips += other.skips

    def line(self) -> str:
        """The line that ends a test run."""
        return f"{self.passed} passed, {self.failed} failed, {len(self.skips)} skipped"


def read(path: Path) -> Counts:
    """Count a JUnit XML report; one that is missing or cut short counts as nothing."""
    counts = Counts()
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError):
        return counts
    for case in root.iter("testcase"):
        skip = case.find("skipped")
        name = f"{case.get('classname', '')} {case.get('name', '')}".strip()
        # A test may fail and then fail again in its clean-up: it is still one.
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
            counts.names.append(name)
        elif skip is not None:
            counts.skips.append((name, skip.get("message") or "no reason given"))
        else:
            counts.passed += 1
    return counts


def front_end_of(folder: Path) -> dict[str, str]:
    """The front-end files in the one wheel of a folder: name to SHA-256."""
    found = {}
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if "/labextensions/" in name and not name.endswith("/"):
                    found[name] = hashlib.sha256(archive.read(name)).hexdigest()
    return found
