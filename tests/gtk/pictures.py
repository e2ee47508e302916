#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Looks at the pictures that the tests of the monitor drew and that differ from the stored ones.

Usage: pictures.py [--build DIR] list            what differs
       pictures.py [--build DIR] show  [NAME...] opens stored, drawn and difference side by side
       pictures.py [--build DIR] accept [NAME...] makes what was drawn the stored picture
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

STORED = pathlib.Path(__file__).resolve().parent / "pictures"
ROOT = STORED.parent.parent.parent


def find_build(given):
    if given:
        return pathlib.Path(given)
    builds = [path for path in ROOT.glob("build*") if (path / "tests/gtk/pictures").is_dir()]
    if not builds:
        sys.exit("pictures.py: no build directory has drawn pictures: run its tests first, or name it with --build")
    return max(builds, key=lambda path: (path / "tests/gtk/pictures").stat().st_mtime)


def drawn_pictures(build, names):
    folder = build / "tests/gtk/pictures"
    drawn = {path.name.removesuffix(".actual.png"): path for path in sorted(folder.glob("*.actual.png"))}
    for name in names:
        if name not in drawn:
            sys.exit(f"pictures.py: “{name}” does not differ in {folder}")
    return {name: path for name, path in drawn.items() if not names or name in names}


def show(name, actual):
    paths = [STORED / f"{name}.png", actual, actual.with_name(f"{name}.difference.png")]
    subprocess.run(["xdg-open", next(path for path in reversed(paths) if path.exists())], check=False)
    for title, path in zip(("stored", "drawn", "difference"), paths):
        print(f"{name}: {title + ':':12} {path if path.exists() else '—'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", help="the build directory (the one whose tests ran last)")
    parser.add_argument("action", choices=["list", "show", "accept"])
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    drawn = drawn_pictures(find_build(options.build), options.names)
    for name, actual in drawn.items():
        if options.action == "list":
            print(name)
        elif options.action == "show":
            show(name, actual)
        else:
            STORED.mkdir(exist_ok=True)
            shutil.copy(actual, STORED / f"{name}.png")
            actual.unlink()
            print(f"accepted {name}")


if __name__ == "__main__":
    main()
