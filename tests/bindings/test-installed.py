#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs into a scratch directory, and builds programs against nothing but what is there.

Usage: test-installed.py SOURCE-ROOT BUILD-ROOT PREFIX
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD, PREFIX = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
HERE = pathlib.Path(__file__).resolve().parent

WANTED = ["bin/dagsched", "include/dagsched-1/dagsched.h", "include/dagsched-1/base/dagsched-enum-types.h",
          "libexec/dagsched-agent", "**/pkgconfig/dagsched-1.pc", "**/libdagsched-1.so",
          "share/gir-1.0/Dagsched-1.gir", "**/girepository-1.0/Dagsched-1.typelib",
          "share/vala/vapi/dagsched-1.vapi", "share/vala/vapi/dagsched-1.deps",
          "share/doc/dagsched/examples/media-server/dagsched.json",
          "share/man/man1/dagsched.1", "share/dagsched-1/schemas/*.json",
          "share/bash-completion/completions/dagsched"]


class Skip(Exception):
    pass


class Installed:
    def __init__(self, destination):
        subprocess.run(["meson", "install", "-C", BUILD, "--destdir", destination, "--no-rebuild", "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        self.prefix = pathlib.Path(destination) / PREFIX.relative_to("/")
        self.scratch = pathlib.Path(destination)
        pc = self.find("**/pkgconfig/dagsched-1.pc")
        # A staged installation: the prefix is where it lies now. All else stays as it was written.
        pc.write_text(re.sub(r"^prefix=.*$", f"prefix={self.prefix}", pc.read_text(), flags=re.MULTILINE))
        self.env = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent),
                        LD_LIBRARY_PATH=str(self.find("**/libdagsched-1.so").parent),
                        DAGSCHED_AGENT=str(self.prefix / "libexec/dagsched-agent"))

    def find(self, pattern):
        return next(iter(sorted(self.prefix.glob(pattern))), None)

    def output(self, *command, **options):
        result = subprocess.run([str(word) for word in command], env=self.env, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, **options)
        if result.returncode:
            raise AssertionError(f"{command[0]} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def flags(self):
        return self.output("pkg-config", "--cflags", "--libs", "dagsched-1").split()


def check_files(installed):
    missing = [pattern for pattern in WANTED if not installed.find(pattern)]
    assert not missing, f"not installed: {missing}"
    private = [path.name for path in installed.prefix.rglob("*-private.h")]
    assert not private, f"private headers are installed: {private}"


def check_readme_program(installed):
    """The C program in the README is compiled as it stands there."""
    blocks = re.findall(r"^```c\n(.*?)^```", (SOURCE / "README.md").read_text(), flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1, f"README.md has {len(blocks)} C programs"
    source = installed.scratch / "example.c"
    source.write_text(blocks[0])
    program = installed.scratch / "example"
    installed.output("cc", "-Wall", "-Wextra", "-Werror", "-o", program, source, *installed.flags())
    lines = installed.output(program).splitlines()
    assert lines == ["setup: passed", "query: passed"], lines


def check_readme_manifest(installed):
    """So is its manifest: as a file that is checked."""
    blocks = re.findall(r"^```json\n(.*?)^```", (SOURCE / "README.md").read_text(), flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1, f"README.md has {len(blocks)} manifests"
    manifest = installed.scratch / "shop.dagsched.json"
    manifest.write_text(blocks[0])
    installed.output(installed.prefix / "bin/dagsched", "check", manifest)


def check_vala_program(installed):
    if not shutil.which("valac"):
        raise Skip("there is no valac")
    program = installed.scratch / "vala-program"
    installed.output("valac", "--fatal-warnings", f"--vapidir={installed.prefix}/share/vala/vapi",
                     "--pkg=dagsched-1", "-X", "-w", f"--output={program}", HERE / "program.vala",
                     *(f"--Xcc={flag}" for flag in installed.flags()))
    lines = installed.output(program).splitlines()
    assert lines == ["setup passed", "broken failed", "after blocked"], lines


def check_command(installed):
    """The installed command runs the installed example."""
    installed.env["XDG_STATE_HOME"] = str(installed.scratch / "state")
    example = installed.find("share/doc/dagsched/examples/media-server")
    text = installed.output(installed.prefix / "bin/dagsched", "run", "--format=tap", example)
    assert "\nok" in text and "\nnot ok" not in re.sub(r"(?m)^.*# TODO.*$", "", text), text


CHECKS = [("what is needed is installed", check_files),
          ("the program in the README builds and runs", check_readme_program),
          ("the manifest in the README is right", check_readme_manifest),
          ("a Vala program builds and runs", check_vala_program),
          ("the installed command runs the installed example", check_command)]


def main():
    print(f"1..{len(CHECKS)}")
    failed = False
    with tempfile.TemporaryDirectory() as destination:
        installed = Installed(destination)
        for number, (title, check) in enumerate(CHECKS, 1):
            try:
                check(installed)
                print(f"ok {number} - {title}")
            except Skip as skip:
                print(f"ok {number} - {title} # SKIP {skip}")
            except AssertionError as problem:
                failed = True
                print(f"not ok {number} - {title}")
                print("\n".join("# " + line for line in str(problem).splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
