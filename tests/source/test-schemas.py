#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The JSON Schemas and the reader agree on the corpus: what the reader takes is valid, what is in
bad/ is not, and what is in beyond/ no schema can refuse (or is not JSON)."""

import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(0)

SCHEMAS, CORPUS = sys.argv[1:3]
MANIFEST = "dagsched-manifest-1.schema.json"
OVERRIDES = "dagsched-overrides-1.schema.json"

results = []


def check(condition, name, detail=""):
    results.append(condition)
    print(f"{'ok' if condition else 'not ok'} {len(results)} {name}")
    if not condition and detail:
        print("# " + str(detail).replace("\n", "\n# "))


def load_schema(name):
    with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
        return json.load(file)


def read(path):
    """The value in a file; None if it is not JSON."""
    try:
        with open(path, "rb") as file:
            return json.loads(file.read().decode("utf-8-sig"))
    except ValueError:
        return None


def find_error(validator, value):
    return next(iter(validator.iter_errors(value)), None)


def check_folder(folder, validator, valid):
    names = sorted(n for n in os.listdir(os.path.join(CORPUS, folder)) if n.endswith(".json"))
    check(bool(names), f"{folder} has cases")
    for name in names:
        value = read(os.path.join(CORPUS, folder, name))
        if value is None:
            check("beyond" in folder, f"{folder}/{name} is not JSON")
            continue
        error = find_error(validator, value)
        check((error is None) == valid, f"{folder}/{name}", error.message if error else "it is valid")


def main():
    schemas = {name: load_schema(name) for name in (MANIFEST, OVERRIDES)}
    validators = {}
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        resolver = jsonschema.RefResolver(name, schema, store=schemas)
        validators[name] = jsonschema.Draft202012Validator(schema, resolver=resolver)

    for prefix, validator in (("", validators[MANIFEST]), ("overrides/", validators[OVERRIDES])):
        check_folder(prefix + "good", validator, True)
        check_folder(prefix + "bad", validator, False)
        check_folder(prefix + "beyond", validator, True)

    # The reader takes every member that the schema knows.
    members = schemas[MANIFEST]["$defs"]["member"]
    used = read(os.path.join(CORPUS, "good", "every-member.json"))["tests"][0]
    check(set(members) == set(used), "every member is used", set(members) ^ set(used))
    defaults = read(os.path.join(CORPUS, "good", "defaults.json"))["defaults"]
    known = schemas[MANIFEST]["$defs"]["defaults"]["properties"]
    check(set(known) == set(defaults), "every default is used", set(known) ^ set(defaults))
    override = read(os.path.join(CORPUS, "overrides", "good", "every-member.json"))["tests"]["db/a"]
    known = schemas[OVERRIDES]["$defs"]["override"]["properties"]
    check(set(known) == set(override), "every override is used", set(known) ^ set(override))

    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
