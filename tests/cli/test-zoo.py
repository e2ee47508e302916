#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hostile tests beside good ones: each gets its verdict, and nothing of any of them is left.

$DAGSCHED_ZOO: how many of each there are (default: each kind once, as many good ones). Then the time that the run
takes is held to what it may take, which a machine shows that has nothing else to do.
"""

import array
import ctypes
import os
import signal
import socket
import subprocess
import threading
import time

from harness import PATIENCE, contains, equal, main, status, test, wait_until
from zoo import KINDS, adopt_orphans, children_of, descendants, name_of, reap

GOOD_SECONDS = 0.05
COUNT_FDS = '''
count () { ls /proc/$1/fd | wc -l; }
until [ -s runner ]; do sleep 0.01; done
keeper=$(sed -n 's/^PPid:\\s*//p' /proc/$PPID/status)
echo $(count $(cat runner)) $(count $keeper) $(count $PPID) >>fds
'''


class Taker:
    """A program that is none of a test's, and keeps the descriptors that it is sent."""

    def __init__(self, path):
        self.kept = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(1000)
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            peer, _ = self.listener.accept()
            with peer:
                _, control, _, _ = peer.recvmsg(1, socket.CMSG_SPACE(4))
                for _, _, data in control:
                    self.kept += array.array('i', data)
                peer.send(b'x')

    def release(self):
        while self.kept:
            os.close(self.kept.pop())


def make_places(box):
    outside = box.write('outside/precious', 'mine').parent
    return {'outside': outside, 'socket': box.dir / 'taker'}


def count_rounds():
    return int(os.environ.get('DAGSCHED_ZOO', len(KINDS)))


def wait_until_nothing_is_left(living=()):
    """Until no process is there but @living, which are not ours to wait for. Returns after how many seconds."""
    begin = time.monotonic()

    def nothing_is_left():
        reap(living)
        return not set(descendants()) - set(living)

    try:
        wait_until(nothing_is_left, 'no process is left')
    except AssertionError as error:
        left = [name_of(pid) for pid in descendants() if pid not in living]
        raise AssertionError(f'{error}: {left}') from None
    return time.monotonic() - begin


def check_verdicts(zoo, finished):
    wrong = []
    for name, kind in zoo.items():
        line = finished[name]
        outcome, flags, reason = line['outcome'], sorted(line.get('flags', [])), line.get('reason', '')
        if (outcome, flags) != (kind.outcome, sorted(kind.flags)) or kind.reason not in reason:
            wrong.append((name, outcome, flags, reason))
    equal(wrong, [], 'wrong verdicts')


@test
def each_gets_its_verdict_and_nothing_is_left(box):
    """One run of hostile and good tests: verdicts, processes, descriptors, files, and the time it may take."""
    adopt_orphans()
    places, n_rounds, n_jobs = make_places(box), count_rounds(), len(os.sched_getaffinity(0))
    taker = Taker(places['socket'])
    zoo = {f'{KINDS[i % len(KINDS)].name}/{i // len(KINDS)}': KINDS[i % len(KINDS)] for i in range(n_rounds)}
    good = [f'good/{i}' for i in range(n_rounds)]
    tests = [{'name': 'count/first', 'command': COUNT_FDS, 'exclusive': True, 'priority': 1}]
    for hostile, name in zip(zoo, good):
        tests += [zoo[hostile].describe(hostile, places),
                  {'name': name, 'command': ['sleep', str(GOOD_SECONDS)]}]
    tests.append({'name': 'count/last', 'command': COUNT_FDS,
                  'depends': [{'test': entry['name'], 'when': 'always'} for entry in tests]})
    box.manifest(tests)
    (box.dir / 'tmp').mkdir()
    begin = time.monotonic()
    process = box.start('run', f'--log={box.log}', f'-j{n_jobs}', '--junit=junit.xml', '--artifacts-dir=artifacts',
                        '--no-stack-traces', env={**box.env, 'TMPDIR': str(box.dir / 'tmp')})
    box.write('runner', str(process.pid))
    result = status(box.finish(process, PATIENCE + n_rounds), 1)
    seconds = time.monotonic() - begin
    left = wait_until_nothing_is_left()
    print(f'# the last process ended {left:.3f} s after the run')

    finished = box.finished()
    check_verdicts(zoo, finished)
    for name in good:
        equal((finished[name]['outcome'], finished[name].get('flags')), ('passed', None), name)
    contains(result.out, 'failed')
    equal((places['outside'] / 'precious').read_text(), 'mine')
    equal(list((box.dir / 'tmp').iterdir()), [], 'nothing is left of temporary files')
    first, last = (line.split() for line in box.lines('fds'))
    equal(last, first, 'descriptors of the runner, the keeper, and a slot')

    if 'DAGSCHED_ZOO' in os.environ:
        check_time(zoo, places, good, n_jobs, seconds)
    taker.release()


def check_time(zoo, places, good, n_jobs, seconds):
    """What containment costs beside what the tests take by themselves."""
    measured = {kind.name: kind.measure(places) for kind in KINDS}
    longest = [measured[kind.name] for kind in zoo.values()]
    may_take = (sum(longest) + GOOD_SECONDS * len(good)) / n_jobs + max(longest)
    print(f'# {len(zoo)} hostile tests and {len(good)} good ones: {seconds:.2f} s, of {may_take:.2f} s that they may '
          f'take by themselves: {seconds / may_take:.3f}')
    equal(seconds / may_take <= 1.05, True, f'{seconds} s are no more than 1.05 × {may_take} s')


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


class Captivity:
    """A run in which one of each kind that can stays until it is killed."""

    def __init__(self, box):
        adopt_orphans()
        places = make_places(box)
        self.taker = Taker(places['socket'])
        kinds = [kind for kind in KINDS if kind.leaves]
        # The busy ones last, as all others wait for the processor once they are there.
        tests = [{**kind.describe(kind.name, places), 'timeout': 0, 'priority': -1 if kind.busy else 0,
                  'env': {'HOSTILE_READY': str(box.dir / f'ready-{kind.name}')}} for kind in kinds]
        box.manifest(tests)
        # Nobody else would end it if this program were ended.
        self.runner = box.start('run', f'--log={box.log}', f'-j{len(tests)}', stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        for kind in kinds:
            wait_until((box.dir / f'ready-{kind.name}').exists, f'{kind.name} is ready')
        self.keeper = next(child for child in children_of(os.getpid()) if child != self.runner.pid)
        self.slots = children_of(self.keeper)

    def kill(self, what, pids, living):
        """Kills processes of ours. Nothing but @living stays."""
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        seconds = wait_until_nothing_is_left(living)
        print(f'# the last process ended {seconds:.3f} s after the {what}')
        if 'DAGSCHED_ZOO' in os.environ:
            equal(seconds <= 1, True, f'nothing is left 1 s after the {what}')

    def end(self):
        self.runner.kill()
        self.runner.wait()
        wait_until_nothing_is_left()
        self.taker.release()


@test
def killed_runner_leaves_nothing_of_any_kind(box):
    captivity = Captivity(box)
    captivity.kill('runner', [captivity.runner.pid], [])
    captivity.end()


@test
def killed_keeper_leaves_nothing_of_any_kind(box):
    captivity = Captivity(box)
    captivity.runner.send_signal(signal.SIGSTOP)  # or it would begin anew at once
    captivity.kill('keeper', [captivity.keeper], [captivity.runner.pid])
    captivity.end()


@test
def killed_slots_leave_nothing_of_any_kind(box):
    captivity = Captivity(box)
    captivity.runner.send_signal(signal.SIGSTOP)
    captivity.kill('slots', captivity.slots, [captivity.runner.pid, captivity.keeper])
    captivity.end()


if __name__ == '__main__':
    main()
