# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command and its agent while calls of the system fail: random suites, random faults (see fault-shim.c).

Whatever fails, the command ends, says truly how, has each outcome once, and leaves nothing running.
"""

import os
import random
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'cli'))

from harness import contains, equal, lacks, main, read_log, status, test, wait_until
from zoo import adopt_orphans

SEEDS = int(os.environ.get('DAGSCHED_FAULT_SEEDS', 1))
FIRST_SEED = int(os.environ.get('DAGSCHED_SEED', random.randrange(1 << 30)))
NAMES_SIZE = 4096
OF_TESTS = ('passed', 'failed', 'timed-out')
RUNS_OF_A_SUITE = 5
_expected = {}  # outcomes of the suites of seeds
OLD_REPORT = '<testsuites name="old"></testsuites>'

COMMANDS = [
    'true', 'true', 'true', 'exit 3', 'echo out; echo err >&2', 'kill -9 $$',
    'head -c 200000 /dev/zero | tr "\\0" x; echo; exit 1',
    'touch $TMPDIR/a; mkdir -p $TMPDIR/b/c; touch $TMPDIR/b/c/d',
    'echo kept > $DAGSCHED_ARTIFACTS/file; exit 1',
]


def random_suite(rng, n_tests):
    """Fixtures, outputs, time-outs, what is left behind: a bit of everything, with one outcome each."""
    tests = [
        {'name': 'up', 'command': 'echo VALUE=1 >> $DAGSCHED_ENV; sleep 1000 & exit 0', 'fixture': {'cleanup': 'down'}},
        {'name': 'user', 'command': 'test "$VALUE" = 1', 'depends': ['up']},
        {'name': 'down', 'command': 'true'},
        {'name': 'hangs', 'command': 'trap "" TERM; sleep 1000 & wait; sleep 1000', 'timeout': 0.3, 'grace': 0.05},
        {'name': 'leaks', 'command': 'setsid sleep 1000 & exit 0'},
        {'name': 'flaky', 'command': 'test $DAGSCHED_ATTEMPT -ge 2', 'retries': 1, 'retry-delay': 0.01},
        {'name': 'tap', 'protocol': 'tap', 'command': 'echo 1..2; echo ok 1; echo not ok 2 - b'},
    ]
    for number in range(n_tests):
        depends = [{'test': other['name'], 'when': rng.choice(['success', 'always', 'failure'])}
                   for other in rng.sample(tests[3:], min(len(tests) - 3, rng.randrange(3)))]
        tests.append({'name': f't{number}', 'command': rng.choice(COMMANDS), 'depends': depends,
                      'retries': rng.randrange(2)})
    for entry in tests:
        entry['command'] = f'echo {entry["name"]} >> "$RAN"; ' + entry['command']
    return tests


def has_children():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
        return True
    except ChildProcessError:
        return False


def parse_log(path):
    """Outcomes by name, torn lines passed over, and the names of all tests."""
    names, finished = read_log(path)
    outcomes = {}
    for name, outcome in finished:
        equal(name in outcomes, False, f'{name} finished twice')
        outcomes[name] = outcome
    return outcomes, sorted(names.values())


class Trial:
    """A suite that is run with faults again and again."""

    def __init__(self, box, seed, counts):
        adopt_orphans()
        self.box = box
        self.seed = seed
        self.rng = random.Random(seed)
        self.counts = counts
        box.manifest(random_suite(self.rng, 12), defaults={'env': {'RAN': str(box.dir / 'ran')}})
        (box.dir / 'tmp').mkdir(exist_ok=True)
        box.env['TMPDIR'] = str(box.dir / 'tmp')
        if seed not in _expected:
            status(self.run_command(), 1)
            _expected[seed] = box.outcomes()
        self.expected = _expected[seed]
        equal(self.expected['user'], 'passed')
        equal(self.expected['hangs'], 'timed-out')

    def run_command(self, *arguments, faults=None):
        box = self.box
        for name in ('ran', 'faults'):
            (box.dir / name).unlink(missing_ok=True)
        env = {'DAGSCHED_FAULTS': faults, 'DAGSCHED_FAULTS_TO': str(box.dir / 'faults'),
               'LD_PRELOAD': os.environ['DAGSCHED_FAULT_SHIM']} if faults else {}
        result = box.command('run', '-j3', '--junit=report.xml',
                             *(arguments or [f'--log={box.log}']), env=env)
        if faults:
            self.count_faults()
        wait_until(lambda: not has_children(), 'all processes have ended')
        return result

    def count_faults(self):
        data = (self.box.dir / 'faults').read_bytes()
        names = data[:NAMES_SIZE].rstrip(b'\0').decode().split()
        for number, name in enumerate(names):
            at = NAMES_SIZE + 8 * number
            self.count(name, int.from_bytes(data[at:at + 8], sys.byteorder))

    def count(self, name, n=1):
        self.counts[name] = self.counts.get(name, 0) + n

    def run(self, kinds, rate, where='all', more='', check=None):
        """One run with faults, and what holds for all of them."""
        self.box.log.unlink(missing_ok=True)
        self.box.write('report.xml', OLD_REPORT)
        self.spec = f'seed={self.seed},in={where},rate={rate}{more},kinds={kinds}'
        result = self.run_command(faults=self.spec)
        try:
            self.check(result)
            if check:
                check(self, result)
        except AssertionError as error:
            raise AssertionError(f'DAGSCHED_SEED={self.seed} DAGSCHED_FAULTS={self.spec}\n{error}\n{result}') from None
        return result

    def check(self, result):
        lacks(result.err, 'CRITICAL', 'WARNING **', 'ERROR **')
        equal(result.status in (0, 1, 2, 3), True, 'the status is one of the documented')
        outcomes, names = parse_log(self.box.log)
        ran = set(self.box.lines('ran'))
        self.count(f'status-{result.status}')
        if result.status == 2:
            equal(ran, set(), 'what ran before a run that was not started')
        if result.status != 1:
            contains(result.err, 'dagsched: ')
        if result.status in (0, 1):
            equal(sorted(outcomes), sorted(self.expected), 'each test has an outcome')
            equal(result.status, int(any(outcome not in ('passed', 'skipped') for outcome in outcomes.values())))
        for name, outcome in outcomes.items():
            if outcome in ('passed', 'failed'):
                equal(name in ran, True, f'{name} ran')
            # Tests themselves meet no faults: what they say is what they always say.
            if outcome in OF_TESTS and self.expected[name] in OF_TESTS:
                equal(outcome, self.expected[name], name)
        self.check_report(result)

    def check_report(self, result):
        path = self.box.dir / 'report.xml'
        if path.read_text() != OLD_REPORT:
            cases = {case.get('name') for case in ElementTree.parse(path).iter('testcase')}
            equal(sorted(cases), sorted(self.expected), 'tests in the report')
        else:
            equal(result.status in (2, 3), True, 'no new report, and no word of it')
        left = [path.name for path in self.box.dir.iterdir() if path.name.startswith('.dagsched-')]
        if 'unlink' not in self.spec:
            equal(left, [], 'files beside the report')


def try_all(box, kinds, rate, where='all', more='', check=None):
    total, trial = {}, None
    for number in range(SEEDS):
        if number % RUNS_OF_A_SUITE == 0:
            trial = Trial(box, FIRST_SEED + number, total)
        trial.seed = FIRST_SEED + number
        trial.run(kinds, rate, where, more, check)
    counts = ' '.join(f'{name}={count}' for name, count in total.items() if count)
    print(f'# DAGSCHED_SEED={FIRST_SEED} {SEEDS} seeds, {kinds} one in {rate}: {counts}')
    equal(sum(total.values()) > 0 or SEEDS < 20, True, 'faults were injected')


def nothing_changes(trial, result):
    status(result, 1)
    equal(trial.box.outcomes(), trial.expected)
    # SQLite does not go on after an interrupted fsync(): the run does without the history.
    equal([line for line in result.err.splitlines() if 'history' not in line], [], 'what is printed')
    equal(os.listdir(trial.box.dir / 'tmp'), [name for name in os.listdir(trial.box.dir / 'tmp')
                                              if name.startswith('dagsched-artifacts-')], 'what is left in TMPDIR')


@test
def interruptions_change_nothing(box):
    try_all(box, '*:EINTR', 3, check=nothing_changes)


@test
def short_reads_and_writes_change_nothing(box):
    try_all(box, 'read:short+write:short+send:short+recv:short+recvmsg:short', 2, check=nothing_changes)


@test
def spurious_readiness_changes_nothing(box):
    try_all(box, 'read:EAGAIN+send:EAGAIN+recv:EAGAIN+recvmsg:EAGAIN', 3, check=nothing_changes)


@test
def slow_disks_change_nothing(box):
    try_all(box, 'write:slow+sync:slow', 4, check=nothing_changes)


@test
def jumps_of_the_clock_change_nothing(box):
    try_all(box, 'clock:jump', 5, check=nothing_changes)


@test
def no_files_for_the_agent(box):
    try_all(box, 'open:EMFILE+descriptor:EMFILE+recvmsg:EMFILE', 20, 'agent')


@test
def no_files_to_see_processes_by(box):
    try_all(box, 'open:ENFILE', 4, 'agent', ',after=4')


@test
def no_files_for_the_runner(box):
    try_all(box, 'open:EMFILE+descriptor:EMFILE+watch:ENOMEM+accept:EMFILE', 20, 'runner')


@test
def no_processes(box):
    try_all(box, 'fork:EAGAIN+exec:ENOMEM', 20)


@test
def no_threads(box):
    try_all(box, 'thread:EAGAIN', 3)


@test
def no_memory_for_the_agent(box):
    try_all(box, 'malloc:ENOMEM', 200, 'agent')


@test
def no_room_anywhere(box):
    try_all(box, 'write:ENOSPC+mkdir:ENOSPC+rename:ENOSPC+sync:ENOSPC+truncate:EIO', 30)


@test
def broken_disk(box):
    try_all(box, 'read:EIO+write:EIO+unlink:EIO+sync:EIO+rename:EIO', 30)


@test
def everything_at_once(box):
    try_all(box, '*:EINTR+open:EMFILE+descriptor:ENFILE+fork:EAGAIN+write:ENOSPC+read:short+write:short+'
                 'mkdir:ENOSPC+unlink:EIO+rename:EIO+thread:EAGAIN+clock:jump', 60)


@test
def full_disk_is_gone_on_from(box):
    for number in range(SEEDS):
        trial = Trial(box, FIRST_SEED + number, {})
        result = trial.run('write:ENOSPC', 1, 'runner', f',path=run.jsonl,after={trial.rng.randrange(60)}')
        before, _ = parse_log(box.log)
        if result.status == 2:
            continue
        status(result, 3)
        contains(result.err, 'No space left')
        status(trial.run_command(f'--resume={box.log}'), 1)
        equal(box.outcomes(), trial.expected)
        fixture = {'up', 'down'}
        equal(set(before) & set(box.lines('ran')) - fixture, set(), 'what had its outcome ran again')


main()
