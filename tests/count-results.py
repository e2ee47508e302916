#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the results in meson's testlog.json files: each test point of a TAP program is one,
any other test is one. A program that failed beside its points counts once more. What failed is told
again, last, where a log that keeps only its end still has it."""

import json
import re
import sys

POINT = re.compile(r"(not )?ok\b[^#]*(?:#\s*(SKIP|TODO)\b)?", re.IGNORECASE)
FAILURES = {"FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"}
LAST_LINES = 15


def count(result):
    passed = failed = skipped = 0
    for line in (result.get("stdout") or "").splitlines():
        point = POINT.match(line)
        if not point:
            continue
        directive = (point[2] or "").upper()
        if directive == "SKIP":
            skipped += 1
        elif point[1] and directive != "TODO":
            failed += 1
        else:
            passed += 1
    if result["result"] in FAILURES:
        failed = failed or 1
    elif not passed + failed + skipped:
        if result["result"] == "SKIP":
            skipped = 1
        else:
            passed = 1
    return passed, failed, skipped


def tell(path, result):
    """Prints what a failed test said: its failed points, and its last lines."""
    print("\nfailed: {} ({}, {})".format(result["name"], result["result"], path))
    lines = (result.get("stdout") or "").splitlines()
    for line in lines:
        if line.startswith("not ok"):
            print("  " + line)
    for line in lines[-LAST_LINES:] + (result.get("stderr") or "").splitlines()[-LAST_LINES:]:
        print("  | " + line)


def main(paths):
    totals = [0, 0, 0]
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                result = json.loads(line)
                counts = count(result)
                totals = [a + b for a, b in zip(totals, counts)]
                if counts[1]:
                    tell(path, result)
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
