#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is installed has nothing that a static analyser calls wrong.

Usage: check-analysis.py gcc|clang-tidy ROOT BUILD
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDERS = ('libdagsched', 'dagsched-cli', 'dagsched-agent', 'dagsched-gtk')
# GLib's own: what frees a variable at the end of its block is taken for a use of it.
NOT_OURS = re.compile(r'^/usr/')


def find_commands(root, build):
    """Source file → how it is compiled, once each."""
    commands = {}
    for entry in json.loads((build / 'compile_commands.json').read_text()):
        path = (Path(entry['directory']) / entry['file']).resolve()
        if path.suffix == '.c' and path.is_relative_to(root) and path.relative_to(root).parts[0] in FOLDERS:
            commands.setdefault(path, entry)
    return commands


def analyse_with_gcc(entry, _build):
    words = shlex.split(entry['command'])
    words = words[:words.index('-o')]
    while words[0] not in ('cc', 'gcc') and not words[0].endswith(('/cc', '/gcc')):
        words = words[1:]
    options = [word for word in words[1:] if not re.match(r'-O|-fsanitize|-Werror|-M', word)]
    return ['gcc', *options, '-O1', '-fanalyzer', '-fdiagnostics-color=never', '-S', '-o', '/dev/null', entry['file']]


def analyse_with_clang_tidy(entry, build):
    return ['clang-tidy', '-p', str(build), '--quiet', entry['file']]


def find_warnings(command, directory):
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    lines = (result.stdout + result.stderr).splitlines()
    found = [line for line in lines if re.search(r': (warning|error): .*\[(-Wanalyzer|bugprone|clang|misc)', line)
             and not NOT_OURS.match(line)]
    if result.returncode != 0 and not found:
        found = [f'{shlex.join(command)}: {lines[-1] if lines else "failed"}']
    return found


def main():
    tool, root, build = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
    analyse = {'gcc': analyse_with_gcc, 'clang-tidy': analyse_with_clang_tidy}[tool]
    commands = find_commands(root, build)
    print('TAP version 14', '1..1', sep='\n')
    if shutil.which(tool) is None:
        print(f'ok 1 - analysis # SKIP {tool} is not installed')
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = pool.map(lambda entry: find_warnings(analyse(entry, build), entry['directory']), commands.values())
        warnings = sorted({line for lines in found for line in lines})
    for line in warnings:
        print(f'# {line}')
    print(f'{"not " if warnings else ""}ok 1 - {tool} has nothing to say of {len(commands)} files')
    sys.exit(1 if warnings else 0)


main()
