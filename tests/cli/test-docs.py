# SPDX-License-Identifier: LGPL-2.1-or-later
"""The man page and the completion of bash say what --help says, no more and no less."""

import os
import re
import subprocess
from pathlib import Path

from harness import contains, equal, main, need_program, status, test

ROOT = Path(os.environ['G_TEST_SRCDIR']).parent
MAN = ROOT / 'docs' / 'man' / 'dagsched.1'
COMPLETION = ROOT / 'data' / 'completions' / 'dagsched'
COMMANDS = ('run', 'list', 'check', 'graph', 'monitor', 'convert')


def help_options(box, command):
    """The options of a command as its help lists them: -x and --long."""
    options = set()
    for line in status(box.command(command, '--help'), 0).out.splitlines():
        match = re.match(r'  (?:(-\w), )?(--[\w-]+)', line)
        if match:
            options.update(option for option in match.groups() if option)
    return options


def man_sections():
    """Section title → its text, of .SH and .SS."""
    sections, title = {}, None
    for line in MAN.read_text().splitlines():
        match = re.match(r'\.S[HS] "?([^"]*)"?', line)
        if match:
            title = match.group(1)
            sections[title] = ''
        elif title:
            sections[title] += line + '\n'
    return sections


def man_options(text):
    """The options whose paragraphs (.TP, then a line that begins with .B or .BR or .BI) are in a text."""
    options = set()
    for match in re.finditer(r'^\.TP\n(\.B\w* .*)$', text, re.MULTILINE):
        plain = match.group(1).replace('\\-', '-').replace('\\fR', '').replace('"', '')
        options.update(re.findall(r'(?<![\w-])--?\w[\w-]*', plain))
    return options


@test
def man_page_has_the_options_of_help(box):
    sections = man_sections()
    shared = man_options(sections['Source options']) | man_options(sections['Selection options'])
    for command in COMMANDS:
        in_man = man_options(sections[f'dagsched {command}']) | {'-h', '--help'}
        in_help = help_options(box, command)
        in_shared = man_options(sections['Source options']) if command != 'monitor' else set()
        if command not in ('convert', 'monitor'):
            in_shared |= man_options(sections['Selection options'])
        equal(sorted(in_man | in_shared), sorted(in_help), f'options of {command}')
    equal('--filter' in shared and '--overrides' in shared, True)


@test
def man_page_has_no_errors(_box):
    need_program('groff')
    done = subprocess.run(['groff', '-man', '-Tutf8', '-ww', '-rLL=80n', str(MAN)], capture_output=True, check=False)
    equal(done.stderr, b'')
    equal(done.returncode, 0)


@test
def man_page_explains_every_exit_status(_box):
    text = man_sections()['EXIT STATUS']
    for value in ('0', '1', '2', '3', '4', '128+'):
        contains(text.replace('.BI', '.B'), f'.TP\n.B {value}')


def examples(box):
    """The commands of the man page and of each --help."""
    found = set()
    for block in re.findall(r'^\.nf\n(.*?)^\.fi', MAN.read_text(), re.MULTILINE | re.DOTALL):
        found.update(block.replace('\\-', '-').replace('\\(aq', "'").splitlines())
    for command in COMMANDS:
        text = box.command(command, '--help').out
        found.update(line.strip() for line in text.partition('Examples:\n')[2].splitlines() if line.strip())
    return sorted(found)


@test
def examples_work(box):
    """Each in a directory that has what they name, with stand-ins for other programs."""
    names = ('api/upload', 'db/start', 'db/slow')
    box.manifest([{'name': name, 'command': 'true', 'suites': ['db']} for name in names])
    box.manifest([{'name': name, 'command': 'true', 'suites': ['db']} for name in names], name='suite.json')
    box.write('build/dagsched.json', (box.dir / 'suite.json').read_text())
    status(box.command('run', '--log=run.jsonl'), 0)
    box.write('bin/valgrind', '#!/bin/sh\nshift\nexec "$@"\n', 0o755)
    for name in ('jq', 'dot', 'dagsched-gtk'):
        box.write(f'bin/{name}', '#!/bin/sh\nexec cat > /dev/null\n', 0o755)
    (box.dir / 'bin' / 'dagsched').symlink_to(os.environ['DAGSCHED'])
    env = {**box.env, 'PATH': f'{box.dir}/bin:{box.env["PATH"]}'}
    found = examples(box)
    equal(len(found) >= 14, True, f'only {found}')
    for example in found:
        done = subprocess.run(['bash', '-o', 'pipefail', '-c', example], cwd=box.dir, env=env, capture_output=True,
                              stdin=subprocess.DEVNULL, check=False)
        equal(done.returncode, 0, f'{example}\n{done.stderr.decode()}')


def complete(words, cwd=None):
    """What bash would offer for the last of the words."""
    script = '''
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
_dagsched dagsched "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
'''
    done = subprocess.run(['bash', '--norc', '-c', script, 'bash', str(COMPLETION), *words], cwd=cwd,
                          capture_output=True, check=True, text=True)
    equal(done.stderr, '')
    return [word.rstrip() for word in done.stdout.splitlines() if word]


@test
def completion_has_the_options_of_help(box):
    need_program('bash')
    for command in COMMANDS:
        offered = set(complete(['dagsched', command, '-']))
        equal(sorted(offered), sorted(help_options(box, command)), f'options of {command}')


@test
def completion_without_a_command_is_that_of_run(box):
    need_program('bash')
    equal(set(complete(['dagsched', '-j', '2', '--f'])), {'--filter', '--flaky', '--format'})
    equal(set(complete(['dagsched', '--'])) - help_options(box, 'run'), {'--version'})


@test
def completion_knows_commands_and_values(box):
    need_program('bash')
    box.write('some.json', '{}')
    equal(complete(['dagsched', 'che'], box.dir), ['check'])
    equal(complete(['dagsched', 'so'], box.dir), ['some.json'])
    equal(complete(['dagsched', 'run', '--format', '']), ['human', 'jsonl', 'tap'])
    equal(complete(['dagsched', 'run', '--format', '=', 't']), ['tap'])
    equal(complete(['dagsched', 'list', '--format', '']), ['human', 'json'])
    equal(complete(['dagsched', 'graph', '--format', '']), ['dot', 'json'])
    equal(complete(['dagsched', 'convert', '--format', '']), ['manifest', 'human', 'junit', 'tap'])
    equal(complete(['dagsched', 'run', '--order', 'c']), ['critical-path'])
    equal(complete(['dagsched', 'run', '--flaky', '']), ['pass', 'fail'])
    equal(complete(['dagsched', 'run', '--color', 'a']), ['auto', 'always'])
    equal(complete(['dagsched', 'run', '--junit', 'so'], box.dir), ['some.json'])
    equal(complete(['dagsched', 'run', '--workers', ''], box.dir), [])


@test
def completion_offers_the_types_of_sources(box):
    need_program('bash')
    known = complete(['dagsched', 'run', '--source-type', ''])
    for name in known:
        box.manifest([{'name': 'a', 'command': 'true'}])
        lacking = box.command('list', f'--source-type={name}', 'missing').err
        equal('takes' in lacking, False, f'{name} is a type')
    refused = box.command('list', '--source-type=?').err
    listed = refused.partition(' takes ')[2].partition(', not ')[0].replace(' or ', ', ').split(', ')
    equal(sorted(known), sorted(listed))


main()
