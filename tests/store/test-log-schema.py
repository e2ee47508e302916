#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the lines that the library writes, and some that it must not, to the schema of run logs.

Usage: test-log-schema.py SCHEMA WRITE-SAMPLE-LOG
"""

import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not there")
    sys.exit(0)

BAD_LINES = [
    {},
    {"dagsched-log": 2},
    {"test": -1, "name": "a"},
    {"test": 0},
    {"test": 0, "name": {"base64": "*"}},
    {"test": 0, "name": "a", "depends": [[1, "sometimes"]]},
    {"test": 0, "name": "a", "slots": "some"},
    {"event": "started", "test": 0, "time": 0},
    {"event": "finished", "test": 0, "time": 0, "attempts": 1, "outcome": "good"},
    {"event": "resumed", "time": 0},
    {"event": "end", "time": 0, "verdict": "success", "counts": {"good": 1}},
]

n_points = 0
failed = False


def report(problem, name):
    global n_points, failed
    n_points += 1
    failed |= problem is not None
    print(f"{'ok' if problem is None else 'not ok'} {n_points} {name}")
    if problem is not None:
        print("# " + problem.replace("\n", "\n# "))


def kind_of(line):
    return line.get("event", "test" if "test" in line else "header")


def check(validator, schema, line):
    """A member that the schema does not describe is allowed by it, but not to the library."""
    problems = [error.message for error in validator.iter_errors(line)]
    kind = schema["$defs"][kind_of(line)]
    problems += [f"undescribed member {member}" for member in line if member not in kind["properties"]]
    options = kind["properties"].get("options", {}).get("properties", {})
    problems += [f"undescribed option {member}" for member in line.get("options", {}) if member not in options]
    return "\n".join(problems) or None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    output = subprocess.run([sys.argv[2]], stdout=subprocess.PIPE, check=True).stdout
    lines = [json.loads(line) for line in output.decode("utf-8").splitlines()]
    for number, line in enumerate(lines, 1):
        report(check(validator, schema, line), f"line {number}: {kind_of(line)}")

    missing = {"header", "test", "started", "attempt", "finished", "paused", "resumed", "end"} - {kind_of(line) for line in lines}
    report(f"no line of {missing}" if missing else None, "every kind of line is there")
    unseen = set(schema["$defs"]["test"]["properties"]) - {"event"} - {key for line in lines for key in line}
    report(f"no test has {unseen}" if unseen else None,
           "every setting of a test is there")
    for line in BAD_LINES:
        report(f"valid: {line}" if validator.is_valid(line) else None, f"not valid: {json.dumps(line)}")

    print(f"1..{n_points}")
    return failed


sys.exit(main())
