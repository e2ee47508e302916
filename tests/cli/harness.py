# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the command share: a sandbox, the command itself, and TAP.

A test is a function with the decorator @test; it gets a Box, a directory of its own with a state
directory of its own. main() runs them all and prints TAP.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

PATIENCE = 60  # seconds after which something hangs; nothing waits so long when all is well

_tests = []


class Skip(Exception):
    """The machine lacks what a test needs."""


def test(function):
    _tests.append(function)
    return function


def need_program(name):
    if shutil.which(name) is None:
        raise Skip(f'{name} is not installed')


class Result:
    """What one run of the command came to."""

    def __init__(self, status, out, err):
        self.status = status
        self.raw_out = out
        self.out = out.decode('utf-8', 'backslashreplace')
        self.err = err.decode('utf-8', 'backslashreplace')

    def __str__(self):
        return f'status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}'


class Box:
    """A directory of its own for one test."""

    def __init__(self):
        self.dir = Path(os.path.realpath(tempfile.mkdtemp(prefix='dagsched-cli-')))
        self.state = self.dir / 'state'
        self.log = self.dir / 'run.jsonl'
        (self.dir / 'runtime').mkdir(mode=0o700)
        self.env = {key: os.environ[key] for key in os.environ
                    if key in ('PATH', 'DAGSCHED_AGENT', 'LD_LIBRARY_PATH', 'LD_PRELOAD', 'G_DEBUG')
                    or key.endswith('SAN_OPTIONS')}
        self.env.update(HOME=str(self.dir), XDG_STATE_HOME=str(self.state), LC_ALL='C.UTF-8', TERM='xterm',
                        XDG_RUNTIME_DIR=str(self.dir / 'runtime'))

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def write(self, name, content, mode=0o644):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    def manifest(self, tests, name='dagsched.json', **members):
        """Writes a manifest. Strings as commands are for the shell."""
        tests = [dict(entry) for entry in tests]
        for entry in tests:
            if isinstance(entry.get('command'), str):
                entry['command'] = ['sh', '-c', entry['command']]
        return self.write(name, json.dumps({'dagsched': 1, 'name': 'suite', 'tests': tests, **members}))

    def overrides(self, name, tests, **members):
        """Writes an overrides file: settings by name or glob."""
        return self.write(name, json.dumps({'dagsched-overrides': 1, 'tests': tests, **members}))

    def start(self, *arguments, **settings):
        settings.setdefault('env', self.env)
        settings.setdefault('cwd', self.dir)
        settings.setdefault('stdin', subprocess.DEVNULL)
        settings.setdefault('stdout', subprocess.PIPE)
        settings.setdefault('stderr', subprocess.PIPE)
        return subprocess.Popen([os.environ['DAGSCHED'], *map(str, arguments)], **settings)

    def command(self, *arguments, env=None, **settings):
        if env is not None:
            settings['env'] = {**self.env, **env}
        process = self.start(*arguments, **settings)
        return self.finish(process)

    def finish(self, process, patience=PATIENCE):
        try:
            out, err = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError('the command hangs\n%s' % Result('none', out or b'', err or b'')) from None
        return Result(process.returncode, out or b'', err or b'')

    def run(self, *arguments, **settings):
        """dagsched run, with a log that outcomes() reads."""
        return self.command('run', f'--log={self.log}', *arguments, **settings)

    def log_lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line]

    def outcomes(self):
        """Name → outcome, of the last run(); with repetitions NAME#N."""
        return {name: event['outcome'] for name, event in self.finished().items()}

    def finished(self):
        """Name → the line that says how the test ended. Each test has one."""
        names, result = {}, {}
        for line in self.log_lines():
            if is_test(line):
                names[line['test']] = line_name(line)
            elif line.get('event') == 'finished':
                name = names[line['test']]
                equal(name in result, False, f'{name} finished twice')
                result[name] = line
        equal(sorted(result), sorted(names.values()), 'each test has an outcome')
        return result

    def attempts(self, name):
        """The lines of the attempts of a test."""
        return self.events('attempt', name)

    def events(self, kind, name):
        lines = self.log_lines()
        numbers = [line['test'] for line in lines if is_test(line) and line_name(line) == name]
        return [line for line in lines if line.get('event') == kind and line['test'] in numbers]

    def lines(self, name):
        """The lines of a file that tests appended to; none if there is no file."""
        path = self.dir / name
        return path.read_text().splitlines() if path.exists() else []


def is_test(line):
    """Whether a line of the log describes a test of the plan."""
    return 'event' not in line and 'test' in line


def line_name(line):
    repetition = line.get('repetition', 0)
    return f'{line["name"]}#{repetition}' if repetition else line['name']


def whole_lines(path):
    """Of a log that may end anywhere, or not be there yet; torn ones are passed over."""
    for text in path.read_text(errors='replace').splitlines() if path.exists() else []:
        try:
            yield json.loads(text)
        except ValueError:
            pass


def read_log(path):
    """Of a log that may end anywhere: number → name of its tests; and names and outcomes, as they finished."""
    names, finished = {}, []
    for line in whole_lines(path):
        if is_test(line):
            names[line['test']] = line_name(line)
        elif line.get('event') == 'finished':
            finished.append((names[line['test']], line['outcome']))
    return names, finished


def equal(actual, expected, what=''):
    if actual != expected:
        raise AssertionError(f'{what or "value"}\n  is       {actual!r}\n  expected {expected!r}')


def contains(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f'{part!r} is not in\n{text}')


def lacks(text, *parts):
    for part in parts:
        if part in text:
            raise AssertionError(f'{part!r} is in\n{text}')


def status(result, expected):
    if result.status != expected:
        raise AssertionError(f'expected status {expected}\n{result}')
    return result


def usage_error(result, *parts):
    """Nothing ran, and standard error says why, each line with the name of the command."""
    status(result, 2)
    contains(result.err, *parts)
    for line in result.err.splitlines():
        equal(line.startswith('dagsched: '), True, f'prefix of {line!r}')
    lacks(result.err, 'CRITICAL', 'WARNING **')
    return result


def wait_until(condition, what, patience=PATIENCE):
    """For what another process does and can't tell: looks until it is there."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain until {what() if callable(what) else what}')
        time.sleep(0.005)


def is_alive(pid):
    """Whether a process is there and no zombie."""
    try:
        state = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != 'Z'


def _run_one(function):
    box = Box()
    try:
        function(box)
    finally:
        box.remove()


def main():
    # What a shell in the background, or meson, had ignored would stay ignored in the command.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    wanted = sys.argv[1:]
    chosen = [t for t in _tests if not wanted or t.__name__ in wanted]
    failed = False
    print('TAP version 14', f'1..{len(chosen)}', sep='\n', flush=True)
    for number, function in enumerate(chosen, 1):
        name = function.__name__.replace('_', ' ')
        try:
            _run_one(function)
            print(f'ok {number} - {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}', flush=True)
        except Exception:  # pylint: disable=broad-except
            failed = True
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
            print(f'not ok {number} - {name}', flush=True)
    sys.exit(1 if failed else 0)
