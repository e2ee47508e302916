#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the source tree to its own rules (docs/architecture.md, CONTRIBUTING.md).

Usage: check-tree.py SOURCE-ROOT BUILD-ROOT LIBRARY [LIBRARY-OF-WIDGETS]
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LIBRARY_FOLDER = "libdagsched"
GTK_FOLDER = "dagsched-gtk"
APPLICATION_LAYER = "app"  # of the widgets' folder: it is not part of the library
MAX_LINES = 600
CLANG_FORMAT_MAJOR = "14"  # each major version formats a little differently

# Nothing sleeps to wait, and nothing waits for a time but what keeps deadlines.
BANNED_EVERYWHERE = ["g_usleep", "sleep", "usleep", "nanosleep", "clock_nanosleep", "g_thread_yield",
                     "sched_yield", "g_async_queue_timeout_pop", "g_async_queue_timed_pop",
                     "g_cond_timed_wait", "pthread_cond_timedwait"]
ENDS_THE_PROGRAM = ["g_thread_new"]  # where no thread can be had
TIMED_WAIT = "g_cond_wait_until"
TIMED_WAIT_FILE = re.compile(r"libdagsched/engine/dagsched-deadlines?\.c$")
TIMERS = ["g_timeout_add", "g_timeout_add_full", "g_timeout_add_seconds", "g_timeout_source_new",
          "g_timeout_source_new_seconds"]
TIMER_LAYERS = {"report", "live"}  # what people look at may be repainted by time

# Where the command spells an option differently.
COMMAND_SPELLINGS = {"n-workers": ["-j"], "seed": ["random:"], "selection": ["--filter"], "flaky-fails": ["--flaky=fail"],
                     "wrapper": ["dagsched_options_set_wrapper"], "stack-traces": ["--no-stack-traces"]}

AVAILABLE = re.compile(r"DAGSCHED_(?:GTK_)?AVAILABLE_IN_\d+_\d+\s+(.*)", re.DOTALL)


class Library:
    """One of the two libraries: where it is, and what its names begin with."""

    def __init__(self, folder, prefix, package, file):
        self.folder = folder
        self.prefix = prefix  # of functions
        self.package = package  # of pkg-config: what a program that includes it needs
        self.file = file  # None: not built
        macro = prefix.upper()
        self.guard = f"#if !defined({macro}INSIDE) && !defined({macro}COMPILATION)"
        self.umbrella = "dagsched.h" if folder == LIBRARY_FOLDER else f"{folder}.h"


class Tree:
    def __init__(self, root, build, library, gtk_library=None):
        self.root = pathlib.Path(root).resolve()
        self.build = pathlib.Path(build).resolve()
        self.libraries = [Library(LIBRARY_FOLDER, "dagsched_", "gio-2.0", library),
                          Library(GTK_FOLDER, "dagsched_gtk_", "gtk4", gtk_library)]
        self.files = self.list_files()

    def list_files(self):
        """What git would keep; without git (a tarball), everything but build directories."""
        if (self.root / ".git").exists() and shutil.which("git"):
            listing = subprocess.run(
                ["git", "-C", self.root, "-c", "safe.directory=*", "ls-files", "-z", "--cached",
                 "--others", "--exclude-standard"], capture_output=True, check=True)
            paths = [self.root / name.decode() for name in listing.stdout.split(b"\0") if name]
            return sorted(path for path in paths if path.is_file())
        return sorted(path for path in self.root.rglob("*")
                      if path.is_file() and not path.relative_to(self.root).parts[0].startswith(("build", "_build")))

    def name(self, path):
        return path.relative_to(self.root).as_posix()

    def c_files(self, *folders):
        return [path for path in self.files
                if path.suffix in (".c", ".h") and path.relative_to(self.root).parts[0] in folders]

    def layer_files(self, library):
        """Pairs of layer and file. The umbrella header belongs to no layer."""
        for path in self.files:
            parts = path.relative_to(self.root).parts
            if parts[0] == library.folder and len(parts) == 3 and re.search(r"\.[ch](\.in)?$", path.name):
                yield parts[1], path

    def library_files(self, library):
        return [(layer, path) for layer, path in self.layer_files(library) if layer != APPLICATION_LAYER]

    def public_headers(self, library):
        return [path for _, path in self.library_files(library)
                if path.suffix == ".h" and not path.name.endswith("-private.h")]


def read(path):
    return path.read_text(encoding="utf-8")


def without_comments(text):
    """The code alone; strings are emptied, lines keep their numbers."""
    def blank(match):
        if match[0][0] in "\"'":
            return match[0][0] * 2
        return "\n" * match[0].count("\n")
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.DOTALL)


def lines_that_call(code, functions):
    pattern = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(functions))
    for number, line in enumerate(code.splitlines(), 1):
        match = pattern.search(line)
        if match:
            yield number, match[1]


def read_layer_table(tree, library):
    """Each library's table stands under a heading that names its folder."""
    table = {}
    section = re.split(r"^## .*`%s/`.*$" % library.folder, read(tree.root / "docs/architecture.md"), flags=re.MULTILINE)
    for line in re.split(r"^## ", section[-1] if len(section) > 1 else "", flags=re.MULTILINE)[0].splitlines():
        row = re.match(r"\| `([a-z]+)/` \|.*\| ([^|]*) \|$", line)
        if row:
            table[row[1]] = set() if row[2] == "–" else set(row[2].split(", "))
    return table


def check_layers(tree):
    """Includes point down the layers only."""
    for library in tree.libraries:
        yield from check_layers_of(tree, library)


def check_layers_of(tree, library):
    table = read_layer_table(tree, library)
    if not table:
        yield f"docs/architecture.md: no table of the layers of {library.folder}/ found"
    seen = set()
    for layer, path in tree.layer_files(library):
        seen.add(layer)
        if layer not in table:
            yield f"{tree.name(path)}: docs/architecture.md has no layer “{layer}”"
            continue
        for number, line in enumerate(read(path).splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if include and layer == APPLICATION_LAYER and "/" not in include[1]:
                continue
            if include and include[1].split("/")[0] not in table[layer] | {layer}:
                yield f"{tree.name(path)}:{number}: {layer} may not include {include[1]}"
    for layer in set(table) - seen:
        yield f"docs/architecture.md: layer “{layer}” has no files"
    for layer, allowed in table.items():
        for other in allowed - set(table):
            yield f"docs/architecture.md: {layer} may include “{other}”, which is no layer"


def check_umbrella(tree):
    """Each public header is reached through <dagsched.h> or <dagsched-gtk.h> only."""
    for library in tree.libraries:
        yield from check_umbrella_of(tree, library)


def check_umbrella_of(tree, library):
    place = f"{library.folder}/{library.umbrella}"
    umbrella = read(tree.root / place)
    headers = tree.public_headers(library)
    if not headers:
        yield "no public headers found"
    for path in headers:
        inside = "/".join(path.parts[-2:])
        macros = path.name.endswith("-version-macros.h")
        if not macros and f'#include "{inside}"' not in umbrella:
            yield f"{place} does not include {inside}"
        if not macros and library.guard not in read(path):
            yield f"{tree.name(path)}: lacks the guard against direct inclusion"
        if f"'{path.name}'" not in read(path.parent / "meson.build"):
            yield f"{tree.name(path)}: is not installed (…_public_headers)"
        if re.search(r'#include ".*-private\.h"', read(path)):
            yield f"{tree.name(path)}: a public header includes a private one"
    for inside in re.findall(r'#include "(.*-private\.h)"', umbrella):
        yield f"{place} includes {inside}"


def prototypes(path):
    """Statements at file level of a header that declare functions: (name, marked)."""
    code = without_comments(read(path))
    code = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", code, flags=re.MULTILINE)
    code = code.replace("G_BEGIN_DECLS", "").replace("G_END_DECLS", "")
    while True:
        shorter = re.sub(r"\{[^{}]*\}", "", code)
        if shorter == code:
            break
        code = shorter
    code = re.sub(r"(G_DECLARE_\w+ \([^)]*\))", r"\1;", code)
    for statement in code.split(";"):
        statement = " ".join(statement.split())
        if statement.startswith("typedef"):
            continue
        declared = re.search(r"G_DECLARE_\w+ \(\w+,\s*(\w+)", statement)
        function = re.search(r"\b(dagsched_\w+) \(", statement)
        if declared:
            yield declared[1] + "_get_type", bool(AVAILABLE.match(statement))
        elif function:
            yield function[1], bool(AVAILABLE.match(statement))


def check_marks(tree):
    """Each public function says since when it is there."""
    found = 0
    for library in tree.libraries:
        for path in tree.public_headers(library):
            for name, marked in prototypes(path):
                found += 1
                if not marked:
                    yield f"{tree.name(path)}: {name} lacks {library.prefix.upper()}AVAILABLE_IN_…"
    if found < 10:
        yield f"only {found} prototypes found"


def check_symbols(tree):
    """Each library exports what its headers declare, and nothing else."""
    for library in tree.libraries:
        if library.file:
            yield from check_symbols_of(tree, library)


def check_symbols_of(tree, library):
    listing = subprocess.run(["nm", "-D", "--defined-only", library.file], capture_output=True, text=True,
                             check=True).stdout
    exported = {line.split()[-1] for line in listing.splitlines()} - {"_init", "_fini", "_end", "_edata", "__bss_start"}
    declared = {name for path in tree.public_headers(library) for name, _ in prototypes(path)}
    generated = tree.build / library.folder / "base/dagsched-enum-types.h"
    if generated.exists():
        declared |= {name for name, _ in prototypes(generated)}
    for name in sorted(exported - declared):
        yield f"{name} is exported, but no public header declares it"
    for name in sorted(declared - exported):
        yield f"{name} is declared, but not exported"
    for name in sorted(exported):
        if not name.startswith(library.prefix):
            yield f"{name} is exported, but does not start with {library.prefix}"


def check_docstrings(tree):
    """Each public function, property and signal is documented, with the version it came with."""
    layers = [pair for library in tree.libraries for pair in tree.library_files(library)]
    source = "\n".join(read(path) for _, path in layers)
    blocks = {}
    for block in re.findall(r"/\*\*\n(.*?)\*/", source, flags=re.DOTALL):
        title = re.match(r"\s*\* ([\w:-]+):", block)
        if title:
            blocks[title[1]] = block
    wanted = []
    for path in (path for library in tree.libraries for path in tree.public_headers(library)):
        for name, _ in prototypes(path):
            if not name.endswith("_get_type"):
                wanted.append((tree.name(path), name))
    for _, path in layers:
        text = read(path)
        owners = re.findall(r"G_DEFINE_\w+ \((\w+),", text)
        if path.name.endswith("-private.h") or not owners:
            continue
        public = (path.parent / (path.stem + ".h")).exists()
        if not public:
            continue
        for name in re.findall(r'g_param_spec_\w+ \("([\w-]+)"', text):
            wanted.append((tree.name(path), f"{owners[0]}:{name}"))
        for name in re.findall(r'g_signal_new \("([\w-]+)"', text):
            wanted.append((tree.name(path), f"{owners[0]}::{name}"))
    for place, name in wanted:
        if name not in blocks:
            yield f"{place}: {name} has no docstring"
        elif "Since:" not in blocks[name]:
            yield f"{place}: the docstring of {name} lacks “Since:”"
    if len(wanted) < 10:
        yield f"only {len(wanted)} things to document found"


def check_options(tree):
    """Each option of a run is set by a test, in the library or through the command."""
    path = tree.root / LIBRARY_FOLDER / "run/dagsched-options.c"
    options = re.findall(r'g_param_spec_\w+ \("([\w-]+)"', read(path))
    tests = "\n".join(read(file) for file in tree.files
                      if tree.name(file).startswith("tests/") and file.suffix in (".c", ".py"))
    tests = tests.replace(read(pathlib.Path(__file__)), "")
    if not options:
        yield "libdagsched/run/dagsched-options.c: no properties found"
    for option in options:
        field = option.replace("-", "_")
        spellings = [f'"{option}"', f'"--{option}', f"'--{option}", f"{field}=", f".{field} = "]
        spellings += COMMAND_SPELLINGS.get(option, [])
        if not any(spelling in tests for spelling in spellings):
            yield f"option “{option}”: no test sets it"


def check_length(tree):
    """No file of code is longer than a reader can hold."""
    for path in tree.files:
        if path.suffix in (".c", ".h", ".py", ".sh") or path.name == "bootstrap":
            n_lines = len(read(path).splitlines())
            if n_lines > MAX_LINES:
                yield f"{tree.name(path)}: {n_lines} lines (limit: {MAX_LINES})"


def check_calls(tree):
    """Nothing sleeps, nothing waits for a time but what keeps deadlines, and nothing ends the program for want of a thread."""
    checked = 0
    for path in tree.c_files(LIBRARY_FOLDER, GTK_FOLDER, "dagsched-cli", "dagsched-agent"):
        name = tree.name(path)
        code = without_comments(read(path))
        checked += 1
        banned = list(BANNED_EVERYWHERE)
        if not TIMED_WAIT_FILE.search(name):
            banned.append(TIMED_WAIT)
        parts = name.split("/")
        if parts[0] == LIBRARY_FOLDER and parts[1] not in TIMER_LAYERS:
            banned += TIMERS
        for number, function in lines_that_call(code, banned):
            yield f"{name}:{number}: {function}() waits for a time"
        for number, function in lines_that_call(code, ENDS_THE_PROGRAM):
            yield f"{name}:{number}: {function}() ends the program where it fails"
    if not checked:
        yield "no C files found"


def check_licence(tree):
    """Each source file names its licence."""
    for path in tree.files:
        if path.suffix in (".c", ".h", ".py", ".sh", ".vala", ".js") or path.name == "bootstrap":
            text = read(path)
            if text and "SPDX-License-Identifier: LGPL-2.1-or-later" not in text[:300]:
                yield f"{tree.name(path)}: lacks its SPDX line"


def check_links(tree):
    """Links in the documentation lead somewhere."""
    found = 0
    for path in tree.files:
        if path.suffix != ".md":
            continue
        for number, line in enumerate(read(path).splitlines(), 1):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
                found += 1
                if "://" not in target and not (path.parent / target).exists():
                    yield f"{tree.name(path)}:{number}: {target} does not exist"
    if not found:
        yield "no links found"


def compiles(command, code, suffix):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / ("include" + suffix)
        file.write_text(code)
        return subprocess.run([*command, "-fsyntax-only", file], capture_output=True, text=True)


def schema_members(tree, name):
    schema = json.loads(read(tree.root / "data/schemas" / name))
    yield from schema["properties"]
    yield from schema.get("$defs", {}).get("member", {})


def check_manual(tree):
    """docs/manifest.md names each member that the schemas know."""
    manual = read(tree.root / "docs/manifest.md")
    for name in ("dagsched-manifest-1.schema.json", "dagsched-overrides-1.schema.json"):
        members = list(schema_members(tree, name))
        if len(members) < 4:
            yield f"{name}: only {len(members)} members found"
        for member in members:
            if f"`{member}`" not in manual and f'"{member}"' not in manual:
                yield f"docs/manifest.md does not name “{member}” ({name})"


def check_shell(tree):
    """Shell scripts parse, and shellcheck has nothing to say."""
    scripts = [path for path in tree.files if path.suffix == ".sh" or tree.name(path) in ("bootstrap", ".ci/run")]
    if len(scripts) < 3:
        yield f"only {len(scripts)} scripts found"
    for path in scripts:
        shell = "bash" if read(path).startswith("#!/bin/bash") else "sh"
        result = subprocess.run([shell, "-n", path], capture_output=True, text=True)
        if result.returncode:
            yield result.stderr
        if not path.stat().st_mode & 0o100:
            yield f"{tree.name(path)}: is not executable"
    if shutil.which("shellcheck"):
        result = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
        if result.returncode:
            yield result.stdout


def check_headers_compile(tree):
    """<dagsched.h> and <dagsched-gtk.h> compile by themselves, in C and in C++; single headers refuse."""
    for library in tree.libraries:
        if library.file:
            yield from check_headers_of(tree, library)


def check_headers_of(tree, library):
    flags = subprocess.run(["pkg-config", "--cflags", library.package], capture_output=True, text=True,
                           check=True).stdout.split()
    flags = [flag.replace("-I", "-isystem", 1) for flag in flags]
    flags += [f"-I{root / folder}" for root in (tree.root, tree.build) for folder in (LIBRARY_FOLDER, GTK_FOLDER)]
    flags += ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]
    compilers = [(["gcc", "-std=c99"], ".c"), (["clang", "-std=c99"], ".c"), (["g++", "-std=c++11"], ".cc"),
                 (["clang++", "-std=c++11"], ".cc")]
    used = 0
    for command, suffix in compilers:
        if not shutil.which(command[0]):
            continue
        used += 1
        code = f"#include <{library.umbrella}>\nint main (void) {{ return 0; }}\n"
        result = compiles(command + flags, code, suffix)
        if result.returncode:
            yield f"{command[0]}: <{library.umbrella}> does not compile:\n{result.stderr}"
    for path in tree.public_headers(library):
        inside = "/".join(path.parts[-2:])
        if path.name.endswith("-version-macros.h"):
            continue
        # What it says is said first: the rest need not be read.
        if not compiles(["cc", "-Wfatal-errors"] + flags, f"#include <{inside}>\n", ".c").returncode:
            yield f"{inside} can be included directly"
    if not used:
        yield "no compiler found"


def check_format(tree):
    """The C code is as clang-format writes it."""
    version = ""
    if shutil.which("clang-format"):
        version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=True).stdout
    if not re.search(rf"version {CLANG_FORMAT_MAJOR}\.", version):
        raise Skip(f"needs clang-format {CLANG_FORMAT_MAJOR}")
    files = tree.c_files(LIBRARY_FOLDER, GTK_FOLDER, "dagsched-cli", "dagsched-agent", "benchmarks", "tests", "docs")
    result = subprocess.run(["clang-format", "--dry-run", *files], capture_output=True, text=True, cwd=tree.root)
    for name in sorted(set(re.findall(r"^(\S+?):\d+:\d+: warning", result.stderr, flags=re.MULTILINE))):
        yield f"{tree.name(pathlib.Path(name))}: run clang-format -i on it"
    if result.returncode:
        yield result.stderr


class Skip(Exception):
    pass


CHECKS = [check_layers, check_umbrella, check_marks, check_symbols, check_docstrings, check_options,
          check_length, check_calls, check_licence, check_links, check_manual,
          check_shell, check_headers_compile, check_format]


def main():
    tree = Tree(*sys.argv[1:])
    print(f"1..{len(CHECKS)}")
    failed = False
    for number, check in enumerate(CHECKS, 1):
        title = check.__doc__.splitlines()[0]
        try:
            problems = list(check(tree))
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
