# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reports: where they go, and that each agrees with the log."""

import json
import os
import re
import resource
import subprocess
import xml.etree.ElementTree as ElementTree

from harness import contains, equal, lacks, main, need_program, status, test, usage_error

MIXED = [
    {'name': 'good', 'command': 'true', 'suites': ['s']},
    {'name': 'bad', 'command': 'echo "<&> \\033[1mbold"; echo why >&2; exit 1'},
    {'name': 'behind', 'command': 'true', 'depends': ['bad']},
    {'name': 'skips', 'command': 'exit 77'},
    {'name': 'disabled', 'command': 'true', 'disabled': 'broken <since> May'},
    {'name': 'expected', 'command': 'exit 1', 'expected-failure': True},
    {'name': 'unexpected', 'command': 'true', 'expected-failure': True},
    {'name': 'missing', 'command': ['./no-such-program']},
    {'name': 'late', 'command': 'sleep 1000', 'timeout': 0.2},
    {'name': 'flaky', 'command': 'test -e "$HOME/f" || { touch "$HOME/f"; exit 1; }', 'retries': 1, 'retry-delay': 0},
    {'name': 'grün "quoted" \'name\' #1', 'command': 'true'},
]


def mixed(box, *arguments, **settings):
    (box.dir / 'f').unlink(missing_ok=True)
    box.manifest(MIXED)
    return status(box.run('-j', 2, *arguments, **settings), 1)


def tap_points(text):
    """Description → (ok, directive) of a TAP document; checks its plan."""
    lines = text.splitlines()
    equal(lines[0], 'TAP version 14')
    points = {}
    for line in lines:
        match = re.match(r'(not )?ok (\d+) - (.*?)(?: # (SKIP|TODO).*)?$', line)
        if match:
            equal(int(match.group(2)), len(points) + 1, 'number')
            points[match.group(3)] = (match.group(1) is None, match.group(4))
    plans = [line for line in lines if re.match(r'1\.\.\d', line)]
    equal([plan.split(' ')[0] for plan in plans], [f'1..{len(points)}'])
    return points


def check_tap(box, text):
    points = tap_points(text)
    outcomes = box.outcomes()
    equal(len(points), len(outcomes))
    by_outcome = {'passed': (True, None), 'failed': (False, None), 'errored': (False, None),
                  'timed-out': (False, None), 'skipped': (True, 'SKIP'), 'expected-failure': (False, 'TODO')}
    for name, outcome in outcomes.items():
        point = points[name.replace('#', '\\#')]
        if outcome in by_outcome:
            equal(point, by_outcome[outcome], f'{name}, {outcome}')
    equal(points['behind'][0] and points['behind'][1] is None, False, 'a blocked test is no plain success')


@test
def tap_goes_to_a_file_or_standard_output(box):
    mixed(box, '--tap=report.tap')
    check_tap(box, (box.dir / 'report.tap').read_text())
    result = mixed(box, '--tap=-')
    check_tap(box, result.out)
    contains(result.err, 'bad')
    check_tap(box, mixed(box, '--format=tap').out)


def check_junit(box, text):
    root = ElementTree.fromstring(text)
    equal(root.tag, 'testsuites')
    cases = {case.get('name'): case for case in root.iter('testcase')}
    outcomes = box.outcomes()
    equal(sorted(cases), sorted(outcomes))
    for name, outcome in outcomes.items():
        kinds = {child.tag for child in cases[name]} & {'failure', 'error', 'skipped'}
        expected = {'passed': set(), 'failed': {'failure'}, 'timed-out': {'failure', 'error'}, 'errored': {'error'},
                    'skipped': {'skipped'}, 'blocked': {'skipped'}, 'unexpected-pass': {'failure'},
                    'expected-failure': {'skipped'}}[outcome]
        equal(kinds <= expected and bool(kinds) == bool(expected) or outcome == 'expected-failure', True,
              f'{name}, {outcome}: {kinds}')
    equal('flakyFailure' in {child.tag for child in cases['flaky']}, True)
    contains(''.join(cases['bad'].itertext()), '<&>', 'why')
    contains(' '.join(cases['behind'].find('skipped').attrib.values()), 'bad')
    tests = sum(int(suite.get('tests')) for suite in root.iter('testsuite'))
    equal(tests, len(cases))


@test
def junit_goes_to_a_file_or_standard_output(box):
    mixed(box, '--junit=report.xml')
    check_junit(box, (box.dir / 'report.xml').read_bytes())
    result = mixed(box, '--junit=-')
    check_junit(box, result.raw_out)
    contains(result.err, 'bad')


@test
def junit_is_well_formed_for_others(box):
    need_program('xmllint')
    mixed(box, '--junit=report.xml')
    subprocess.run(['xmllint', '--noout', box.dir / 'report.xml'], check=True)


@test
def jsonl_is_the_log(box):
    result = mixed(box, '--format=jsonl')
    printed = [json.loads(line) for line in result.out.splitlines()]
    kinds = lambda lines: sorted((line.get('event', ''), line.get('test', -1)) for line in lines)  # noqa: E731
    equal(kinds(printed), kinds(box.log_lines()))
    equal('dagsched-log' in printed[0], True)
    result = box.command('run', '--log=-', '-k', 'good')
    equal('dagsched-log' in json.loads(result.out.splitlines()[0]), True)
    contains(result.err, '1')


@test
def human_report_names_what_went_wrong(box):
    result = mixed(box)
    contains(result.out, 'bad', 'why', 'behind', 'missing', 'no-such-program', 'late', 'unexpected', 'grün')
    lacks(result.out, '\033', '\r')
    equal(result.err, '')


@test
def reports_agree_with_those_made_of_the_log(box):
    mixed(box, '--junit=report.xml', '--tap=report.tap')
    made = status(box.command('convert', box.log, '--format=junit', '-o', 'made.xml'), 0)
    equal(made.out + made.err, '')
    check_junit(box, (box.dir / 'made.xml').read_bytes())
    equal((box.dir / 'made.xml').read_text(), (box.dir / 'report.xml').read_text())
    check_tap(box, status(box.command('convert', box.log, '--format=tap'), 0).out)
    check_junit(box, status(box.command('convert', '--format=junit', '-o', '-', box.log), 0).raw_out)
    result = status(box.command('convert', box.log), 0)
    contains(result.out, 'bad', 'why', 'behind')
    status(box.command('convert', box.log, '--output=human.txt', '--color=always'), 0)
    contains((box.dir / 'human.txt').read_text(), 'behind', '\033[')
    status(box.command('convert', box.log, '--output=human.txt'), 0)
    lacks((box.dir / 'human.txt').read_text(), '\033[')


@test
def convert_tells_of_a_torn_log(box):
    mixed(box)
    whole = box.log.read_bytes()
    box.log.write_bytes(whole[:len(whole) // 2])
    result = status(box.command('convert', box.log, '--format=junit', '-o', 'made.xml'), 0)
    contains(result.err, 'warning')
    equal(len(list(ElementTree.parse(box.dir / 'made.xml').iter('testcase'))), len(MIXED))


@test
def report_that_can_not_be_written_stops_the_run(box):
    box.manifest([{'name': 'a', 'command': 'touch ran'}])
    for option in ('--log', '--junit', '--tap'):
        for path in ('missing/report', '.'):
            usage_error(box.command('run', f'{option}={path}'), path)
    equal((box.dir / 'ran').exists(), False)


@test
def full_disk_stops_the_run(box):
    box.manifest([{'name': f't{i}', 'command': 'echo ran >> ran', 'suites': ['s']} for i in range(50)])
    result = status(box.command('run', '-j1', '--log=/dev/full'), 3)
    equal(result.err, 'dagsched: /dev/full: can\'t write the run log: No space left on device\n')
    equal(len(box.lines('ran')) < 50, True)
    result = status(box.command('run', '--junit=/dev/full'), 3)
    contains(result.err, '/dev/full', 'No space left')


@test
def limit_for_files_stops_the_run(box):
    box.manifest([{'name': 'a', 'command': 'head -c 300000 /dev/zero; exit 1'},
                  {'name': 'limited', 'command': 'exec head -c 300000 /dev/zero >big', 'depends': [
                      {'test': 'a', 'when': 'always'}]}])
    limit = {'preexec_fn': lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY))}
    result = status(box.command('run', '--log=log', **limit), 3)
    contains(result.err, 'dagsched: log: ', 'File too large')
    result = status(box.command('run', '--log=/dev/null', '-k', 'limited', '--no-deps', **limit), 1)
    contains(result.out, 'SIGXFSZ')


@test
def agent_that_dies_is_told(box):
    box.manifest([{'name': 'a', 'command': 'touch ran'}])
    agent = box.write('agent', '#!/bin/sh\nexit 0\n', 0o755)
    result = status(box.command('run', env={'DAGSCHED_AGENT': str(agent)}), 3)
    equal(result.err.count(str(agent)), 1, result.err)
    equal((box.dir / 'ran').exists(), False)


@test
def log_does_not_replace_what_is_no_log(box):
    path = box.manifest([{'name': 'a', 'command': 'touch ran'}])
    before = path.read_text()
    usage_error(box.command('run', '--log=dagsched.json'), 'dagsched.json')
    equal(path.read_text(), before)
    equal((box.dir / 'ran').exists(), False)


@test
def unwritable_state_directory_is_a_warning(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    box.write('file', '')
    for variables in ({'XDG_STATE_HOME': str(box.dir / 'file')}, {'XDG_STATE_HOME': '/proc/nowhere'}):
        result = status(box.command('run', env=variables), 0)
        contains(result.err, 'warning: no log of this run is kept', 'warning: the history')


@test
def history_of_another_user_is_left_alone(box):
    if os.geteuid() != 0:
        return
    box.manifest([{'name': 'a', 'command': 'true'}])
    status(box.run(), 0)
    database = box.state / 'dagsched' / 'history.db'
    os.chown(database, 65534, 65534)
    before = database.read_bytes()
    result = status(box.run(), 0)
    contains(result.err, 'warning', 'belongs to user 65534', 'XDG_STATE_HOME')
    equal(database.read_bytes(), before)


@test
def corrupt_history_is_a_warning(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    status(box.run(), 0)
    database = box.state / 'dagsched' / 'history.db'
    for extra in database.parent.glob('history.db-*'):
        extra.unlink()
    database.write_bytes(b'not a database' * 1000)
    result = status(box.run(), 0)
    contains(result.err, 'warning', 'history')


@test
def reports_survive_odd_output(box):
    box.manifest([{'name': 'odd', 'command': 'printf "\\000\\001\\377\\033[2J ]]> \\r\\n"; exit 1'}])
    result = status(box.run('--junit=report.xml', '--tap=report.tap'), 1)
    ElementTree.parse(box.dir / 'report.xml')
    lacks(result.out, '\033', '\0')


main()
