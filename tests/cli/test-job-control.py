# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ctrl-Z, fg and bg; runs in the background of a terminal."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path

from harness import PATIENCE, contains, equal, is_alive, lacks, main, test, wait_until
from zoo import children_of, descendants

STOPPED = 'T'


def state_of(pid):
    """The letter of /proc/PID/stat; None: the process is gone."""
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def is_stopped(pid):
    return state_of(pid) == STOPPED


def stands(pid):
    """Whether a process was stopped, or waits in vfork() (D) for a child that was."""
    return is_stopped(pid) or (state_of(pid) == 'D' and any(is_stopped(child) for child in children_of(pid)))


def goes_on(pid):
    return state_of(pid) not in (STOPPED, None)


class Shell:
    """What an interactive shell is to its jobs: a session with a terminal. Its jobs' statuses come through a pipe, as only
    the shell, which is a child of ours, may wait for them and give them the terminal."""

    def __init__(self, box):
        self.box = box
        self.output = b''
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.close(self.commands)
            os.close(self.answers)
            self._serve(os.fdopen(commands), answers)
        os.close(commands)
        os.close(answers)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        self.job = None

    def _serve(self, commands, answers):
        """In the child: a line of JSON is a Python call, its result the answer."""
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        try:
            for line in commands:
                name, *arguments = json.loads(line)
                os.write(answers, (json.dumps(getattr(self, '_' + name)(*arguments)) + '\n').encode())
        finally:
            os._exit(0)

    def _start(self, arguments, foreground):
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            if foreground:
                os.tcsetpgrp(0, os.getpid())
            for number in (signal.SIGTTOU, signal.SIGTSTP, signal.SIGTTIN, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.chdir(self.box.dir)
            os.execvpe(os.environ['DAGSCHED'], ['dagsched', *arguments], self.box.env)
        return pid

    def _wait(self, pid):
        """Until it has stopped or ended."""
        _pid, status = os.waitpid(pid, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpid())
        return status

    def _look(self, pid):
        """0: it goes on."""
        pid, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
        return status if pid else None

    def _foreground(self, pid):
        os.tcsetpgrp(0, pid)

    def _continue(self, pid):
        os.killpg(pid, signal.SIGCONT)

    def _tostop(self):
        attributes = termios.tcgetattr(0)
        attributes[3] |= termios.TOSTOP
        termios.tcsetattr(0, termios.TCSANOW, attributes)

    def ask(self, *call):
        """Reads the terminal meanwhile: what nobody reads holds jobs up."""
        os.write(self.commands, (json.dumps(call) + '\n').encode())
        answer, end = b'', time.monotonic() + PATIENCE
        while not answer.endswith(b'\n'):
            if self.answers in self._read([self.answers], end):
                answer += os.read(self.answers, 4096)
        return json.loads(answer)

    def _read(self, others, end):
        ready, _, _ = select.select([self.terminal, *others], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise AssertionError(f'waited in vain; the terminal got\n{self.output!r}')
        if self.terminal in ready:
            self.output += os.read(self.terminal, 65536)
        return ready

    def read_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition(self.output):
            self._read([], end)

    def start(self, *arguments, foreground=True):
        self.job = self.ask('start', arguments, foreground)
        return self.job

    def press(self, key):
        os.write(self.terminal, key)

    def wait(self):
        return self.ask('wait', self.job)

    def stop(self):
        """Ctrl-Z, until the job has stopped."""
        self.press(b'\x1a')
        status = self.wait()
        equal(os.WIFSTOPPED(status), True, 'the job stopped')
        equal(os.WSTOPSIG(status), signal.SIGTSTP)

    def bring_back(self):
        """fg"""
        self.ask('foreground', self.job)
        self.ask('continue', self.job)

    def attributes(self):
        return termios.tcgetattr(self.terminal)

    def close(self):
        os.close(self.commands)
        os.close(self.answers)
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def with_shell(function):
    def wrapper(box):
        shell = Shell(box)
        try:
            function(box, shell)
        finally:
            if shell.job is not None and is_alive(shell.job):
                os.kill(shell.job, signal.SIGKILL)
            shell.close()
    wrapper.__name__ = function.__name__
    return test(wrapper)


def exit_status(status):
    equal(os.WIFEXITED(status), True, f'it exited ({status})')
    return os.WEXITSTATUS(status)


def pids(box, *names):
    """What tests wrote into files of that name."""
    wait_until(lambda: all(box.lines(name) for name in names), f'{names} are there')
    return [int(box.lines(name)[0]) for name in names]


# A test with a descendant in a session of its own, and one that has stopped by itself.
TREE = ('setsid sh -c "echo \\$\\$ > far; exec sleep 1000" & '
        'sh -c "echo \\$\\$ > asleep; kill -STOP \\$\\$; exec sleep 1000" & '
        'echo $$ > main; touch started; until test -e go; do sleep 0.02; done; kill -9 $(cat far asleep)')


def paint_lines(data):
    """The status line was painted, as it alone turns wrapping off."""
    return data.count(b'\x1b[?7l')


def screen_of(data, rows=24, columns=80):
    """What a terminal shows, of the sequences that we write."""
    cells, row, column = [[' '] * columns for _ in range(rows)], 0, 0
    text = data.decode()
    for token in re.findall(r'\x1b\[\?7[lh]|\x1b\[\d*[A-Za-z]|\x1b\[[\d;]*m|.|\n', text, re.S):
        if token == '\r':
            column = 0
        elif token == '\n':
            row += 1
            if row == rows:
                cells, row = cells[1:] + [[' '] * columns], rows - 1
        elif token.startswith('\x1b['):
            count = int(re.sub(r'\D', '', token) or 1)
            if token.endswith('A'):
                row = max(0, row - count)
            elif token.endswith('B'):
                row = min(rows - 1, row + count)
            elif token.endswith('K'):
                cells[row][column:] = [' '] * (columns - column)
            elif token.endswith('J'):
                cells[row][column:] = [' '] * (columns - column)
                cells[row + 1:] = [[' '] * columns for _ in range(rows - row - 1)]
        elif column < columns:
            cells[row][column] = token
            column += 1
    return [''.join(line).rstrip() for line in cells]


@with_shell
def stop_stops_all_and_fg_goes_on(box, shell):
    box.manifest([
        {'name': 'up', 'fixture': {'cleanup': 'down'},
         'command': 'setsid sh -c "echo \\$\\$ > kept; exec sleep 1000" & until test -s kept; do sleep 0.02; done'},
        {'name': 'down', 'command': 'true'},
        {'name': 'tree', 'depends': ['up'], 'command': TREE},
        {'name': 'behind', 'depends': ['tree'], 'command': 'true'},
    ])
    before = shell.attributes()
    shell.start('run', f'--log={box.log}', '--junit=report.xml')
    kept, far, asleep, main_pid = pids(box, 'kept', 'far', 'asleep', 'main')
    wait_until(lambda: is_stopped(asleep), 'it has stopped itself')
    shell.read_until(paint_lines)
    shell.stop()
    for pid in (kept, far, asleep, main_pid):
        wait_until(lambda pid=pid: stands(pid), 'all have stopped')
    equal(is_stopped(shell.job), True)
    lacks('\n'.join(screen_of(shell.output)), 'tree', '/4')
    equal(shell.attributes(), before, 'settings of the terminal')

    painted = paint_lines(shell.output)
    shell.bring_back()
    for pid in (kept, far, main_pid):
        wait_until(lambda pid=pid: goes_on(pid), 'all go on')
    shell.read_until(lambda data: paint_lines(data) > painted)
    equal(is_stopped(asleep), True, 'who stopped by itself sleeps on')
    (box.dir / 'go').touch()
    equal(exit_status(shell.wait()), 0)
    equal(set(box.outcomes().values()), {'passed'})
    contains((box.dir / 'report.xml').read_text(), '</testsuites>')
    kinds = [line['event'] for line in box.log_lines() if line.get('event') in ('paused', 'resumed')]
    equal(kinds, ['paused', 'resumed'])
    equal(shell.attributes(), before, 'settings of the terminal')


# Goes on in one child after the other, each in a session of its own, and the last one's parent is gone.
WALK = """#!/bin/sh
test -e go || setsid ./walk &
"""


@with_shell
def forking_tree_is_caught(box, shell):
    box.write('walk', WALK, 0o755)
    box.manifest([{'name': 'a', 'timeout': 100, 'command':
                   'walk() { test -e go || { walk & }; }; fork() { while test ! -e go; do (true; true) & wait; done; }; '
                   'walk & walk & ./walk & ./walk & fork & fork & echo $$ > main; fork'}])
    shell.start('run', f'--log={box.log}')
    main_pid, = pids(box, 'main')
    slot = int(Path(f'/proc/{main_pid}/stat').read_text().rpartition(')')[2].split()[1])
    for _ in range(10):
        shell.stop()
        wait_until(lambda: is_stopped(main_pid), 'it has stopped')
        wait_until(lambda: stands_still(slot), 'all stand still')
        shell.bring_back()
        wait_until(lambda: goes_on(main_pid), 'it goes on')
    (box.dir / 'go').touch()
    equal(exit_status(shell.wait()), 0)


def stands_still(pid):
    """Whatever is below a process has stopped: zombies, which nobody waits for now, do no more, nor does who waits in vfork()
    (D) for a child that has stopped."""
    tree = set(descendants(pid))
    return all(state_of(each) in (STOPPED, 'D', 'Z', None) for each in tree) and set(descendants(pid)) == tree


@with_shell
def clocks_stand(box, shell):
    """The run stands still for longer than a time-out, and than a retry is put off."""
    still = 4
    box.manifest([
        {'name': 'timeout', 'timeout': still, 'slow-after': still - 0.1,
         'command': 'echo $$ > main; until test -e go; do sleep 0.02; done'},
        {'name': 'retry', 'retries': 1, 'retry-delay': 1.5, 'command': 'test -e failed || { touch failed; exit 1; }'},
    ])
    shell.start('run', f'--log={box.log}', '-j2', '--max-time=30')
    main_pid, = pids(box, 'main')
    wait_until((box.dir / 'failed').exists, 'the first attempt')
    shell.read_until(lambda data: b'again in' in data)
    shell.stop()
    wait_until(lambda: is_stopped(main_pid), 'it has stopped')
    begin = time.monotonic()
    wait_until(lambda: time.monotonic() - begin > still, 'more than the time-out has passed')
    (box.dir / 'go').touch()
    shell.bring_back()
    equal(exit_status(shell.wait()), 0)
    equal(box.outcomes(), {'timeout': 'passed', 'retry': 'passed'})
    lacks(shell.output.decode(), 'SLOW')
    resumed = next(line for line in box.log_lines() if line.get('event') == 'resumed')
    equal(resumed['duration'] >= still, True, resumed)
    equal(box.attempts('timeout')[0]['duration'] < still, True, 'it counts only what it ran')
    first, second = box.attempts('retry')
    equal(second['start'] - first['time'] >= 1.5, True, 'the delay counts only what the run went on')


@with_shell
def bg_goes_on_without_painting(box, shell):
    box.manifest([{'name': 'a', 'command': 'echo $$ > main; until test -e go; do sleep 0.02; done; exit 1'},
                  {'name': 'b', 'depends': [{'test': 'a', 'when': 'always'}],
                   'command': 'echo $$ > second; until test -e on; do sleep 0.02; done'}])
    shell.start('run', f'--log={box.log}')
    main_pid, = pids(box, 'main')
    shell.read_until(paint_lines)
    shell.ask('tostop')
    shell.stop()
    wait_until(lambda: is_stopped(main_pid), 'it has stopped')
    stopped_at = len(shell.output)
    shell.ask('continue', shell.job)
    wait_until(lambda: goes_on(main_pid), 'it goes on')
    (box.dir / 'go').touch()
    pids(box, 'second')
    shell.read_until(lambda data: b'FAILED' in data[stopped_at:])
    lacks(re.sub(r'\x1b\[[\d;]*m', '', shell.output[stopped_at:].decode()), '\x1b')
    equal(shell.ask('look', shell.job), None, 'nothing stopped it')
    # As a shell does with a job that runs: it gets no signal.
    shell.ask('foreground', shell.job)
    shell.read_until(lambda data: paint_lines(data[stopped_at:]))
    (box.dir / 'on').touch()
    equal(exit_status(shell.wait()), 1)


@with_shell
def background_never_stops(box, shell):
    box.manifest([{'name': f'a{number}', 'command': 'exit 1'} for number in range(5)])
    shell.ask('tostop')
    shell.start('run', f'--log={box.log}', foreground=False)
    equal(exit_status(shell.wait()), 1)
    shell.read_until(lambda data: b'5 failed' in data)
    lacks(re.sub(r'\x1b\[[\d;]*m', '', shell.output.decode()), '\x1b')
    equal(len(box.outcomes()), 5)


@with_shell
def killed_while_stopped_leaves_nothing(box, shell):
    box.manifest([{'name': 'tree', 'command': TREE}])
    shell.start('run', f'--log={box.log}')
    all_pids = pids(box, 'far', 'asleep', 'main')
    shell.stop()
    for pid in all_pids:
        wait_until(lambda pid=pid: is_stopped(pid), 'all have stopped')
    os.kill(shell.job, signal.SIGKILL)
    shell.wait()
    for pid in all_pids:
        wait_until(lambda pid=pid: not is_alive(pid), 'nothing is left')


@with_shell
def signals_while_stopped_cancel(box, shell):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        for name in ('far', 'asleep', 'main'):
            (box.dir / name).unlink(missing_ok=True)
        box.manifest([{'name': 'tree', 'command': TREE}, {'name': 'behind', 'depends': ['tree'], 'command': 'true'}])
        shell.start('run', f'--log={box.log}', '--junit=report.xml')
        all_pids = pids(box, 'far', 'asleep', 'main')
        shell.stop()
        wait_until(lambda: is_stopped(all_pids[0]), 'it has stopped')
        os.kill(shell.job, number)
        shell.bring_back()
        equal(exit_status(shell.wait()), 128 + number)
        equal(box.outcomes(), {'tree': 'cancelled', 'behind': 'blocked'})
        contains((box.dir / 'report.xml').read_text(), '</testsuites>')
        for pid in all_pids:
            equal(is_alive(pid), False, 'a process is alive')


main()
