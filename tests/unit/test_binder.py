"""`binder/`, read by repo2docker itself, without Docker."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / "binder"


@pytest.fixture(scope="module")
def dockerfile() -> str:
    argv = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    # The image's user; repo2docker refuses to build for root, and CI is root.
    argv += ["--user-id", "1000", "--user-name", "jovyan", str(ROOT)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def _order(text: str, *lines: str) -> None:
    places = [text.index(line) for line in lines]
    assert places == sorted(places), lines


def test_installs_the_checkout_itself_then_runs_post_build(dockerfile: str) -> None:
    # The whole checkout must be there before pip reads ".[demo]", and the test
    # that the front end is installed comes last.
    _order(
        dockerfile,
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
        'pip install --no-cache-dir -r "binder/requirements.txt"',
        "RUN ./binder/postBuild",
    )


def test_python_is_one_that_the_package_takes(dockerfile: str) -> None:
    used = re.search(r"environment-2epy-2d(\d+)-2e(\d+)", dockerfile)
    assert used, "repo2docker names its lock file otherwise now"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SpecifierSet(project["requires-python"]).contains(".".join(used.groups()))
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8") == "python-3.12\n"


def test_requirements() -> None:
    local, *others = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = re.fullmatch(r"\.\[(\w+)\]", local)
    assert extra
    assert extra.group(1) in project["optional-dependencies"]
    # The image's own notebook, 7.4, holds JupyterLab below 4.5.
    (notebook,) = (wanted for wanted in map(Requirement, others) if wanted.name == "notebook")
    assert not notebook.specifier.contains("7.4.7")


def test_nothing_is_asked_of_docker_that_binder_refuses() -> None:
    # A Dockerfile or a conda environment would silently win over requirements.txt.
    assert {path.name for path in BINDER.iterdir()} <= {
        "README.md",
        "postBuild",
        "requirements.txt",
        "runtime.txt",
        "start",
    }


@pytest.mark.parametrize("bundled", [True, False])
def test_post_build(tmp_path: Path, bundled: bool) -> None:
    script = BINDER / "postBuild"
    assert script.stat().st_mode & stat.S_IXUSR
    if bundled:
        extension = tmp_path / "share/jupyter/labextensions/jupyterlab-llm-notebook"
        extension.mkdir(parents=True)
        (extension / "package.json").write_text("{}")
    env = {"PATH": os.defpath, "NB_PYTHON_PREFIX": str(tmp_path)}
    done = subprocess.run([script], env=env, cwd=ROOT, capture_output=True, text=True)
    # Without its front end the image must not be built at all.
    assert (done.returncode == 0) is bundled, done.stderr
    settings = tmp_path / "share/jupyter/lab/settings/overrides.json"
    news = json.loads(settings.read_text())["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
