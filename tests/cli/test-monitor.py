# SPDX-License-Identifier: LGPL-2.1-or-later
"""A run can be watched while it goes on, unless it is told otherwise; and the monitor is started."""

import os
import socket
import stat

from harness import contains, equal, lacks, main, status, test, usage_error, wait_until


def sockets(box):
    directory = box.dir / 'runtime' / 'dagsched'
    return sorted(directory.glob('*.sock')) if directory.exists() else []


def start_waiting_run(box, *arguments):
    """A run that goes on until the file `go` is there."""
    box.manifest([{'name': 'a', 'command': 'touch started; cat fifo > /dev/null'}])
    os.mkfifo(box.dir / 'fifo')
    process = box.start('run', f'--log={box.log}', *arguments)
    wait_until((box.dir / 'started').exists, 'the test runs')
    return process


def let_end(box, process):
    (box.dir / 'fifo').write_text('go')
    return box.finish(process)


@test
def run_is_published_while_it_goes_on(box):
    process = start_waiting_run(box)
    found = sockets(box)
    equal([path.name.split('-')[0] for path in found], [str(process.pid)])
    equal(stat.S_IMODE(found[0].parent.stat().st_mode), 0o700)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(found[0]))
        contains(client.recv(65536), b'suite', str(box.log).encode())
    status(let_end(box, process), 0)
    equal(sockets(box), [])


@test
def run_that_is_not_published_has_no_socket(box):
    process = start_waiting_run(box, '--no-publish')
    equal(sockets(box), [])
    status(let_end(box, process), 0)


@test
def directory_that_is_open_to_others_is_refused(box):
    (box.dir / 'runtime' / 'dagsched').mkdir()
    (box.dir / 'runtime' / 'dagsched').chmod(0o755)
    process = start_waiting_run(box)
    equal(sockets(box), [])
    result = status(let_end(box, process), 0)
    contains(result.err, "dagsched: ", "monitors can't watch this run", 'is open to other users (mode 755)', 'chmod 700')
    box.manifest([{'name': 'a', 'command': 'true'}])
    lacks(status(box.run('--no-publish'), 0).err, 'monitors')


@test
def directory_that_cannot_be_made_is_told_and_no_more(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    box.write('runtime/dagsched', 'a file')
    contains(status(box.run(), 0).err, "monitors can't watch this run", 'runtime/dagsched')


@test
def without_a_runtime_directory_another_is_used(box):
    del box.env['XDG_RUNTIME_DIR']
    box.env['XDG_CACHE_HOME'] = str(box.dir / 'cache')
    process = start_waiting_run(box)
    places = [box.dir / 'cache' / 'dagsched', box.dir.__class__(f'/run/user/{os.getuid()}/dagsched')]
    found = [path for place in places if place.exists() for path in place.glob(f'{process.pid}-*.sock')]
    equal(len(found), 1)
    status(let_end(box, process), 0)
    equal(found[0].exists(), False)


@test
def long_path_of_the_runtime_directory_is_no_trouble(box):
    runtime = box.dir / 'a-name-that-is-long' / ('x' * 120)
    runtime.mkdir(parents=True)
    box.env['XDG_RUNTIME_DIR'] = str(runtime)
    process = start_waiting_run(box)
    equal(len(list((runtime / 'dagsched').glob('*.sock'))), 1)
    lacks(status(let_end(box, process), 0).err, 'monitors')


@test
def monitor_is_started_with_what_it_is_given(box):
    box.write('bin/dagsched-gtk', '#!/bin/sh\nfor word; do echo "<$word>"; done\nexit 7\n', 0o755)
    env = {'PATH': f'{box.dir}/bin:{box.env["PATH"]}'}
    result = status(box.command('monitor', '--attach=4711', 'a b.json', '--', '-x', env=env), 7)
    equal(result.out.splitlines(), ['<--attach>', '<4711>', '<-->', '<a b.json>', '<-x>'])
    equal(status(box.command('monitor', env=env), 7).out, '')


@test
def monitor_that_is_not_installed_is_told(box):
    usage_error(box.command('monitor', env={'PATH': '/nowhere'}), 'the monitor is not installed',
                'Install the package dagsched-gtk')
    usage_error(box.command('monitor', '--atach=1', env={'PATH': '/nowhere'}), 'did you mean "--attach"?')


main()
