#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random suites, of which processes are killed at random: tests, slots, keepers, runners, observers. Killed runs go on from
their logs. In the end everything has its outcome, and nothing is left.

$DAGSCHED_SOAK: for how many seconds (default: 3). $DAGSCHED_SEED: of the first round (default: random).
"""

import collections
import os
import random
import signal
import subprocess
import time

from harness import PATIENCE, equal, main, read_log, test, wait_until, whole_lines
from zoo import KINDS, adopt_orphans, children_of, descendants, kill_descendants, name_of, reap

SECONDS = float(os.environ.get('DAGSCHED_SOAK', 3))
# What each process that can be killed is killed in of so many cases.
CHAOS = {'test': 6, 'slot': 4, 'keeper': 1, 'runner': 2, 'observe': 2, 'observer': 2, 'status': 1, 'pause': 1}
# Who goes for its parent goes for the keeper if its slot was killed before, and both at once is more than is promised.
HOSTILE = [kind for kind in KINDS if not kind.busy and not kind.argument and kind.seconds < 0.5
           and not kind.takes_us_along]


class Expectation:
    """What becomes of a test that nobody interferes with. None: what a part of it that is killed makes of the rest."""

    def __init__(self, outcome, fixture=False):
        self.outcome = outcome
        self.fixture = fixture


def make_suite(rand):
    """Tests, and what is expected of each by name."""
    tests, expected = [], {}
    # Each attempt says that it ran, and in which session.
    begin = 'echo $DAGSCHED_TEST >> ran-$SESSION; '
    for number in range(rand.randrange(20, 60)):
        name = f'test/{number}'
        entry = {'name': name, 'timeout': 20, 'retries': rand.choice((0, 0, 0, 2))}
        outcome = 'passed'
        choice = rand.random()
        if choice < 0.15:
            kind = rand.choice(HOSTILE)
            entry.update(kind.describe(name, {}))
            entry['timeout'] = min(entry['timeout'], 2)
            entry['command'] = ['sh', '-c', begin + 'exec "$@"', 'sh', *entry['command']]
            outcome = None
        elif choice < 0.25:
            entry['command'] = begin + 'exit 1'
            outcome = 'failed'
        elif choice < 0.35:
            entry['command'] = begin + 'yes | head -c 300000'
        else:
            entry['command'] = begin + f'sleep {rand.random() * 0.1:.3f}'
        if choice > 0.9:
            entry['fixture'] = {'cleanup': f'down/{number}'}
            entry['command'] += '; sleep 1000 &'
        earlier = [other['name'] for other in tests if not other['name'].startswith('down')]
        entry['depends'] = [{'test': other, 'when': rand.choice(('always', 'always', 'success'))}
                            for other in rand.sample(earlier, min(len(earlier), rand.randrange(4)))]
        tests.append(entry)
        expected[name] = Expectation(outcome, 'fixture' in entry)
        if 'fixture' in entry:
            tests.append({'name': f'down/{number}', 'command': begin + 'true'})
            expected[f'down/{number}'] = Expectation('passed', True)
    return tests, expected


def ignores(pid, number):
    """Whether a process does not end by a signal: it ignores it, or has a handler."""
    try:
        lines = open(f'/proc/{pid}/status', encoding='utf-8').read().splitlines()
    except FileNotFoundError:
        return False
    masks = [int(line.split()[1], 16) for line in lines if line.startswith(('SigCgt', 'SigIgn'))]
    return any(mask >> (number - 1) & 1 for mask in masks)


def is_agent(pid):
    return 'dagsched-agent' in name_of(pid)


class Round:
    """One suite, until each test has its outcome."""

    def __init__(self, box, seed, counts):
        self.box, self.counts = box, counts
        self.rand = random.Random(seed)
        self.session = 0
        self.observers = []
        tests, self.expected = make_suite(self.rand)
        box.manifest(tests)
        box.log.unlink(missing_ok=True)
        self.done_before = {}
        self.start('run', f'--log={box.log}')

    def start(self, *arguments):
        self.session += 1
        env = {**self.box.env, 'SESSION': str(self.session)}
        self.runner = self.box.start(*arguments, '-j4', stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)

    def resume(self):
        """The runner is dead: another one goes on from its log, if there is one yet."""
        self.runner.wait()
        self.runner.stderr.close()
        self.done_before = dict(read_log(self.box.log)[1])
        has_log = any('dagsched' in line or 'version' in line for line in whole_lines(self.box.log))
        if has_log:
            self.start('run', f'--resume={self.box.log}')
        else:
            self.box.log.unlink(missing_ok=True)
            self.start('run', f'--log={self.box.log}')

    def find_victims(self, what):
        # Those of a keeper that has just been killed are ours as well now, and have none below them.
        keepers = {child: children_of(child) for child in children_of(os.getpid()) if is_agent(child)}
        keepers = {keeper: children for keeper, children in keepers.items() if any(map(is_agent, children))}
        slots = [child for children in keepers.values() for child in children if is_agent(child)]
        # What a slot has just left its keeper has to end: both at once is more than is promised.
        if what == 'keeper':
            return [keeper for keeper, children in keepers.items() if all(map(is_agent, children))]
        if what == 'slot':
            return slots
        return [pid for slot in slots for pid in descendants(slot)]

    def kill(self, pid):
        try:
            os.kill(pid, signal.SIGKILL)
            return True
        except ProcessLookupError:
            return False

    def observe(self):
        sockets = list((self.box.dir / 'runtime' / 'dagsched').glob('*'))
        if sockets and len(self.observers) < 3:
            self.observers.append(subprocess.Popen([os.environ['DAGSCHED_WATCH_RUN'], self.rand.choice(sockets)],
                                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            return True
        return False

    def end_observers(self):
        for observer in self.observers:
            observer.kill()
            observer.wait()
        ended = bool(self.observers)
        self.observers = []
        return ended

    def interfere(self):
        what = self.rand.choices(list(CHAOS), list(CHAOS.values()))[0]
        if what == 'observe':
            done = self.observe()
        elif what == 'observer':
            done = self.end_observers()
        elif what == 'status':
            # Not as the program is being loaded.
            done = ignores(self.runner.pid, signal.SIGUSR1)
            if done:
                self.runner.send_signal(signal.SIGUSR1)
        elif what == 'pause':
            self.runner.send_signal(signal.SIGSTOP)
            self.runner.send_signal(signal.SIGCONT)
            done = True
        elif what == 'runner':
            done = self.kill(self.runner.pid)
            self.resume()
        else:
            victims = self.find_victims(what)
            done = bool(victims) and self.kill(self.rand.choice(victims))
        self.counts[what] += done

    def carry_out(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.runner.wait(self.rand.random() * 0.05)
                break
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() > end:
                raise AssertionError('the run hangs: %s' % [name_of(pid) for pid in descendants()])
            self.interfere()
        self.complaints = self.runner.stderr.read().decode(errors='replace')
        self.runner.stderr.close()
        self.end_observers()

    def check(self):
        status = self.runner.returncode
        equal(status in (0, 1, 3), True, f'status {status}: {self.complaints}')
        finished = self.box.finished()
        for name, line in finished.items():
            self.check_outcome(name, line)
        ran = self.box.lines(f'ran-{self.session}')
        again = {name: self.done_before[name] for name in ran
                 if name in self.done_before and not self.expected[name].fixture}
        equal(again, {}, 'nothing ran again that had its outcome')
        wait_until(lambda: not self.find_left(), lambda: f'nothing is left: {self.find_left()}')
        self.counts['tests'] += len(finished)
        self.counts['sessions'] += self.session

    def check_outcome(self, name, line):
        outcome, reason = line['outcome'], line.get('reason', '')
        expected = self.expected[name].outcome
        of_others = outcome in ('blocked', 'skipped', 'cancelled')
        of_chaos = outcome in ('failed', 'errored', 'timed-out') and any(
            word in reason for word in ('SIGKILL', 'agent', 'exit status 137', 'exit status 141'))
        # A child that is killed may change what its parent says.
        equal(expected in (None, outcome) or of_others or of_chaos, True, f'{name}: {outcome}, {reason}; expected {expected}')

    def find_left(self):
        reap()
        return [name_of(pid) for pid in descendants()]


@test
def chaos_loses_nothing(box):
    adopt_orphans()
    seed = int(os.environ.get('DAGSCHED_SEED', random.randrange(1 << 32)))
    counts = collections.Counter()
    end = time.monotonic() + SECONDS
    while counts['rounds'] == 0 or time.monotonic() < end:
        try:
            one = Round(box, seed + counts['rounds'], counts)
            one.carry_out()
            one.check()
        except BaseException:
            print(f'# seed {seed + counts["rounds"]}', flush=True)
            kill_descendants()
            raise
        for path in box.dir.glob('ran-*'):
            path.unlink()
        counts['rounds'] += 1
    print(f'# {dict(counts)}; outcomes lost: 0, processes left: 0')


def measure(pid):
    """Memory in KiB, descriptors, threads."""
    status = dict(line.split(':', 1) for line in open(f'/proc/{pid}/status', encoding='utf-8'))
    return int(status['VmRSS'].split()[0]), len(os.listdir(f'/proc/{pid}/fd')), int(status['Threads'])


@test
def long_run_stays_flat(box):
    """What a run takes does not grow with the tests that it has behind it, but for what it knows of each."""
    repeat = 1000 + int(100 * SECONDS)
    box.manifest([{'name': 'quiet', 'command': ['true']}, {'name': 'talks', 'command': ['echo', 'x' * 1000]}])
    process = box.start('run', f'--log={box.log}', '-j2', f'--repeat={repeat}', stdout=subprocess.DEVNULL)
    samples = []
    for share in (0.3, 0.9):
        wait_until(lambda share=share: (box.log.stat().st_size if box.log.exists() else 0) and
                   sum(1 for line in open(box.log, 'rb') if b'"event":"finished"' in line) >= share * 2 * repeat,
                   f'{share} of the tests have run', PATIENCE + 2 * SECONDS)
        samples.append(measure(process.pid))
    equal(box.finish(process, PATIENCE + SECONDS).status, 0)
    (before, *others), (after, *others_after) = samples
    each = (after - before) * 1024 / (0.6 * 2 * repeat)
    print(f'# {2 * repeat} tests; KiB, descriptors, threads: {samples}; {each:.0f} bytes a test')
    equal(others_after, others, 'descriptors and threads')
    equal(each < 3000, True, f'{each} bytes a test are what is known of it')


if __name__ == '__main__':
    main()
