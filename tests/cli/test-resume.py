# SPDX-License-Identifier: LGPL-2.1-or-later
"""A run that was cut short goes on from its log."""

import json
import os
import random
import signal
import sqlite3
import xml.etree.ElementTree as ElementTree

from harness import contains, equal, main, read_log, status, test, wait_until

# Each test says that it ran. What waits goes on once it may.
SUITE = [
    {'name': 'passes', 'command': 'echo passes >> ran; echo the output'},
    {'name': 'fails', 'command': 'echo fails >> ran; exit 3'},
    {'name': 'behind', 'command': 'echo behind >> ran', 'depends': ['fails']},
    {'name': 'always', 'command': 'echo always >> ran', 'depends': [{'test': 'fails', 'when': 'always'}]},
    {'name': 'up', 'command': 'echo up >> ran; echo VALUE=1 >> $DAGSCHED_ENV', 'fixture': {'cleanup': 'down'}},
    {'name': 'user', 'command': 'echo user $VALUE >> ran', 'depends': ['up']},
    {'name': 'waits', 'command': 'touch waiting; test -e go || exec sleep 1000; echo waits $VALUE >> ran',
     'depends': ['user', 'always', 'passes', 'up']},
    {'name': 'last', 'command': 'echo last >> ran', 'depends': ['waits']},
    {'name': 'down', 'command': 'echo down $VALUE >> ran'},
]
OUTCOMES = {'passes': 'passed', 'fails': 'failed', 'behind': 'blocked', 'always': 'passed', 'up': 'passed',
            'user': 'passed', 'waits': 'passed', 'last': 'passed', 'down': 'passed'}


def cut_short(box, number=signal.SIGKILL, tests=None, *arguments):
    """A run that has come to where a test waits, and gets a signal there."""
    box.manifest(tests or SUITE)
    process = box.start('run', f'--log={box.log}', '-j1', *arguments)
    wait_until((box.dir / 'waiting').exists, 'the test waits')
    process.send_signal(number)
    result = box.finish(process)
    (box.dir / 'go').touch()
    before = box.lines('ran')
    (box.dir / 'ran').unlink()
    return result, before


def resume(box, *arguments):
    return box.command('run', f'--resume={box.log}', *arguments)


def finished_in(path):
    """Names of the tests whose outcome line is in a log, which may end anywhere."""
    return [name for name, _ in read_log(path)[1]]


@test
def killed_run_goes_on(box):
    _, before = cut_short(box)
    equal(sorted(before), ['always', 'fails', 'passes', 'up', 'user 1'])
    result = status(resume(box, '--junit=report.xml', '-j1'), 1)
    contains(result.err, '4 of 9 tests')
    equal(box.outcomes(), OUTCOMES)
    # The fixture comes up again for those that need it.
    equal(sorted(box.lines('ran')), ['down 1', 'last', 'up', 'waits 1'])
    cases = {case.get('name'): case for case in ElementTree.parse(box.dir / 'report.xml').iter('testcase')}
    equal(sorted(cases), sorted(OUTCOMES))
    contains(cases['passes'].findtext('system-out'), 'the output')
    contains(cases['fails'].find('failure').get('message'), 'exit status 3')
    equal([len(box.attempts(name)) for name in ('passes', 'fails', 'waits')], [1, 1, 1])


@test
def what_was_given_up_is_not_run_again(box):
    """A test that takes its slot with it comes to an outcome as well: all of its attempts were lost."""
    suite = [{'name': 'kills', 'command': 'echo kills >> ran; kill -9 $PPID; exec sleep 1000'},
             {'name': 'waits', 'command': 'touch waiting; test -e go || exec sleep 1000; echo waits >> ran',
              'depends': [{'test': 'kills', 'when': 'always'}]}]
    _, before = cut_short(box, signal.SIGKILL, suite)
    equal(set(before), {'kills'})
    status(resume(box), 1)
    equal(box.outcomes(), {'kills': 'errored', 'waits': 'passed'})
    equal(box.lines('ran'), ['waits'])
    status(resume(box), 1)
    equal(box.lines('ran'), ['waits'])


@test
def times_go_on(box):
    cut_short(box)
    first = json.loads(box.log.read_text().splitlines()[0])
    status(resume(box), 1)
    header = box.log_lines()[0]
    equal(header['n-earlier'], 4)
    times = [line['time'] for line in box.log_lines() if line.get('event') == 'attempt']
    equal(times, sorted(times), 'in order')
    equal(times[4] > times[3], True, 'what runs now comes after what ran')
    equal(header['started-at'] >= first['started-at'], True, 'the start moves by what was not run')
    status(box.command('convert', box.log, '--format=human'), 0)


@test
def nothing_is_left_to_run(box):
    cut_short(box)
    status(resume(box), 1)
    (box.dir / 'ran').unlink()
    status(resume(box), 1)
    equal(box.lines('ran'), [])
    equal(box.outcomes(), OUTCOMES)


@test
def interrupted_run_goes_on(box):
    result, before = cut_short(box, signal.SIGINT)
    status(result, 128 + signal.SIGINT)
    equal(before[-1], 'down 1', 'the cleanup ran')
    equal(box.outcomes()['waits'], 'cancelled')
    equal(box.outcomes()['last'], 'blocked')
    status(resume(box), 1)
    equal(box.outcomes(), OUTCOMES)
    equal(sorted(box.lines('ran')), ['down 1', 'last', 'up', 'waits 1'])


@test
def failed_fixture_stays_failed(box):
    suite = [{'name': 'up', 'command': 'echo up >> ran; exit 1', 'fixture': {'cleanup': 'down'}},
             {'name': 'user', 'command': 'echo user >> ran', 'depends': ['up']},
             {'name': 'down', 'command': 'echo down >> ran'},
             {'name': 'waits', 'command': 'touch waiting; test -e go || exec sleep 1000',
              'depends': [{'test': 'down', 'when': 'always'}]}]
    cut_short(box, tests=suite)
    status(resume(box), 1)
    equal(box.outcomes(), {'up': 'failed', 'user': 'blocked', 'down': 'passed', 'waits': 'passed'})
    equal(box.lines('ran'), [])


@test
def attempts_and_outputs_are_kept(box):
    large = 40000
    suite = [{'name': 'flaky', 'retries': 2, 'command': 'echo x >> tries; test $(wc -l < tries) = 2'},
             {'name': 'large', 'command': f'head -c {large} /dev/zero | tr "\\0" x; echo oops >&2; exit 1'},
             {'name': 'waits', 'command': 'echo >> ran; touch waiting; test -e go || exec sleep 1000',
              'depends': ['flaky', {'test': 'large', 'when': 'always'}]}]
    cut_short(box, signal.SIGKILL, suite)
    status(resume(box, '--junit=report.xml'), 1)
    equal(box.outcomes(), {'flaky': 'passed', 'large': 'failed', 'waits': 'passed'})
    equal(box.finished()['flaky']['flags'], ['flaky'])
    equal([attempt['outcome'] for attempt in box.attempts('flaky')], ['failed', 'passed'])
    case = [case for case in ElementTree.parse(box.dir / 'report.xml').iter('testcase') if case.get('name') == 'large'][0]
    equal(case.findtext('system-out'), 'x' * large)
    contains(case.findtext('system-err'), 'oops')


@test
def other_log_leaves_the_first(box):
    cut_short(box)
    before = box.log.read_bytes()
    other = box.dir / 'other.jsonl'
    status(resume(box, f'--log={other}'), 1)
    equal(box.log.read_bytes(), before, 'the first log')
    equal(sorted(finished_in(other)), sorted(OUTCOMES))
    status(resume(box, f'--log={box.dir / "." / "run.jsonl"}'), 1)
    equal(box.outcomes(), OUTCOMES)


@test
def torn_line_is_passed_over(box):
    cut_short(box)
    box.log.write_bytes(box.log.read_bytes()[:-20])
    result = status(resume(box), 1)
    contains(result.err, 'damaged')
    equal(box.outcomes(), OUTCOMES)


@test
def log_that_has_not_begun_is_one_of_nothing(box):
    box.manifest([{'name': 'a', 'command': 'echo a >> ran'}])
    for content in ('', '{"dagsched-log":1,"versi'):
        box.log.write_text(content)
        result = status(resume(box), 0)
        contains(result.err, '0 of 1 tests')
        equal(box.outcomes(), {'a': 'passed'})
    equal(box.lines('ran'), ['a', 'a'])


@test
def log_without_all_of_its_tests_is_one_of_nothing(box):
    cut_short(box)
    box.log.write_bytes(b''.join(box.log.read_bytes().splitlines(keepends=True)[:4]))
    result = status(resume(box), 1)
    contains(result.err, '0 of 9 tests')
    equal(box.outcomes(), OUTCOMES)
    equal(len(box.lines('ran')), 8)


def refused(box, *parts, arguments=()):
    before = box.log.read_bytes()
    result = status(resume(box, *arguments), 2)
    contains(result.err, *parts)
    equal(box.log.read_bytes(), before, 'the log')
    equal(box.lines('ran'), [])


@test
def log_of_other_tests_is_refused(box):
    cut_short(box)
    box.manifest(SUITE + [{'name': 'new', 'command': 'true'}])
    refused(box, 'other tests', '1 in this run only: new')
    box.manifest(SUITE)
    refused(box, 'other tests', 'are in it only', arguments=['-k', 'passes'])
    refused(box, 'other tests', arguments=['--repeat=2'])


@test
def changed_test_is_refused(box):
    cut_short(box)
    box.manifest([{**SUITE[0], 'command': 'echo other'}] + SUITE[1:])
    refused(box, 'passes', 'its command has changed')
    box.manifest([{**SUITE[0], 'env': {'A': 'b'}}] + SUITE[1:])
    refused(box, 'passes', 'its command has changed')
    box.manifest([{**SUITE[0], 'depends': ['fails']}] + SUITE[1:])
    refused(box, 'passes', 'its dependencies have changed')
    # What has no outcome yet may change, and how tests are run as well.
    box.manifest([{**SUITE[0], 'timeout': 17}] + SUITE[1:7] + [{**SUITE[7], 'command': 'echo changed >> ran'}] + SUITE[8:])
    status(resume(box), 1)
    equal(sorted(box.lines('ran')), ['changed', 'down 1', 'up', 'waits 1'])


@test
def what_is_no_log_is_refused(box):
    box.manifest(SUITE)
    contains(status(box.command('run', '--resume=missing.jsonl'), 2).err, 'missing.jsonl')
    contains(status(box.command('run', '--resume=dagsched.json'), 2).err, 'not a run log')
    equal(box.lines('ran'), [])


@test
def log_that_is_being_written_is_refused(box):
    cut_short(box)
    (box.dir / 'go').unlink()
    (box.dir / 'waiting').unlink()
    process = box.start('run', f'--resume={box.log}')
    wait_until((box.dir / 'waiting').exists, 'the test waits')
    contains(status(resume(box), 2).err, 'another run')
    (box.dir / 'go').touch()
    process.send_signal(signal.SIGINT)
    status(box.finish(process), 128 + signal.SIGINT)
    status(resume(box), 1)
    equal(box.outcomes(), OUTCOMES)


@test
def log_that_cannot_be_replaced_stays(box):
    cut_short(box)
    (box.dir / 'run.jsonl.resumed').mkdir()
    refused(box, 'run.jsonl.resumed')
    (box.dir / 'run.jsonl.resumed').rmdir()
    # What one that was killed has left is no obstacle.
    box.write('run.jsonl.resumed', '{"dagsched-log":1,"n-te')
    status(resume(box), 1)
    equal(box.outcomes(), OUTCOMES)
    equal((box.dir / 'run.jsonl.resumed').exists(), False)


@test
def link_to_a_log_stays_a_link(box):
    cut_short(box)
    (box.dir / 'kept').mkdir()
    box.log.rename(box.dir / 'kept' / 'log')
    box.log.symlink_to('kept/log')
    status(resume(box), 1)
    equal(box.log.is_symlink(), True)
    equal(box.outcomes(), OUTCOMES)
    equal([path.name for path in (box.dir / 'kept').iterdir()], ['log'])


@test
def file_that_waits_beside_a_log_is_not_written_to(box):
    cut_short(box)
    box.write('precious', 'precious')
    (box.dir / 'run.jsonl.resumed').symlink_to('precious')
    status(resume(box), 1)
    equal((box.dir / 'precious').read_text(), 'precious')
    equal(box.outcomes(), OUTCOMES)
    equal(box.log.is_symlink(), False)


def count_runs(box):
    with sqlite3.connect(box.state / 'dagsched' / 'history.db') as database:
        return dict(database.execute('SELECT name, n_runs FROM test'))


@test
def history_learns_of_each_test_once(box):
    cut_short(box, signal.SIGINT)
    status(resume(box), 1)
    counts = count_runs(box)
    equal({name: counts[name] for name in ('passes', 'fails', 'waits', 'last')},
          {'passes': 1, 'fails': 1, 'waits': 1, 'last': 1})
    for name in ('go', 'waiting'):
        (box.dir / name).unlink()
    cut_short(box)
    status(resume(box), 1)
    equal({name: count_runs(box)[name] for name in ('passes', 'fails', 'waits', 'last')},
          {'passes': 2, 'fails': 2, 'waits': 2, 'last': 2})


def random_suite(rng, n_tests):
    """Tests that pass or fail, and depend on some of those before them."""
    suite = []
    for number in range(n_tests):
        fails = number == 0 or rng.random() < 0.15
        depends = [{'test': f't{other}', 'when': rng.choice(['success', 'always'])}
                   for other in rng.sample(range(number), min(number, rng.randrange(3)))]
        suite.append({'name': f't{number}', 'command': f'echo t{number} >> ran; exit {int(fails)}',
                      'depends': depends, 'retries': rng.randrange(2)})
    return suite


def kill_at(box, n_finished, *arguments):
    """Kills the run once so many outcomes stand in its log. Whether it was still on."""
    process = box.start('run', '-q', '-j3', *arguments)
    wait_until(lambda: process.poll() is not None or len(finished_in(box.log)) >= n_finished, 'so many have finished')
    process.kill()
    return box.finish(process).status == -signal.SIGKILL


def kill_until_it_ends(box, rng):
    """A run that is killed again and again, and goes on. Returns how often it was killed."""
    box.manifest(random_suite(rng, 60))
    box.log.unlink(missing_ok=True)
    status(box.run('-q'), 1)
    expected = box.outcomes()
    box.log.unlink()

    finished, n_kills, was_killed = [], 0, True
    while was_killed:
        (box.dir / 'ran').unlink(missing_ok=True)
        source = f'--resume={box.log}' if box.log.exists() else f'--log={box.log}'
        before = set(finished)
        was_killed = kill_at(box, len(before) + rng.randrange(10), source)
        finished = finished_in(box.log)
        n_kills += was_killed
        equal(len(finished), len(set(finished)), 'each has one outcome')
        equal(before & set(box.lines('ran')), set(), 'what had its outcome ran again')
        equal(before - set(finished), set(), 'outcomes that are lost')
    equal(box.outcomes(), expected)
    return n_kills


@test
def killed_anywhere_nothing_is_lost_or_run_twice(box):
    wanted = int(os.environ.get('DAGSCHED_KILLS', 5))
    seed = int(os.environ.get('DAGSCHED_SEED', random.randrange(1 << 30)))
    print(f'# DAGSCHED_SEED={seed}')
    rng = random.Random(seed)
    n_kills = 0
    while n_kills < wanted:
        n_kills += kill_until_it_ends(box, rng)
    print(f'# killed {n_kills} times: nothing lost, nothing run twice')


main()
