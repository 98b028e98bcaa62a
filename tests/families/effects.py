"""Writes, deletes and sockets: by Python, by C libraries, by Rust libraries, by a shell.

In every tier that there is the kernel's files stay as they are; whether the
cell fails or writes into a layer that is thrown away depends on the tier.
"""

from tests.families.case import Case, Check

FILES = (
    "open('kept.txt', 'w').write('as it was')\nimport os\n"
    "os.mkdir('folder'); open('folder/a.txt', 'w').write('a');"
)
ANY = ("previewed", "failed")


def tells_file(name: str, *kinds: str) -> Check:
    """The effects name the file, as one of these kinds."""
    return lambda p: any(
        f["path"].endswith(name) and f["kind"] in kinds for f in p["effects"]["files"]
    )


def tells_host(*words: str) -> Check:
    """The effects name the host, and that it was not reached."""
    return lambda p: any(
        all(w in h["address"] for w in words) and h["denied"] for h in p["effects"]["hosts"]
    )


CASES = (
    Case(
        "open to write",
        "with open('new.txt', 'w') as f:\n    f.write('12345')",
        (FILES,),
        ANY,
        tells_file("new.txt", "created"),
        same=False,
    ),
    Case(
        "pathlib, over a file that is there",
        "from pathlib import Path\nPath('kept.txt').write_text('changed')",
        (FILES,),
        ANY,
        tells_file("kept.txt", "changed"),
        same=False,
    ),
    Case(
        "delete a file",
        "os.remove('kept.txt')",
        (FILES,),
        ANY,
        tells_file("kept.txt", "deleted"),
        same=False,
    ),
    Case(
        "delete a folder",
        "import shutil\nshutil.rmtree('folder')",
        (FILES,),
        ANY,
        lambda p: tells_file("a.txt", "deleted")(p) or tells_file("folder/", "deleted")(p),
        same=False,
    ),
    Case("rename", "os.rename('kept.txt', 'moved.txt')", (FILES,), ANY, same=False),
    Case(
        "DataFrame.to_csv",
        "import pandas as pd\npd.DataFrame({'a': [1]}).to_csv('out.csv')",
        (),
        ANY,
        tells_file("out.csv", "created"),
        same=False,
    ),
    Case(
        "pyarrow, a C++ writer",
        (
            "import pyarrow as pa, pyarrow.parquet as pq\n"
            "pq.write_table(pa.table({'a': [1]}), 'out.parquet')"
        ),
        (),
        ANY,
        needs=("pyarrow",),
        same=False,
    ),
    Case(
        "polars, a Rust writer",
        "import polars as pl\npl.DataFrame({'a': [1]}).write_csv('out.csv')",
        (),
        ANY,
        needs=("polars",),
        same=False,
    ),
    Case(
        "duckdb, a C++ writer",
        "import duckdb\nduckdb.sql('select 1 as a').write_csv('out.csv')",
        (),
        ANY,
        needs=("duckdb",),
        same=False,
    ),
    Case(
        "a shell",
        "!rm -rf folder; echo x > kept.txt; echo y > shell.txt; ls",
        (FILES,),
        ANY,
        lambda p: any(q["command"] for q in p["effects"]["processes"]),
        same=False,
    ),
    Case(
        "%%writefile",
        "%%writefile notes.txt\nhello",
        (),
        ANY,
        tells_file("notes.txt", "created"),
        same=False,
    ),
    Case(
        "TCP",
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)",
        (),
        ("failed",),
        tells_host("192.0.2.1"),
        same=False,
    ),
    Case(
        "a web page",
        "import urllib.request\nurllib.request.urlopen('http://example.com', timeout=2)",
        (),
        ("failed",),
        tells_host("example.com"),
        same=False,
    ),
    Case(
        "UDP",
        (
            "import socket\n"
            "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
            "s.sendto(b'x', ('192.0.2.1', 9))"
        ),
        (),
        ("failed",),
        same=False,
    ),
    Case(
        "a Unix socket of somebody else",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('s')",
        (
            (
                "import socket\n"
                "listening = socket.socket(socket.AF_UNIX)\n"
                "listening.bind('s'); listening.listen()"
            ),
        ),
        ("failed",),
        same=False,
    ),
    Case(
        "a socket that the kernel has open",
        "import os\nos.write(mine.fileno(), b'leak')",
        ("import socket\nmine, other = socket.socketpair()\nother.setblocking(False)",),
        ("previewed", "failed"),
        same=False,
    ),
    Case(
        "a file that the kernel has open",
        "handle.write('more'); handle.flush()",
        ("handle = open('log.txt', 'a')\nhandle.write('first\\n'); handle.flush();",),
        ("previewed", "failed"),
        same=False,
    ),
    Case(
        "the environment",
        "import os\nprint(os.environ.get('SECRET_TOKEN_OF_MINE'))\nos.environ['SET'] = '1'",
        ("import os\nos.environ['SECRET_TOKEN_OF_MINE'] = 'canary-7f3a'",),
        ANY,
        lambda p: "canary-7f3a" not in str(p),
        same=False,
    ),
)
