# SPDX-License-Identifier: LGPL-2.1-or-later
"""The zoo: each kind of hostile test that zoo/hostile.c can be, with what dagsched has to say of it."""

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT = 0.3  # seconds, of those that hang
GRACE = 0.1


@dataclass
class Kind:
    """What becomes of a kind of hostile test."""
    name: str
    outcome: str = 'passed'
    flags: tuple = ()
    reason: str = ''  # a part of it
    seconds: float = 0.0  # that it takes by itself, without its time-out
    members: dict = field(default_factory=dict)
    argument: str = ''  # 'outside': a file that is not its own; 'socket': who takes descriptors
    leaves: bool = True  # it stays, in the form that it has, until it is killed
    busy: bool = False  # it keeps a processor busy while it stays
    takes_us_along: bool = False  # it goes for whoever started it

    def describe(self, name, places):
        """The test, as a manifest has it."""
        command = [os.environ['DAGSCHED_HOSTILE'], self.name]
        if self.argument:
            command.append(str(places[self.argument]))
        return {'name': name, 'command': command, 'timeout': 60, 'grace': GRACE, **self.members}

    def measure(self, places):
        """Seconds that it may take: by itself, with nobody who looks after it, or until it is ended."""
        if self.outcome == 'timed-out':
            return TIMEOUT + GRACE
        if self.seconds or self.takes_us_along:
            return self.seconds
        description = self.describe(self.name, places)
        with tempfile.TemporaryDirectory() as directory:
            begin = time.monotonic()
            subprocess.run(description['command'], env={**os.environ, 'TMPDIR': directory}, check=False,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           start_new_session=True)
            seconds = time.monotonic() - begin
            kill_descendants()
            subprocess.run(['rm', '-rf', directory], check=False)
            os.makedirs(directory, exist_ok=True)
        return seconds


def _leaves(name, **settings):
    return Kind(name, flags=('leaked',), **settings)


def _hangs(name, **settings):
    members = {'timeout': TIMEOUT, **settings.pop('members', {})}
    return Kind(name, 'timed-out', reason=f'did not end within {TIMEOUT} s', members=members, **settings)


def _dies(name, reason, **settings):
    settings.setdefault('leaves', False)
    return Kind(name, 'failed', reason=reason, **settings)


KINDS = [
    _leaves('leave-child'),
    _dies('leave-child-and-fail', 'exit status 1', flags=('leaked',), leaves=True),
    _leaves('leave-grandchild'),
    _leaves('leave-daemon'),
    _leaves('leave-program'),
    _leaves('leave-stopped'),
    _leaves('leave-traced'),
    _leaves('leave-groups'),
    _leaves('leave-reaper'),
    _leaves('leave-headless'),
    _leaves('leave-comet', busy=True),
    _leaves('leave-comet-in-sessions', busy=True),
    _leaves('leave-comets', busy=True),
    _leaves('leave-namespace'),
    Kind('leave-zombies'),
    _hangs('hang'),
    _hangs('hang-deaf'),
    _hangs('hang-deaf-tree'),
    _hangs('hang-stopped'),
    _hangs('hang-closed'),
    _hangs('hang-spinning', busy=True),
    _hangs('hang-in-vfork'),
    _hangs('hang-headless'),
    _hangs('hang-until-told'),
    _hangs('hang-and-fork-when-told'),
    _hangs('hang-with-comet', busy=True),
    _hangs('flood', busy=True, flags=('truncated',), members={'output-limit': '64K'}),
    Kind('flood-line', flags=('truncated',), members={'output-limit': '64K'}),
    Kind('garbage'),
    Kind('escapes'),
    Kind('closed-output'),
    Kind('terminal'),
    Kind('held-output', flags=('leaked',), seconds=0.1, argument='socket'),
    _dies('crash', 'SIGSEGV'),
    _dies('abort', 'SIGABRT'),
    _dies('stack-overflow', 'SIGSEGV'),
    _dies('kill-group', 'SIGKILL'),
    _dies('crash-and-leave', 'SIGSEGV', flags=('leaked',)),
    Kind('signal-slot', takes_us_along=True),
    Kind('stop-slot', takes_us_along=True),
    _hangs('stop-slot-and-hang', takes_us_along=True),
    Kind('kill-slot', 'errored', reason='the agent that ran it was lost', leaves=False,
         takes_us_along=True),
    _dies('take-memory', 'bytes of data', seconds=0.02, members={'memory-limit': '32M'}),
    _dies('take-files', 'exit status 1', seconds=0.002, members={'open-files-limit': 64}),
    _dies('take-processor', 'processor time', seconds=1, members={'cpu-limit': 1}),
    _dies('take-processes', 'processes', members={'process-limit': 40}, seconds=0.02),
    Kind('litter'),
    Kind('litter-links', argument='outside'),
    Kind('remove-tmp'),
]


def adopt_orphans():
    """Whatever the command leaves behind becomes a descendant of this process, and is found."""
    if ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), 'PR_SET_CHILD_SUBREAPER')


def children_of(pid):
    """The children of a process, those of all of its threads, zombies as well."""
    result = []
    try:
        for task in Path(f'/proc/{pid}/task').iterdir():
            result += [int(child) for child in (task / 'children').read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has ended meanwhile
    return result


def descendants(pid=None):
    """All processes below this one, or below another. Those of ours that have ended are taken off."""
    if pid is None:
        pid = os.getpid()
    result, parents = [], [pid]
    while parents:
        children = children_of(parents.pop())
        result += children
        parents += children
    return result


def reap(keep=()):
    """Takes off what has ended of the orphans that came to us. @keep are the processes of somebody else."""
    for child in children_of(os.getpid()):
        if child not in keep:
            try:
                os.waitpid(child, os.WNOHANG)
            except ChildProcessError:
                pass


def kill_descendants():
    """Until none is left."""
    while pids := descendants():
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()


def name_of(pid):
    """How a process calls itself, and what it does."""
    try:
        command = Path(f'/proc/{pid}/cmdline').read_bytes().replace(b'\0', b' ').decode(errors='replace').strip()
        state = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return f'{pid} (gone)'
    return f'{pid} {state} {command}'
