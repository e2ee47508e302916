#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ./bootstrap says and counts.

Usage: test-bootstrap.py SOURCE-ROOT
"""

import json
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1])


def bootstrap(*arguments):
    return subprocess.run([SOURCE / "bootstrap", *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


def count(*results):
    """The last line and the exit status for some results of meson: (result, standard output)."""
    lines, status = report(*results)
    return lines[-1] + "\n", status


def report(*results):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
        for result, output in results:
            log.write(json.dumps({"name": "a", "result": result, "stdout": output}) + "\n")
        log.flush()
        done = subprocess.run([sys.executable, SOURCE / "tests/count-results.py", log.name],
                              capture_output=True, text=True)
    return done.stdout.splitlines(), done.returncode


def failures_are_told():
    lines, _ = report(("FAIL", "ok 1 fine\nnot ok 2 broken\n# why\n"), ("OK", "ok 1 quiet\n"))
    return "  not ok 2 broken" in lines and "  | # why" in lines and not any("quiet" in line for line in lines)


def unknown_command():
    done = bootstrap("biuld")
    return done.returncode == 2 and "Usage:" in done.stderr and not done.stdout


def unknown_argument():
    return bootstrap("test", "--al").returncode == 2


def unknown_reader():
    done = bootstrap("fuzz", "manifset")
    return done.returncode == 1 and "no reader is called manifset" in done.stderr and "manifest" in done.stderr


def help_text():
    done = bootstrap("help")
    return done.returncode == 0 and all(word in done.stdout for word in ("deps", "build", "run", "test", "fuzz", "bench"))


TESTS = [
    ("an unknown command is refused", unknown_command),
    ("an unknown argument is refused", unknown_argument),
    ("an unknown reader is refused", unknown_reader),
    ("help names every command", help_text),
    ("test points are counted",
     lambda: count(("OK", "1..3\nok 1 a\nok 2 - b # SKIP no c\nnot ok 3 d # TODO later\n")) == (
         "2 passed, 0 failed, 1 skipped\n", 0)),
    ("points of subtests are not counted twice",
     lambda: count(("OK", "    ok 1 inner\n    not ok 2 inner # TODO x\nok 1 outer\n1..1\n")) == (
         "1 passed, 0 failed, 0 skipped\n", 0)),
    ("a failed point fails",
     lambda: count(("FAIL", "not ok 1 a\nok 2 b\n")) == ("1 passed, 1 failed, 0 skipped\n", 1)),
    ("a crash after good points fails",
     lambda: count(("ERROR", "ok 1 a\n")) == ("1 passed, 1 failed, 0 skipped\n", 1)),
    ("what failed is told", failures_are_told),
    ("a time-out fails", lambda: count(("TIMEOUT", "")) == ("0 passed, 1 failed, 0 skipped\n", 1)),
    ("a program without points is one test",
     lambda: count(("OK", None), ("SKIP", None)) == ("1 passed, 0 failed, 1 skipped\n", 0)),
    ("no tests at all is a failure", lambda: count() == ("0 passed, 0 failed, 0 skipped\n", 1)),
]


def main():
    print(f"1..{len(TESTS)}")
    failed = False
    for number, (title, test) in enumerate(TESTS, 1):
        good = test()
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
