# SPDX-License-Identifier: LGPL-2.1-or-later
"""What becomes of tests: dependencies, fixtures, retries, expectations, time-outs."""

import json

from harness import contains, equal, lacks, main, status, test


@test
def dependencies_come_first(box):
    box.manifest([
        {'name': 'c', 'command': 'echo c >> order', 'depends': ['b']},
        {'name': 'b', 'command': 'echo b >> order', 'depends': ['a']},
        {'name': 'a', 'command': 'echo a >> order'},
        {'name': 'd', 'command': 'echo d >> order', 'depends': ['c', 'a']},
    ])
    status(box.run('-j', 4), 0)
    equal(box.lines('order'), ['a', 'b', 'c', 'd'])
    equal(set(box.outcomes().values()), {'passed'})


@test
def failure_blocks_the_chain_behind_it(box):
    box.manifest([
        {'name': 'root', 'command': 'exit 3'},
        {'name': 'middle', 'command': 'touch ran', 'depends': ['root']},
        {'name': 'leaf', 'command': 'touch ran', 'depends': ['middle']},
        {'name': 'beside', 'command': 'true'},
    ])
    result = status(box.run(), 1)
    equal(box.outcomes(), {'root': 'failed', 'middle': 'blocked', 'leaf': 'blocked', 'beside': 'passed'})
    equal((box.dir / 'ran').exists(), False)
    contains(result.out, 'root', 'middle', 'leaf')
    equal(box.attempts('root')[0]['exit-status'], 3)
    equal(box.attempts('leaf'), [])


@test
def conditions_decide(box):
    box.manifest([
        {'name': 'good', 'command': 'true'},
        {'name': 'bad', 'command': 'false'},
        {'name': 'always-bad', 'command': 'true', 'depends': [{'test': 'bad', 'when': 'always'}]},
        {'name': 'failure-bad', 'command': 'true', 'depends': [{'test': 'bad', 'when': 'failure'}]},
        {'name': 'failure-good', 'command': 'touch ran', 'depends': [{'test': 'good', 'when': 'failure'}]},
        {'name': 'after-not-needed', 'command': 'touch ran', 'depends': ['failure-good']},
    ])
    status(box.run(), 1)
    equal(box.outcomes(), {'good': 'passed', 'bad': 'failed', 'always-bad': 'passed', 'failure-bad': 'passed',
                           'failure-good': 'skipped', 'after-not-needed': 'blocked'})
    equal((box.dir / 'ran').exists(), False)


@test
def blocked_by_a_skipped_test_is_no_failure(box):
    box.manifest([
        {'name': 'skips', 'command': 'exit 77'},
        {'name': 'behind', 'command': 'true', 'depends': ['skips']},
        {'name': 'disabled', 'command': 'false', 'disabled': 'not today'},
        {'name': 'behind-disabled', 'command': 'true', 'depends': ['disabled']},
    ])
    status(box.run(), 0)
    equal(box.outcomes(), {'skips': 'skipped', 'behind': 'blocked', 'disabled': 'skipped',
                           'behind-disabled': 'blocked'})
    equal(box.finished()['disabled']['reason'], 'disabled: not today'
          if box.finished()['disabled']['reason'].startswith('disabled') else 'not today')


@test
def exit_codes_and_signals(box):
    box.manifest([
        {'name': 'pass', 'command': 'exit 0'},
        {'name': 'fail', 'command': 'exit 1'},
        {'name': 'skip', 'command': 'exit 77'},
        {'name': 'own-skip', 'command': 'exit 5', 'skip-code': 5},
        {'name': 'not-skip', 'command': 'exit 77', 'skip-code': 5},
        {'name': 'error', 'command': 'exit 99'},
        {'name': 'crash', 'command': 'kill -SEGV $$'},
    ])
    result = status(box.run(), 1)
    equal(box.outcomes(), {'pass': 'passed', 'fail': 'failed', 'skip': 'skipped', 'own-skip': 'skipped',
                           'not-skip': 'failed', 'error': 'errored', 'crash': 'failed'})
    equal(box.attempts('crash')[0]['signal'], 11)
    contains(result.out, 'SIGSEGV')


@test
def expected_failures(box):
    box.manifest([
        {'name': 'fails', 'command': 'exit 1', 'expected-failure': True},
        {'name': 'behind', 'command': 'true', 'depends': ['fails']},
        {'name': 'skips', 'command': 'exit 77', 'expected-failure': True},
    ])
    status(box.run(), 0)
    equal(box.outcomes(), {'fails': 'expected-failure', 'behind': 'passed', 'skips': 'skipped'})
    box.manifest([
        {'name': 'passes', 'command': 'true', 'expected-failure': True},
        {'name': 'errs', 'command': 'exit 99', 'expected-failure': True},
    ])
    status(box.run(), 1)
    equal(box.outcomes(), {'passes': 'unexpected-pass', 'errs': 'errored'})


@test
def tap_decides(box):
    box.manifest([{'name': name, 'protocol': 'tap', 'command': ['printf', text]} for name, text in {
        'good': '1..2\nok 1\nok 2\n',
        'bad': '1..2\nok 1\nnot ok 2 - no\n',
        'todo': '1..1\nnot ok 1 # TODO later\n',
        'skip': '1..1\nok 1 # SKIP no database\n',
        'empty': '1..0 # SKIP nothing\n',
        'few': '1..3\nok 1\nok 2\n',
        'bail': '1..2\nok 1\nBail out! no disk\n',
        'none': '',
    }.items()] + [{'name': 'status', 'protocol': 'tap', 'command': 'echo 1..1; echo ok 1; exit 1'}])
    status(box.run(), 1)
    outcomes = box.outcomes()
    equal(outcomes, {'good': 'passed', 'bad': 'failed', 'todo': 'passed', 'skip': 'skipped', 'empty': 'skipped',
                     'few': 'errored', 'bail': 'errored', 'none': 'skipped', 'status': 'errored'})


FIXTURE = [
    {'name': 'db/start', 'command': 'echo start >> order; echo "PORT=12345" >> "$DAGSCHED_ENV"',
     'fixture': {'cleanup': 'db/stop'}},
    {'name': 'db/a', 'command': 'test "$PORT" = 12345 && echo user >> order', 'depends': ['db/start']},
    {'name': 'db/b', 'command': 'test "$PORT" = 12345 && echo user >> order', 'depends': ['db/start']},
    {'name': 'db/stop', 'command': 'echo stop >> order'},
    {'name': 'other', 'command': 'test -z "$PORT"'},
]


@test
def fixture_hands_on_values_and_is_cleaned_up(box):
    box.manifest(FIXTURE)
    status(box.run('-j', 4), 0)
    equal(box.lines('order'), ['start', 'user', 'user', 'stop'])


@test
def fixture_is_cleaned_up_after_failures(box):
    tests = json.loads(json.dumps(FIXTURE))
    tests[1]['command'] = 'exit 1'
    tests[2]['command'] = 'sleep 60'
    tests[2]['timeout'] = 0.1
    box.manifest(tests)
    status(box.run(), 1)
    equal(box.lines('order'), ['start', 'stop'])
    equal(box.outcomes()['db/stop'], 'passed')


@test
def fixture_that_fails_blocks_its_users_and_is_cleaned_up(box):
    tests = json.loads(json.dumps(FIXTURE))
    tests[0]['command'] = 'echo start >> order; exit 1'
    box.manifest(tests)
    status(box.run(), 1)
    equal(box.lines('order'), ['start', 'stop'])
    equal({name: box.outcomes()[name] for name in ('db/start', 'db/a', 'db/b')},
          {'db/start': 'failed', 'db/a': 'blocked', 'db/b': 'blocked'})


@test
def fixture_keeps_its_processes_until_its_cleanup(box):
    box.manifest([
        {'name': 'up', 'command': 'sleep 1000 & echo "SERVER=$!" > "$DAGSCHED_ENV"; echo $! > pid',
         'fixture': {'cleanup': 'down'}},
        {'name': 'use', 'command': 'kill -0 "$SERVER"', 'depends': ['up']},
        {'name': 'down', 'command': 'kill -0 "$SERVER"'},
        {'name': 'after', 'command': '! kill -0 $(cat pid) 2>/dev/null', 'depends': ['down']},
    ])
    status(box.run(), 0)
    equal(set(box.outcomes().values()), {'passed'})


@test
def retries_until_it_passes(box):
    box.manifest([
        {'name': 'second', 'command': 'echo x >> tries; test $(wc -l < tries) -ge 2', 'retries': 3, 'retry-delay': 0},
        {'name': 'behind', 'command': 'true', 'depends': ['second']},
        {'name': 'never', 'command': 'exit 1', 'retries': 2, 'retry-delay': 0},
    ])
    result = status(box.run(), 1)
    equal(box.outcomes(), {'second': 'passed', 'behind': 'passed', 'never': 'failed'})
    equal(box.finished()['second'].get('flags'), ['flaky'])
    equal([line['outcome'] for line in box.attempts('second')], ['failed', 'passed'])
    equal(len(box.attempts('never')), 3)
    equal([line['attempt'] for line in box.attempts('never')], [1, 2, 3])
    contains(result.out.lower(), 'flaky')


@test
def attempt_knows_its_number(box):
    box.manifest([{'name': 'n', 'command': 'echo $DAGSCHED_ATTEMPT $DAGSCHED_TEST >> seen; exit 1', 'retries': 1,
                   'retry-delay': 0}])
    status(box.run(), 1)
    equal(box.lines('seen'), ['1 n', '2 n'])


@test
def delay_of_a_retry_holds_no_worker(box):
    box.manifest([
        {'name': 'again', 'command': 'echo again >> order; exit 1', 'retries': 1, 'retry-delay': 1.5, 'priority': 9},
        *({'name': f't{i}', 'command': f'echo t{i} >> order'} for i in range(3)),
    ])
    status(box.run('-j', 1), 1)
    equal(box.lines('order'), ['again', 't0', 't1', 't2', 'again'])


@test
def time_outs(box):
    box.manifest([
        {'name': 'hangs', 'command': 'echo before; sleep 1000', 'timeout': 1.5},
        {'name': 'stubborn', 'command': 'trap "" TERM; sleep 1000 & while :; do wait; done', 'timeout': 0.2,
         'grace': 0.2},
        {'name': 'polite', 'command': 'trap "echo bye; exit 0" TERM; sleep 1000 & wait', 'timeout': 0.2},
        {'name': 'behind', 'command': 'true', 'depends': ['hangs']},
    ])
    result = status(box.run('-j', 3), 1)
    equal(box.outcomes(), {'hangs': 'timed-out', 'stubborn': 'timed-out', 'polite': 'timed-out',
                           'behind': 'blocked'})
    contains(result.out, 'before')


@test
def children_of_what_the_signal_kills_get_it_too(box):
    nested = 'sh -c "sh -c \'sleep 1000; true\'; true"; true'
    box.manifest([{'name': f't{i}', 'command': nested, 'timeout': 0.05, 'grace': 1000} for i in range(40)])
    status(box.run('-j', 4, '--no-stack-traces'), 1)
    equal(set(box.outcomes().values()), {'timed-out'})


@test
def handler_of_the_signal_may_start_programs(box):
    box.manifest([{'name': f't{i}', 'timeout': 1.5,
                   'command': 'trap "sh -c \'true; echo cleaned >> cleaned\'; exit 1" TERM; sleep 1000 & wait'}
                  for i in range(8)])
    status(box.run('-j', 8, '--no-stack-traces'), 1)
    equal(len(box.lines('cleaned')), 8)


@test
def what_a_test_leaves_running_ends_with_it(box):
    box.manifest([
        {'name': 'leaves', 'command': 'setsid sleep 1000 & echo $! > pid'},
        {'name': 'after', 'command': '! kill -0 $(cat pid) 2>/dev/null', 'depends': ['leaves']},
    ])
    result = status(box.run(), 0)
    equal(box.outcomes(), {'leaves': 'passed', 'after': 'passed'})
    equal(box.finished()['leaves'].get('flags'), ['leaked'])
    lacks(result.err, 'leaves')


@test
def environment_and_workdir(box):
    (box.dir / 'sub').mkdir()
    box.manifest([
        {'name': 'env', 'command': 'test "$A$B$C" = xyC && test -z "${GONE+x}"', 'env': {'A': 'x', 'B': 'y'},
         'unset-env': ['GONE']},
        {'name': 'cwd', 'command': ['sh', '-c', 'test "$(basename "$PWD")" = sub'], 'workdir': 'sub'},
        {'name': 'stdin', 'command': 'test -z "$(cat)"'},
        {'name': 'tmp', 'command': 'test -d "$TMPDIR" && test -z "$(ls -A "$TMPDIR")" && touch "$TMPDIR/x"'},
    ], defaults={'env': {'A': 'default', 'C': 'C'}})
    status(box.run(env={'GONE': 'here'}), 0)


main()
