#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What keeps a mistake in memory from being more than a crash is in every binary that is installed.

Usage: check-hardening.py [--optimized] BINARY…
"""

import re
import subprocess
import sys


def read(binary, *options):
    return subprocess.run(['readelf', '-W', *options, binary], capture_output=True, text=True, check=True).stdout


def check(binary, optimized):
    """What is missing, in words."""
    headers, dynamic, symbols = read(binary, '-hl'), read(binary, '-d'), read(binary, '--dyn-syms')
    stack = re.search(r'GNU_STACK.*\b(R[W ]?E?)\s+0x', headers)

    if not re.search(r'Type:\s+DYN', headers):
        yield 'it is not position-independent'
    if 'GNU_RELRO' not in headers or 'BIND_NOW' not in dynamic:
        yield 'its relocations stay writable'
    if stack is None or 'E' in stack.group(1):
        yield 'its stack is executable'
    if '__stack_chk_fail' not in symbols:
        yield 'its stack is not protected'
    # With the checks these are others: __fprintf_chk() and so on.
    if optimized and re.search(r' v?(f|d|s|sn|as)?printf@', symbols):
        yield 'the C library does not check what it is called with'
    if re.search(r'\((RPATH|RUNPATH)\).*\[(?!\$ORIGIN)', dynamic):
        yield 'it looks for libraries where others may put some'


def main():
    optimized = '--optimized' in sys.argv
    binaries = [argument for argument in sys.argv[1:] if not argument.startswith('--')]
    failed = False

    print(f'1..{len(binaries)}')
    for number, binary in enumerate(binaries, 1):
        missing = list(check(binary, optimized))
        failed |= bool(missing)
        for text in missing:
            print(f'# {binary}: {text}')
        print('not ok' if missing else 'ok', number, '-', binary.rsplit('/', 1)[-1])
    return 1 if failed else 0


sys.exit(main())
