#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What desktops read of the monitor is valid, and what is to be translated is known.

Usage: test-data.py SOURCE-ROOT BUILD-ROOT
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ID = "org.dagsched.Monitor"


class Skip(Exception):
    pass


class Data:
    def __init__(self, root, build):
        self.root = pathlib.Path(root)
        self.build = pathlib.Path(build)


def run(*command, cwd=None):
    if not shutil.which(command[0]):
        raise Skip(f"{command[0]} is missing")
    result = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    if result.returncode:
        yield f"{' '.join(map(str, command))}: {result.stdout}{result.stderr}"


def check_desktop_file(data):
    """The desktop file is valid."""
    yield from run("desktop-file-validate", data.build / f"data/{ID}.desktop")


def check_metainfo(data):
    """The AppStream metainfo is valid."""
    yield from run("appstreamcli", "validate", "--no-net", "--explain", data.build / f"data/{ID}.metainfo.xml")


def check_schema(data):
    """The schema of the settings is valid, and each of its keys is used."""
    yield from run("glib-compile-schemas", "--strict", "--dry-run", data.root / "data")
    code = "\n".join(path.read_text() for path in (data.root / "dagsched-gtk").rglob("*.c"))
    keys = [key.get("name") for key in ElementTree.parse(data.root / f"data/{ID}.gschema.xml").iter("key")]
    if len(keys) < 5:
        yield f"only {len(keys)} keys found"
    for key in keys:
        if not re.search(rf'"(changed::)?{key}"', code):
            yield f"nothing reads the setting “{key}”"


def check_mime_types(data):
    """The MIME types are well-formed, and those that the desktop file opens."""
    tree = ElementTree.parse(data.root / f"data/{ID}.xml.in")
    types = {node.get("type") for node in tree.iter("{http://www.freedesktop.org/standards/shared-mime-info}mime-type")}
    desktop = (data.root / f"data/{ID}.desktop.in").read_text()
    opened = set(re.search(r"^MimeType=(.*)$", desktop, re.MULTILINE)[1].strip(";").split(";"))
    if types != opened:
        yield f"defined: {sorted(types)}, opened: {sorted(opened)}"


def check_service(data):
    """The D-Bus service starts what is installed."""
    text = (data.build / f"data/{ID}.service").read_text()
    if f"Name={ID}" not in text or "@" in text or "/dagsched-gtk --gapplication-service" not in text:
        yield text


def check_flatpak(data):
    """The Flatpak manifest is JSON, and builds this tree."""
    manifest = json.loads((data.root / f"data/flatpak/{ID}.json").read_text())
    options = (data.root / "meson_options.txt").read_text()
    if manifest["id"] != ID:
        yield f"its id is {manifest['id']}"
    for option in manifest["modules"][0]["config-opts"]:
        name = re.match(r"-D(\w+)=", option)
        if name and f"option('{name[1]}'" not in options:
            yield f"meson has no option “{name[1]}”"


def check_icons(data):
    """The icons are drawings that scale."""
    for name in (f"{ID}.svg", f"{ID}-symbolic.svg"):
        root = ElementTree.parse(data.root / "data/icons" / name).getroot()
        if root.get("viewBox") is None:
            yield f"{name}: no viewBox"


def check_translations(data):
    """Every file with texts is listed, and the translations are valid and complete."""
    listed = {line for line in (data.root / "po/POTFILES.in").read_text().splitlines() if line and line[0] != "#"}
    for path in listed:
        if not (data.root / path).exists():
            yield f"po/POTFILES.in: {path} does not exist"
    for path in (data.root / "dagsched-gtk").rglob("*"):
        name = path.relative_to(data.root).as_posix()
        if path.suffix == ".c" and re.search(r"\b(_|N_|C_|ngettext) ?\(", path.read_text()) and name not in listed:
            yield f"po/POTFILES.in lacks {name}"
        if path.suffix == ".ui" and 'translatable="yes"' in path.read_text() and name not in listed:
            yield f"po/POTFILES.in lacks {name}"
    for language in (data.root / "po/LINGUAS").read_text().split():
        yield from check_language(data, language)


def check_language(data, language):
    file = data.root / f"po/{language}.po"
    yield from run("msgfmt", "--check", "--output-file=/dev/null", file)
    template = subprocess.run(["xgettext", "--from-code=UTF-8", "--files-from=po/POTFILES.in", "--keyword=_",
                               "--keyword=N_", "--keyword=C_:1c,2", "--output=-"], cwd=data.root,
                              capture_output=True, text=True)
    if template.returncode:
        yield template.stderr
        return
    merged = subprocess.run(["msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file=-", file, "-"],
                            input=template.stdout, capture_output=True, text=True, check=True).stdout
    missing = subprocess.run(["msgattrib", "--untranslated", "--no-obsolete", "-"], input=merged,
                             capture_output=True, text=True, check=True).stdout
    for text in re.findall(r'^msgid ((?:".*"\n?)+)', missing, re.MULTILINE)[1:]:
        yield f"{language}.po lacks {text.strip()}"


CHECKS = [check_desktop_file, check_metainfo, check_schema, check_mime_types, check_service, check_flatpak,
          check_icons, check_translations]


def main():
    data = Data(*sys.argv[1:3])
    failed = False
    print(f"1..{len(CHECKS)}")
    for number, check in enumerate(CHECKS, 1):
        title = check.__doc__.splitlines()[0]
        try:
            problems = list(check(data))
        except Skip as skip:
            print(f"ok {number} - {title} # SKIP {skip}")
            continue
        failed = failed or bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {title}")
        for problem in problems:
            print("\n".join("# " + line for line in problem.splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
