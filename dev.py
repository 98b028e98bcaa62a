#!/usr/bin/env python3
"""Every command of this checkout. Needs Python 3.11+ and nothing else.

Standard library only, because a fresh Debian has no pip, make or Node; all
that is needed is put in `.dev/`, which can be deleted at any time.
"""

import argparse
import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the reason for this line is who runs it
    sys.exit(
        "This needs Python 3.11 or newer, and this is Python "
        + sys.version.split()[0]
        + ". Start it with a newer one, such as: python3.12 dev.py demo"
    )

from tools import console, demo, env, suite

EXAMPLES = """\
  python3 dev.py demo                      JupyterLab on the examples, panel open
  PORT=8888 BROWSER=none python3 dev.py demo
  python3 dev.py test                      everything, as CI runs it
  python3 dev.py test --fast               no browser, no slow tests
  python3 dev.py test tests/unit -k diff   pytest alone, with these arguments
"""


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=(__doc__ or "").strip(),
        epilog="examples:\n" + EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in (
        ("demo", "set up and open JupyterLab on examples/; more arguments go to JupyterLab"),
        ("test", "run every check and test; more arguments go to pytest, which then runs alone"),
        ("lint", "ruff, import-linter and the front end's linter"),
        ("format", "put the Python and front-end sources in their standard form"),
        ("types", "mypy and the TypeScript compiler"),
        ("bundle", "build the wheel in two folders and compare the front end byte for byte"),
    ):
        command = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name == "test":
            command.add_argument("--fast", action="store_true", help="no browser, no slow tests")
    bench = commands.add_parser(
        "bench", help="run the benchmarks, or the one named, with its arguments"
    )
    bench.add_argument("name", nargs="?", default="", help="file name in benchmarks/, without .py")
    return parser


def _run(command: str, options: argparse.Namespace, rest: list[str]) -> int:
    if command == "demo":
        # The server runs for hours, so only its set-up keeps other commands out.
        if not env.is_ready("demo"):
            with console.exclusive():
                env.prepare("demo")
        return demo.run(rest)
    with console.exclusive():
        env.prepare("dev")
        return _check(command, options, rest)


def _check(command: str, options: argparse.Namespace, rest: list[str]) -> int:
    if command == "test":
        return suite.test(fast=options.fast, pytest_arguments=rest)
    if command == "lint":
        return suite.lint()
    if command == "format":
        return suite.format_sources()
    if command == "types":
        return suite.types()
    if command == "bundle":
        return suite.bundle()
    return suite.bench(options.name, rest)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(argv: list[str]) -> int:
    """Run one command; its exit code."""
    parser = _arguments()
    options, rest = parser.parse_known_args(argv)
    if options.command is None:
        parser.print_help()
        return 0
    if rest and options.command not in ("demo", "test", "bench"):
        parser.error("unrecognized arguments: " + " ".join(rest))
    # A shell starts background jobs with SIGINT ignored; a stop must work there too.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _run(options.command, options, [word for word in rest if word != "--"])
    except console.Trouble as trouble:
        console.say(str(trouble))
        return 1
    except OSError as error:
        console.say(
            f"Stopped by the system: {error.strerror} ({error.filename or 'no file named'}). "
            "Make room, or make the checkout writable for this user, and start this again."
        )
        return 1
    except KeyboardInterrupt:
        console.say("\nStopped. Nothing is lost: the same command goes on from here.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
