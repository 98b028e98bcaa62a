"""What is found before a fork or asked of Linux, instead of being looked for anew."""

from __future__ import annotations

import ctypes
import mmap
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

from llm_notebook.dryrun import auditing, libraries, modules
from llm_notebook.dryrun.observing import pages
from llm_notebook.dryrun.observing.past import Past
from llm_notebook.dryrun.sandbox import shared, view


def test_shared_mappings_are_told_as_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "two words"
    path.write_bytes(bytes(5 * mmap.PAGESIZE))
    with path.open("r+b") as file:
        part = mmap.mmap(file.fileno(), 2 * mmap.PAGESIZE, offset=mmap.PAGESIZE)
        whole = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    nameless = mmap.mmap(-1, mmap.PAGESIZE)
    with open("/proc/self/maps", "rb", buffering=0) as maps:
        written = shared.written(maps.readall())
        try:
            asked = shared.asked(maps.fileno())
        except OSError:
            pytest.skip("this kernel cannot be asked")
    assert asked == written == shared.listed()
    ours = {(m.size, m.protection, m.offset) for m in asked if m.path == str(path)}
    assert ours == {(2 * mmap.PAGESIZE, 3, mmap.PAGESIZE), (5 * mmap.PAGESIZE, 1, 0)}
    for mapping in (part, whole, nameless):
        mapping.close()


def test_a_look_through_modules_is_made_anew_once_they_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []
    look = modules.remembered(lambda: looks.append(1))
    look()
    look()
    assert len(looks) == 1
    monkeypatch.setitem(sys.modules, "one_more", ModuleType("one_more"))
    look()
    # One goes and one comes: as many as before.
    del sys.modules["one_more"]
    monkeypatch.setitem(sys.modules, "another", ModuleType("another"))
    look()
    assert len(looks) == 3


def test_folders_of_packages_are_found_wherever_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("far_away")
    package.__path__ = ["/srv/far"]
    assert "/srv/far" not in modules.folders()
    monkeypatch.setitem(sys.modules, "far_away", package)
    assert "/srv/far" in modules.folders()


def test_libraries_are_told_by_the_loader_and_again_when_one_comes() -> None:
    told: list[list[str]] = []

    def choose(paths: list[str]) -> list[str]:
        told.append(paths)
        return paths

    libraries.remembered(choose)
    libraries.remembered(choose)
    assert len(told) == 1
    assert any("libc." in path for path in told[0])
    lines = Path("/proc/self/maps").read_text().splitlines()
    mapped = {line.split(maxsplit=5)[-1] for line in lines}
    real = {os.path.realpath(path) for path in told[0] if path.startswith("/")}
    assert real <= mapped
    modules_in_c = Path(sysconfig.get_path("stdlib"), "lib-dynload").glob("*.so")
    fresh = next(path for path in modules_in_c if os.path.realpath(path) not in real)
    ctypes.CDLL(str(fresh))
    assert str(fresh) in libraries.remembered(choose)
    assert len(told) == 2


def test_what_is_open_already_is_not_opened_entry_by_entry() -> None:
    seen = view.View(open={"/etc/hosts", "/work/folder"}, shut={"/work/folder/.env"})
    whole, listed = view.entries(seen, {"/work/folder"})
    assert whole == {"/etc/hosts"}
    assert not listed


def test_one_hook_serves_all_listeners() -> None:
    heard: list[str] = []
    auditing.listen(("llm_notebook.test",), lambda event, args: heard.append(f"a {args}"))
    auditing.listen(("llm_notebook.test",), lambda event, args: heard.append(f"b {args}"))
    sys.audit("llm_notebook.test", 1)
    sys.audit("llm_notebook.other", 2)
    assert heard == ["a (1,)", "b (1,)"]


def test_pages_of_one_reading_serve_for_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = mmap.mmap(-1, 64 * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory[5 * mmap.PAGESIZE] = 1
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    found = pages.Pagemap()
    if not found.is_readable:
        pytest.skip("no page map")
    whole = list(found.runs(address, len(memory)))
    assert (pages.WRITTEN, address + 5 * mmap.PAGESIZE, mmap.PAGESIZE) in whole
    monkeypatch.setattr(found, "_read", lambda *_: pytest.fail("it was read again"))
    part = list(found.runs(address + 5 * mmap.PAGESIZE + 10, 20))
    assert part == [(pages.WRITTEN, address + 5 * mmap.PAGESIZE + 10, 20)]


def test_the_witness_answers_what_it_has_not_prepared() -> None:
    class Slow:
        """Never asked about by name before."""

    names: dict[str, object] = {f"v{i}": [i, "x" * i, {"k": i}] for i in range(300)}
    names["slow"] = Slow()
    past = Past(lambda: names)
    past.ask_prints(["v7", "v299", "slow", "not there"])
    found = past.prints(10)
    past.close()
    assert set(found) == {"v7", "v299", "slow"}


def test_what_is_looked_into_before_a_fork_imports_nothing() -> None:
    code = (
        "import sys, numpy, pandas, matplotlib.pyplot\n"
        "from llm_notebook.dryrun.observing import kinds, warm\n"
        "before = set(sys.modules)\n"
        "warm()\n"
        "print(sorted(set(sys.modules) - before), pandas.DataFrame in\n"
        "      {kind.cls for kind in kinds._KINDS.values()})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] True\n"
