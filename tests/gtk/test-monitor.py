# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole monitor, as people use it: real windows, real runs, clicks and keys."""

import json
import os
import signal
import subprocess
from pathlib import Path

from monitor import Atspi, Monitor, Notifications, main, test, wait_for, walk

SUPPORT = Path(__file__).resolve().parent / 'support'


def write_suite(box):
    """One passes, one fails as long as no file says otherwise, one is blocked by it."""
    return box.manifest([
        {'name': 'first', 'command': 'echo all is well'},
        {'name': 'breaks', 'command': 'echo the very reason; test -e mended', 'depends': ['first']},
        {'name': 'after', 'command': 'true', 'depends': ['breaks']},
    ], name='suite.dagsched.json')


def run_and_select(monitor, name):
    """Of that suite, all of it: then the test of that name is selected in the list."""
    monitor.click(monitor.find(name='Run All Tests'))
    monitor.find(contains='1 test failed')
    monitor.key('alt+3')
    monitor.click(monitor.find('table row', contains=name))


def layered_suite(box, n_tests, width):
    tests = [{'name': f'layer-{number // width}/test-{number % width}', 'command': ['true'],
              'depends': [f'layer-{number // width - 1}/test-{number % width}'] if number >= width else []}
             for number in range(n_tests)]
    return box.write('many.dagsched.json', json.dumps({'dagsched': 1, 'name': 'many', 'tests': tests}))


@test
def suite_is_run_watched_and_run_again(box):
    suite = write_suite(box)
    with Monitor(box, suite) as monitor:
        run_and_select(monitor, 'breaks')
        monitor.key('F9')
        monitor.find_text('the very reason')
        (box.dir / 'mended').touch()
        monitor.key('shift+F5')
        monitor.find(contains='All 2 tests passed')


@test
def selection_is_run_again(box):
    suite = write_suite(box)
    with Monitor(box, suite) as monitor:
        run_and_select(monitor, 'first')
        monitor.key('Menu')
        monitor.find('menu item', contains='Run Again')
        monitor.key('r')
        monitor.find(contains='1 test passed')


@test
def filter_is_typed(box):
    suite = write_suite(box)
    with Monitor(box, suite) as monitor:
        monitor.find(name='Run All Tests')
        monitor.key('ctrl+f')
        monitor.find(contains='breaks')
        monitor.type('aft')
        monitor.find(contains='1 of 3')


@test
def run_in_another_process_is_followed_to_its_end(box):
    suite = box.manifest([{'name': 'waits', 'command': 'echo here I am; until test -e go; do sleep 0.05; done'},
                          {'name': 'then', 'command': 'true', 'depends': ['waits']}])
    runner = box.start('run', suite)
    with Monitor(box) as monitor:
        monitor.click(monitor.find('label', 'suite'))
        monitor.find(contains='Running')
        monitor.key('alt+3')
        monitor.click(monitor.find('table row', contains='waits'))
        monitor.key('F9')
        monitor.find_text('here I am')
        monitor.click(monitor.find(name='Settings'))
        monitor.find(contains='until test -e go')
        (box.dir / 'go').touch()
        monitor.find(contains='All 2 tests passed')
    assert runner.wait(60) == 0


@test
def run_in_another_process_is_stopped(box):
    suite = box.manifest([{'name': 'waits', 'command': 'until test -e never; do sleep 0.05; done'}])
    runner = box.start('run', suite)
    with Monitor(box, f'--attach={runner.pid}') as monitor:
        monitor.click(monitor.find(name='Stop the Run'))
        monitor.find(contains='ancelled')
    assert runner.wait(60) == 1


@test
def runner_that_dies_is_told_of(box):
    suite = box.manifest([{'name': 'waits', 'command': 'until test -e never; do sleep 0.05; done'}])
    runner = box.start('run', suite)
    with Monitor(box, f'--attach={runner.pid}') as monitor:
        monitor.find(name='Stop the Run')
        runner.send_signal(signal.SIGKILL)
        monitor.find(contains='lost')
    runner.wait(60)


@test
def log_is_replayed(box):
    suite = box.manifest([{'name': f'test-{number}', 'command': 'sleep 0.5; exit 1'} for number in range(8)])
    box.run('-j', '1', suite)
    with Monitor(box, box.log) as monitor:
        monitor.find(contains='8 tests failed')
        monitor.click(monitor.find(name='Replay'))
        monitor.wait_gone(contains='8 tests failed')
        monitor.find(contains='8 tests failed')


@test
def many_tests_are_shown(box):
    suite = layered_suite(box, 100000, 1000)
    with Monitor(box, suite) as monitor:
        monitor.find(name='Run All Tests')
        monitor.key('ctrl+f')
        monitor.find('table row', contains='layer-0/test-0')
        monitor.type('layer-99/test-999')
        monitor.find(contains='1 of 100')


@test
def bad_files_are_explained(box):
    lines = (SUPPORT / 'small.jsonl').read_text().splitlines()
    cases = [
        ('unknown.dagsched.json', '{"dagsched":1,"tests":[{"name":"c","command":["true"],"depnds":[]}]}', 'depnds'),
        ('cycle.dagsched.json', '{"dagsched":1,"tests":[{"name":"a","command":["true"],"depends":["b"]},'
                                '{"name":"b","command":["true"],"depends":["a"]}]}', 'cycle'),
        ('newer.jsonl', lines[0].replace('"dagsched-log":1', '"dagsched-log":99') + '\n', 'version 99'),
        ('no.json', 'no JSON at all', 'no.json'),
    ]
    for name, content, expected in cases:
        with Monitor(box, box.write(name, content)) as monitor:
            monitor.find(contains='Could Not Be Opened')
            monitor.find(contains=expected)
    with Monitor(box, box.dir / 'gone.json') as monitor:
        monitor.find(contains='Could Not Be Opened')
        write_suite(box).rename(box.dir / 'gone.json')
        monitor.click(monitor.find(contains='Try Again'))
        monitor.find(name='Run All Tests')


@test
def torn_log_is_shown_as_far_as_it_goes(box):
    text = (SUPPORT / 'small.jsonl').read_bytes()
    with Monitor(box, box.write('torn.jsonl', text[:len(text) // 2])) as monitor:
        monitor.find(contains='the runner died')


@test
def closing_asks_while_a_run_goes_on(box):
    suite = box.manifest([{'name': 'waits', 'command': 'until test -e never; do sleep 0.05; done'}])
    with Monitor(box, suite) as monitor:
        monitor.click(monitor.find(name='Run All Tests'))
        monitor.find(name='Stop the Run')
        monitor.key('ctrl+w')
        monitor.find_dialog('Stop the Run?')
        monitor.key('alt+s')
        wait_for(lambda: monitor.process.poll() is not None, 'the program to end')
        assert monitor.process.returncode == 0
    logs = list((box.state / 'dagsched/runs').glob('*.jsonl'))
    assert len(logs) == 1 and '"outcome":"cancelled"' in logs[0].read_text(), logs


@test
def end_of_a_run_out_of_sight_is_notified(box):
    suite = box.manifest([{'name': 'waits', 'command': 'until test -e go; do sleep 0.05; done; false'}],
                         name='nightly.dagsched.json')
    with Notifications() as notifications, Monitor(box, suite) as monitor:
        monitor.click(monitor.find(name='Run All Tests'))
        monitor.find(name='Stop the Run')
        monitor.key('ctrl+n')
        monitor.focus_other_window()
        (box.dir / 'go').touch()
        wait_for(lambda: notifications.shown, 'a notification')
        assert notifications.shown[0][1] == '1 test failed', notifications.shown


def find_tab_below(monitor, name):
    """Of a narrow window: the tabs of a wide one keep the place that they had last."""
    tabs = [tab for tab in walk(monitor.window) if tab.get_role_name() == 'page tab' and tab.get_name() == name]
    return max(tabs, key=lambda tab: Atspi.Component.get_extents(tab, Atspi.CoordType.WINDOW).y)


@test
def narrow_window_has_all_views(box):
    with Monitor(box, SUPPORT / 'small.jsonl', size='360x640') as monitor:
        monitor.find(contains='4 tests failed')
        monitor.click(find_tab_below(monitor, 'Workers'))
        monitor.find('list item', contains='Worker 1')
        monitor.click(find_tab_below(monitor, 'Tests'))
        monitor.key('ctrl+f')
        monitor.type('outcome:failed')
        monitor.click(monitor.find('table row', contains='subtitle/parse'))
        monitor.key('F9')
        monitor.find_text('line 41')


@test
def what_was_opened_is_found_again(box):
    suite = write_suite(box)
    with Monitor(box, suite) as monitor:
        monitor.find(name='Run All Tests')
        monitor.click(monitor.find(name='Back'))
        monitor.find(contains='Opened Lately')
        monitor.find(contains='suite.dagsched.json')


def read_only_log(box):
    """The one log that was written: its header, and its other lines."""
    lines = [json.loads(line) for line in next((box.state / 'dagsched/runs').glob('*.jsonl')).read_text().splitlines()]
    return lines[0], lines[1:]


@test
def settings_are_shown_and_used(box):
    suite = box.manifest([
        {'name': 'takes longer than it may', 'command': 'sleep 0.3', 'timeout': 0.1},
        {'name': 'fails', 'command': 'false'},
        {'name': 'writes much', 'command': 'head -c 1100000 /dev/zero | tr "\\0" x'},
    ])
    box.write('config/glib-2.0/settings/keyfile', '[org/dagsched/Monitor]\nworkers=uint32 3\norder=\'longest\'\n'
              'retries=uint32 2\ntimeout-multiplier=0.0\noutput-limit=uint32 1\n')
    with Monitor(box, suite) as monitor:
        monitor.click(monitor.find(name='Run All Tests'))
        monitor.find(contains='1 test failed')
        monitor.key('ctrl+comma')
        dialog = monitor.find_dialog('Preferences')
        numbers = [item for item in walk(dialog) if item.get_role_name() == 'spin button']
        assert [Atspi.Value.get_current_value(number) for number in numbers] == [3, 2, 0, 1]
        assert any(item.get_name() == 'Longest first' for item in walk(dialog))
    header, lines = read_only_log(box)
    assert header['n-workers'] == 3 and header['options']['order'] == 'longest', header
    finished = {line['test']: line for line in lines if line.get('event') == 'finished'}
    assert finished[0]['outcome'] == 'passed' and finished[1]['attempts'] == 3, finished
    assert 'truncated' in finished[2]['flags'], finished


@test
def settings_are_changed(box):
    """In the dialog, by keys; what is changed is kept at once."""
    suite = write_suite(box)
    kept = box.dir / 'config/glib-2.0/settings/keyfile'
    with Monitor(box, suite) as monitor:
        monitor.find(name='Run All Tests')
        monitor.key('ctrl+comma')
        monitor.find_dialog('Preferences')
        monitor.focus_other_window()
        monitor.key('alt+w', 'ctrl+a', '5', 'Tab')
        wait_for(lambda: kept.exists() and 'workers=5' in kept.read_text(), 'the number of workers to be kept')
        monitor.key('alt+n')
        wait_for(lambda: 'notify-when-finished=false' in kept.read_text(), 'the switch to be kept')


@test
def nonsense_on_the_command_line_is_refused(box):
    result = subprocess.run([os.environ['DAGSCHED_GTK'], '--nonsense'], capture_output=True, text=True)
    assert result.returncode != 0 and 'nonsense' in result.stderr, result
    env = {**os.environ, 'GSETTINGS_SCHEMA_DIR': '/nowhere', 'XDG_DATA_DIRS': '/nowhere'}
    result = subprocess.run([os.environ['DAGSCHED_GTK']], capture_output=True, text=True, env=env)
    assert result.returncode == 2 and 'org.dagsched.Monitor.gschema.xml' in result.stderr, result


main()
