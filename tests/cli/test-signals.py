# SPDX-License-Identifier: LGPL-2.1-or-later
"""Interrupts, and readers of standard output that go away."""

import json
import os
import re
import signal
import subprocess
import sys

from harness import contains, equal, is_alive, lacks, main, status, test, wait_until

HANGING = [
    {'name': 'up', 'command': 'echo up >> order', 'fixture': {'cleanup': 'down'}},
    {'name': 'hangs', 'command': 'sh -c "echo \\$\\$ > pid; exec sleep 1000" & touch started; wait',
     'depends': ['up']},
    {'name': 'behind', 'command': 'touch ran', 'depends': ['hangs']},
    {'name': 'down', 'command': 'echo down >> order'},
]


def interrupt(box, number, tests=None, **settings):
    """Starts a run, and sends it a signal once its test hangs."""
    box.manifest(tests or HANGING)
    process = box.start('run', f'--log={box.log}', '--junit=report.xml', **settings)
    wait_until(lambda: (box.dir / 'started').exists() and box.lines('pid'), 'the test hangs')
    process.send_signal(number)
    return process


@test
def interrupt_cleans_up_and_reports(box):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for name in ('order', 'started', 'pid'):
            (box.dir / name).unlink(missing_ok=True)
        result = status(box.finish(interrupt(box, number)), 128 + number)
        equal(box.lines('order'), ['up', 'down'])
        equal(box.outcomes(), {'up': 'passed', 'hangs': 'cancelled', 'behind': 'blocked', 'down': 'passed'})
        equal((box.dir / 'ran').exists(), False)
        equal(is_alive(int(box.lines('pid')[0])), False, 'the test is alive')
        contains((box.dir / 'report.xml').read_text(), '</testsuites>')
        contains(result.err, 'dagsched: ')


@test
def second_interrupt_kills(box):
    tests = [
        {'name': 'up', 'command': 'true', 'fixture': {'cleanup': 'down'}},
        {'name': 'hangs', 'grace': 1000, 'depends': ['up'],
         'command': 'trap "touch asked" TERM; echo $$ > pid; touch started; while :; do sleep 1000 & wait; done'},
        {'name': 'down', 'command': 'touch cleaned'},
    ]
    process = interrupt(box, signal.SIGINT, tests)
    wait_until(lambda: (box.dir / 'asked').exists(), 'the test was asked to end')
    process.send_signal(signal.SIGINT)
    status(box.finish(process), 130)
    equal(box.outcomes()['hangs'], 'cancelled')
    equal(is_alive(int(box.lines('pid')[0])), False, 'the test is alive')
    contains((box.dir / 'report.xml').read_text(), '</testsuites>')


@test
def interrupts_do_not_tear_reports(box):
    box.manifest([{'name': 'a', 'command': 'yes | head -c 300000; exit 1'}])  # more than a pipe holds
    os.mkfifo(box.dir / 'report.xml')
    process = box.start('run', f'--log={box.log}', '--junit=report.xml')
    with open(box.dir / 'report.xml', 'rb', buffering=0) as report:
        begin = report.read(1)  # the run has ended, and the report about it waits for us
        for _ in range(3):
            process.send_signal(signal.SIGINT)
        text = begin + report.read()
    contains(text.decode(), '</testsuites>')
    equal(len(text) > 100000, True)
    status(box.finish(process), 1)


@test
def interrupt_ends_a_delay(box):
    box.manifest([{'name': 'a', 'command': 'touch started; echo $$ > pid; exit 1', 'retries': 5, 'retry-delay': 50}])
    process = box.start('run', f'--log={box.log}')
    wait_until(lambda: box.log.exists() and any(line.get('event') == 'attempt' for line in complete_lines(box)),
               'the first attempt ended')
    process.send_signal(signal.SIGINT)
    status(box.finish(process), 130)
    equal(len(box.outcomes()), 1)


def complete_lines(box):
    return [json.loads(line) for line in box.log.read_text().splitlines(True) if line.endswith('\n')]


@test
def delay_is_announced_while_it_lasts(box):
    box.manifest([{'name': 'a', 'command': 'exit 1', 'retries': 5, 'retry-delay': 50}])
    process = box.start('run', f'--log={box.log}')
    line = process.stdout.readline().decode()  # comes while the test waits for its second attempt
    contains(line, 'RETRY', 'attempt 1 failed: exit status 1; again in 50 s')
    process.send_signal(signal.SIGINT)
    status(box.finish(process), 130)


@test
def usr1_tells_what_everything_waits_for(box):
    box.manifest([
        {'name': 'hangs', 'resources': {'key': 1},
         'command': 'printf "first\\nconnecting \\033[31mnow"; echo oops >&2; touch started; sleep 1000'},
        {'name': 'needs-key', 'resources': {'key': 1}, 'command': 'true', 'priority': -1},
        {'name': 'behind', 'command': 'true', 'depends': ['hangs']},
        {'name': 'again', 'command': 'touch failed; exit 1', 'retries': 1, 'retry-delay': 60},
    ], resources={'key': 1})
    process = box.start('run', '-j2', '--color=never')
    wait_until(lambda: (box.dir / 'started').exists() and (box.dir / 'failed').exists(), 'they run')

    wanted = ['1 running, 3 waiting, 0 of 4 finished', 'hangs runs for ', 's on worker 0',
              'last on standard output: connecting now', 'last on standard error: oops',
              'needs-key waits for 1 of resource "key" (0 free)', ' waits for hangs',
              'again waits for the delay before its next attempt']
    told = ''
    # What the tests wrote, and that one failed, may come a moment later.
    while not all(part in told for part in wanted):
        process.send_signal(signal.SIGUSR1)
        told = ''
        while 'waits for hangs' not in told:
            line = process.stderr.readline().decode()
            equal(line.startswith('dagsched: '), True, line)
            lacks(line, '\033', '\007')
            told += line
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    status(box.finish(process), 128 + signal.SIGINT)


@test
def usr1_tells_of_the_first_of_many(box):
    box.manifest([{'name': 'hangs', 'command': 'touch started; sleep 1000'}] +
                 [{'name': f'behind-{number:02}', 'command': 'true', 'depends': ['hangs']} for number in range(25)])
    process = box.start('run', '--color=never')
    wait_until((box.dir / 'started').exists, 'it runs')
    process.send_signal(signal.SIGUSR1)
    told = ''
    while 'more wait' not in told:
        told += process.stderr.readline().decode()
    contains(told, 'behind-19 waits for hangs', 'and 5 more wait')
    lacks(told, 'behind-20')
    process.send_signal(signal.SIGTERM)
    status(box.finish(process), 128 + signal.SIGTERM)


@test
def ignored_hangup_stays_ignored(box):
    box.manifest([{'name': 'a', 'timeout': 30,
                   'command': 'echo $$ > pid; touch started; until test -e go; do sleep 0.01; done'}])
    process = box.start('run', f'--log={box.log}',
                        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_until(lambda: (box.dir / 'started').exists(), 'the test runs')
    process.send_signal(signal.SIGHUP)
    box.write('go', '')
    status(box.finish(process), 0)


@test
def tests_have_the_usual_signals(box):
    box.write('handlers.py', 'import signal, sys\n'
              'sys.exit(signal.getsignal(signal.SIGINT) is not signal.default_int_handler or '
              'len(signal.pthread_sigmask(signal.SIG_BLOCK, [])) > 0)\n')
    box.write('pipe.sh', 'yes | head -1 > /dev/null; { yes; echo "status $?" >&2; } 2> status | head -1 > /dev/null\n')
    box.manifest([{'name': 'handlers', 'command': [sys.executable, str(box.dir / 'handlers.py')]},
                  {'name': 'pipe', 'command': ['sh', str(box.dir / 'pipe.sh')]}])
    status(box.run(), 0)
    contains((box.dir / 'status').read_text(), 'status 141')


@test
def killed_runner_leaves_no_process_and_a_log(box):
    process = interrupt(box, signal.SIGKILL)
    box.finish(process)
    wait_until(lambda: not is_alive(int(box.lines('pid')[0])), 'the test ended')
    result = status(box.command('convert', box.log, '--format=human'), 0)
    contains(result.out, 'runner died')


MANY = [{'name': f'test-{i:03}', 'command': f'echo {"x" * 100}; exit {i % 2}'} for i in range(200)]


@test
def closed_standard_output_loses_nothing(box):
    box.manifest(MANY)
    for arguments in ((), ('--format=tap',), ('--format=jsonl',)):
        result = box.finish(subprocess.Popen(
            ['sh', '-c', 'exec "$@" >&-', 'sh', os.environ['DAGSCHED'], 'run', f'--log={box.log}', '-j2', *arguments],
            cwd=box.dir, env=box.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        status(result, 1)
        equal(len(box.outcomes()), 200)


@test
def closed_standard_descriptors_lose_nothing(box):
    box.manifest(MANY)
    result = box.finish(subprocess.Popen(
        ['sh', '-c', 'exec "$@" <&- >&- 2>&-', 'sh', os.environ['DAGSCHED'], 'run', f'--log={box.log}', '-j2'],
        cwd=box.dir, env=box.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    status(result, 1)
    equal(len(box.outcomes()), 200)


@test
def reader_that_goes_away_loses_nothing(box):
    box.manifest(MANY)
    for arguments in ((), ('--format=tap',), ('--format=jsonl',), ('--junit=-',), ('-v',)):
        process = box.start('run', f'--log={box.log}', '-j2', *arguments)
        process.stdout.read(1)
        process.stdout.close()
        process.stdout = None
        status(box.finish(process), 1)
        equal(len(box.outcomes()), 200)


@test
def reader_that_goes_away_leaves_reports_whole(box):
    box.manifest(MANY)
    result = box.finish(subprocess.Popen(
        ['sh', '-c', '"$0" run --log=run.jsonl -j2 -v --junit=report.xml --tap=report.tap | head -1', os.environ['DAGSCHED']],
        cwd=box.dir, env=box.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    equal(len(result.out.splitlines()), 1)
    equal(result.err, '')
    equal(len(box.outcomes()), 200)
    report = (box.dir / 'report.xml').read_text()
    equal((report.count('<testcase '), report.count('<failure'), report.rstrip()[-13:]), (200, 100, '</testsuites>'))
    equal(len(re.findall('^(not )?ok', (box.dir / 'report.tap').read_text(), re.M)), 200)


@test
def full_standard_output_loses_nothing(box):
    box.manifest(MANY)
    with open('/dev/full', 'wb') as full:
        result = box.run('-j2', '--format=tap', stdout=full)
    status(result, 3)
    contains(result.err, 'No space left')
    equal(len(box.outcomes()), 200)


@test
def full_standard_output_is_called_so(box):
    box.manifest(MANY[:2])
    with open('/dev/full', 'wb') as full:
        contains(box.run('-j2', stdout=full).err, 'dagsched: standard output: ')


main()
