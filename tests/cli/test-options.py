# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every option of `dagsched run` changes what it should."""

import json
import os
import re
import subprocess
import sys

from harness import contains, equal, lacks, main, need_program, status, test, usage_error


def order_tests(n=8, **members):
    return [{'name': f't{i}', 'command': f'echo t{i} >> order', **members} for i in range(n)]


def run_order(box, *arguments, **settings):
    (box.dir / 'order').unlink(missing_ok=True)
    status(box.run('-j', 1, *arguments, **settings), 0)
    return box.lines('order')


@test
def sources_are_found_named_and_joined(box):
    box.manifest([{'name': 'a', 'command': 'echo a >> order'}])
    box.manifest([{'name': 'b', 'command': 'echo b >> order'}], name='other.dagsched.json')
    status(box.run(), 0)
    equal(box.outcomes(), {'a': 'passed'})
    status(box.run('other.dagsched.json'), 0)
    equal(box.outcomes(), {'b': 'passed'})
    status(box.run('other.dagsched.json', 'dagsched.json'), 0)
    equal(box.outcomes(), {'a': 'passed', 'b': 'passed'})
    status(box.command(f'--log={box.log}', 'other.dagsched.json'), 0)
    equal(box.outcomes(), {'b': 'passed'})
    usage_error(box.run('dagsched.json', 'dagsched.json'), '"a"')


@test
def source_type_is_insisted_on(box):
    path = box.manifest([{'name': 'a', 'command': 'true'}], name='tests.txt')
    status(box.run('--source-type=manifest', path), 0)
    usage_error(box.run('--source-type=meson', path), 'tests.txt')


FILTERED = [
    {'name': 'base', 'command': 'true', 'suites': ['core']},
    {'name': 'db/one', 'command': 'true', 'depends': ['base'], 'suites': ['db']},
    {'name': 'db/two', 'command': 'true', 'depends': ['db/one'], 'suites': ['db', 'slow']},
    {'name': 'api', 'command': 'true', 'suites': ['slow']},
]


@test
def filters_select_with_what_is_needed(box):
    box.manifest(FILTERED)
    for arguments, names in {
            (): ['api', 'base', 'db/one', 'db/two'],
            ('-k', 'db/two'): ['base', 'db/one', 'db/two'],
            ('--filter=db/o*',): ['base', 'db/one'],
            ('-k', 'api', '-k', 'base'): ['api', 'base'],
            ('-k', 'db/two', '--no-deps'): ['db/two'],
            ('-x', 'db/*'): ['api', 'base'],
            ('-k', 'db/two', '-x', 'base'): ['db/one', 'db/two'],
            ('-s', 'slow'): ['api', 'base', 'db/one', 'db/two'],
            ('--suite=slow', '--no-deps'): ['api', 'db/two'],
            ('--exclude', 'api', '-s', 'core', '-s', 'slow', '--no-deps'): ['base', 'db/two'],
    }.items():
        status(box.run(*arguments), 0)
        equal(sorted(box.outcomes()), names, f'selected by {arguments}')


@test
def line_to_run_again_selects_the_same(box):
    box.manifest([{'name': 'base', 'command': 'true'}, {'name': 'top', 'command': 'exit 1', 'depends': ['base']}])
    result = status(box.run('-k', 'top', '--no-deps'), 1)
    contains(result.out, 'To run it again: dagsched run --no-deps -k top')


@test
def filter_that_matches_nothing_is_told(box):
    box.manifest(FILTERED)
    result = status(box.run('-k', 'db/one', '-k', 'bd/*'), 0)
    contains(result.err, 'warning', 'bd/*')
    equal(sorted(box.outcomes()), ['base', 'db/one'])
    box.log.unlink()
    result = status(box.run('-k', 'nothing*'), 4)
    contains(result.err, 'nothing*', 'no test is selected')
    equal(box.log.exists(), False)
    status(box.run('-s', 'nosuch'), 4)
    status(box.run('-x', '*'), 4)


@test
def selected_fixture_brings_its_cleanup(box):
    box.manifest([
        {'name': 'up', 'command': 'true', 'fixture': {'cleanup': 'down'}},
        {'name': 'use', 'command': 'true', 'depends': ['up']},
        {'name': 'down', 'command': 'true'},
        {'name': 'other', 'command': 'true'},
    ])
    status(box.run('-k', 'use'), 0)
    equal(sorted(box.outcomes()), ['down', 'up', 'use'])


@test
def overrides_are_laid_over(box):
    box.manifest([{'name': 'a', 'command': 'echo a >> order; exit 1'}, {'name': 'b', 'command': 'echo b >> order'},
                  {'name': 'c', 'command': 'exit 1'}])
    status(box.run('-j', 1), 1)
    box.overrides('one.json', {'a': {'expected-failure': True, 'depends': ['b']}, 'c': {'disabled': 'broken'}})
    (box.dir / 'order').unlink()
    status(box.run('-j', 1, '--overrides=one.json'), 0)
    equal(box.lines('order'), ['b', 'a'])
    equal(box.outcomes(), {'a': 'expected-failure', 'b': 'passed', 'c': 'skipped'})
    box.overrides('two.json', {'a': {'expected-failure': False}})
    status(box.run('--overrides=one.json', '--overrides=two.json'), 1)
    usage_error(box.run('--overrides=missing.json'), 'missing.json')


@test
def order_declaration(box):
    box.manifest(order_tests())
    equal(run_order(box, '--order=declaration'), [f't{i}' for i in range(8)])


@test
def order_random_follows_its_seed(box):
    box.manifest(order_tests(12))
    first = run_order(box, '--order=random:1')
    equal(sorted(first), sorted(f't{i}' for i in range(12)))
    equal(run_order(box, '--order=random:1'), first)
    equal(any(run_order(box, f'--order=random:{seed}') != first for seed in (2, 3)), True)


@test
def order_random_prints_the_seed_it_chose(box):
    box.manifest(order_tests(12))
    result = status(box.run('-j', 1, '--order=random', '-q'), 0)
    first = box.lines('order')
    seed = re.search(r'--order=(random:\d+)', result.err).group(1)
    equal(run_order(box, f'--order={seed}'), first)


@test
def order_critical_path_and_longest(box):
    box.manifest([
        {'name': 'short', 'command': 'echo short >> order', 'weight': 1},
        {'name': 'long', 'command': 'echo long >> order', 'weight': 50},
        {'name': 'head', 'command': 'echo head >> order', 'weight': 10},
        {'name': 'tail', 'command': 'echo tail >> order', 'weight': 60, 'depends': ['head']},
    ])
    for order, names in {'critical-path': ['head', 'tail', 'long', 'short'], 'auto': ['head', 'tail', 'long', 'short'],
                         'longest': ['long', 'head', 'tail', 'short'],
                         'declaration': ['short', 'long', 'head', 'tail']}.items():
        no_history = {'XDG_STATE_HOME': str(box.dir / order)}
        equal(run_order(box, f'--order={order}', env=no_history), names, order)


@test
def order_learns_from_history(box):
    box.manifest([{'name': 'quick', 'command': 'echo quick >> order'},
                  {'name': 'slow', 'command': 'sleep 0.3; echo slow >> order'}])
    run_order(box, '--order=declaration')
    equal(run_order(box, '--order=longest'), ['slow', 'quick'])


@test
def repeat_runs_everything_again(box):
    box.manifest([{'name': 'a', 'command': 'echo a >> order'},
                  {'name': 'b', 'command': 'echo b >> order', 'depends': ['a']}])
    status(box.run('--repeat', 3), 0)
    equal(sorted(box.lines('order')), ['a'] * 3 + ['b'] * 3)
    equal(len(box.outcomes()), 6)


@test
def retries_for_tests_that_do_not_say(box):
    box.manifest([
        {'name': 'says', 'command': 'echo says >> tries; exit 1', 'retries': 0},
        {'name': 'silent', 'command': 'echo silent >> tries; test $(grep -c silent tries) -ge 2', 'retry-delay': 0},
    ])
    status(box.run(), 1)
    (box.dir / 'tries').unlink()
    status(box.run('--retries', 2), 1)
    equal(sorted(box.lines('tries')), ['says', 'silent', 'silent'])
    equal(box.outcomes(), {'says': 'failed', 'silent': 'passed'})


@test
def flaky_passes_or_fails(box):
    for verdict, expected in {'pass': 0, 'fail': 1}.items():
        box.manifest([{'name': 'f', 'command': f'test -e {verdict} || {{ touch {verdict}; exit 1; }}', 'retries': 1,
                       'retry-delay': 0}])
        result = status(box.run(f'--flaky={verdict}'), expected)
        equal(box.outcomes(), {'f': 'passed'})
        equal('Flaky tests count as failures' in result.out, expected == 1, result.out)


@test
def max_failures_stops(box):
    box.manifest([{'name': f't{i}', 'command': f'echo t{i} >> order; exit 1'} for i in range(6)])
    status(box.run('-j', 1, '--order=declaration', '--max-failures', 2), 1)
    equal(box.lines('order'), ['t0', 't1'])
    outcomes = box.outcomes()
    equal([outcomes[f't{i}'] for i in range(6)], ['failed'] * 2 + ['cancelled'] * 4)
    (box.dir / 'order').unlink()
    result = status(box.run('-j', 1, '--max-failures', 1), 1)
    equal('Stopped after the first failure' in result.out, True, result.out)
    (box.dir / 'order').unlink()
    status(box.run('-j', 1, '--max-failures', 0), 1)
    equal(len(box.lines('order')), 6)


@test
def max_failures_still_cleans_up(box):
    box.manifest([
        {'name': 'up', 'command': 'true', 'fixture': {'cleanup': 'down'}},
        {'name': 'bad', 'command': 'exit 1', 'depends': ['up'], 'priority': 1},
        {'name': 'later', 'command': 'echo later >> order', 'depends': ['up']},
        {'name': 'down', 'command': 'echo down >> order'},
    ])
    status(box.run('-j', 1, '--max-failures', 1), 1)
    equal(box.lines('order'), ['down'])


@test
def max_time_stops_and_cleans_up(box):
    box.manifest([
        {'name': 'up', 'command': 'true', 'fixture': {'cleanup': 'down'}},
        {'name': 'hangs', 'command': 'sleep 1000', 'depends': ['up']},
        {'name': 'behind', 'command': 'true', 'depends': ['hangs']},
        {'name': 'down', 'command': 'echo down >> order'},
    ])
    status(box.run('--max-time', 2), 1)
    equal(box.lines('order'), ['down'])
    equal(box.outcomes()['hangs'], 'cancelled')
    equal(box.outcomes()['down'], 'passed')


@test
def timeout_multiplier_multiplies(box):
    box.manifest([{'name': 'a', 'command': 'sleep 0.4', 'timeout': 0.1}])
    status(box.run(), 1)
    equal(box.outcomes(), {'a': 'timed-out'})
    status(box.run('--timeout-multiplier', 100), 0)
    status(box.run('--timeout-multiplier', 0), 0)
    box.manifest([{'name': 'a', 'command': 'sleep 100', 'timeout': 100}])
    status(box.run('--timeout-multiplier', 0.001), 1)


@test
def stack_traces_say_where_it_hangs(box):
    box.write('bin/eu-stack', '#!/bin/sh\necho "$@" >> asked; echo "#0 hangs_here"\n', 0o755)
    box.manifest([{'name': 'a', 'command': 'echo before >&2; exec sleep 1000', 'timeout': 0.2}])
    env = {**box.env, 'PATH': f'{box.dir}/bin:{box.env["PATH"]}'}
    result = status(box.run('--junit=report.xml', env=env), 1)
    contains(result.out, 'before', 'this is where it was:', ': sleep 1000', '#0 hangs_here')
    contains((box.dir / 'report.xml').read_text(), '#0 hangs_here')
    equal(len(box.lines('asked')), 1)
    status(box.run('--no-stack-traces', env=env), 1)
    equal(len(box.lines('asked')), 1)
    equal(box.attempts('a')[0]['stderr'], 'before\n')


@test
def wrapper_goes_before_commands(box):
    box.write('wrap me', '#!/bin/sh\necho "$1" >> wrapped; shift; exec "$@"\n', 0o755)
    box.manifest([{'name': 'a', 'command': 'echo a >> order'}])
    status(box.run('--wrapper', f"'{box.dir}/wrap me' 'two words'"), 0)
    equal(box.lines('wrapped'), ['two words'])
    equal(box.lines('order'), ['a'])


@test
def output_limit_cuts(box):
    box.manifest([{'name': 'a', 'command': 'echo first; yes | head -c 100000; echo last; exit 1'}])
    status(box.run('--output-limit', '2K'), 1)
    attempt = box.attempts('a')[0]
    equal('truncated' in box.finished()['a'].get('flags', []) + attempt.get('flags', []), True)
    equal(len(attempt['stdout']) < 6000, True)
    contains(attempt['stdout'], 'first', 'last')
    status(box.run(), 1)
    equal(len(box.attempts('a')[0]['stdout']) > 100000, True)


@test
def run_output_limit_cuts_what_comes_late(box):
    tests = [{'name': f'{i}', 'command': 'yes | head -c 10000; echo last'} for i in range(20)]
    box.manifest(tests)
    status(box.run('-j1', '--run-output-limit', '64K'), 0)
    sizes = [len(box.attempts(str(i))[0].get('stdout', '')) for i in range(20)]
    equal(sizes[:4], [10005] * 4)
    # At least a little is kept of each.
    equal(sum(sizes) < 65536 + 20 * 1100, True, sizes)
    for i in range(20):
        contains(box.attempts(str(i))[0]['stdout'], 'last')
    equal('truncated' in box.finished()['19']['flags'], True)
    status(box.run('-j1'), 0)
    equal(sum(len(box.attempts(str(i))[0]['stdout']) for i in range(20)), 20 * 10005)
    usage_error(box.run('--run-output-limit', 'much'), '--run-output-limit', 'much')


SPINS = 'echo spins; while :; do :; done'
IGNORES = 'trap "" XCPU; while :; do :; done'
EATS = [sys.executable, '-c', 'b = bytearray(300 << 20)']
OPENS = [sys.executable, '-c', 'f = [open("/dev/null") for _ in range(100)]']
FORKS = 'for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait'


def limited(box, limit, value, command, **members):
    """What becomes of a test under a limit, by its member and by the option; and without."""
    results = []
    for arguments, extra in (((), {limit: value}), ((f'--{limit}={value}',), {}), ((), {limit: value * 1000})):
        box.manifest([{'name': 'a', 'command': command, 'grace': 0, **members, **extra}])
        box.run(*arguments)
        results.append((box.outcomes()['a'], box.finished()['a'].get('reason', '')))
    equal(results[0], results[1])
    return results


@test
def cpu_limit_ends_what_spins(box):
    limited_by, _, without = limited(box, 'cpu-limit', 1, SPINS, timeout=3)
    equal(limited_by, ('failed', 'took more than 1 s of processor time (cpu-limit)'))
    equal(without[0], 'timed-out')


@test
def memory_and_open_files_are_limited(box):
    limited_by, _, without = limited(box, 'memory-limit', 100 << 20, EATS)
    equal(limited_by, ('failed', f'exit status 1 (limits of each process: {100 << 20} bytes of data)'))
    equal(without, ('passed', ''))
    limited_by, _, without = limited(box, 'open-files-limit', 50, OPENS)
    equal(limited_by, ('failed', 'exit status 1 (limits of each process: 50 open files)'))
    equal(without, ('passed', ''))


@test
def process_limit_ends_what_forks(box):
    limited_by, _, without = limited(box, 'process-limit', 5, FORKS, timeout=2)
    equal(limited_by, ('failed', 'had more than 5 processes (process-limit)'))
    equal(without[0], 'timed-out')
    # As many as it may have are no reason.
    box.manifest([{'name': 'a', 'command': 'sleep 0.2 & sleep 0.2 & wait', 'process-limit': 3}])
    status(box.run(), 0)


@test
def nothing_is_counted_while_a_test_is_being_stopped(box):
    """Its slot sleeps through the grace: what it takes of the processor meanwhile is next to nothing."""
    box.manifest([{'name': 'a', 'timeout': 0.2, 'grace': 20, 'process-limit': 10,
                   'command': 'trap "sleep 1; cut -d\\  -f14,15 /proc/$PPID/stat > spent; exit 1" TERM; '
                              'while :; do sleep 0.05; done'}])
    status(box.run(), 1)
    equal(box.outcomes(), {'a': 'timed-out'})
    ticks = sum(int(word) for word in box.lines('spent')[0].split())
    equal(ticks < os.sysconf('SC_CLK_TCK') / 5, True, f'{ticks} ticks in a second of grace')


@test
def fork_bomb_is_ended(box):
    box.manifest([{'name': 'bomb', 'command': 'b() { b & b & wait; }; b', 'process-limit': 100},
                  {'name': 'good', 'command': 'true'}])
    status(box.run('-j2'), 1)
    equal(box.outcomes(), {'bomb': 'failed', 'good': 'passed'})
    contains(box.finished()['bomb']['reason'], 'process-limit')


@test
def artifacts_of_failures_are_kept(box):
    box.manifest([{'name': 'good', 'command': 'mkdir "$DAGSCHED_ARTIFACTS/sub"; echo x > "$DAGSCHED_ARTIFACTS/sub/core"'},
                  {'name': 'bad', 'command': 'echo x > "$DAGSCHED_ARTIFACTS/core"; exit 1', 'workdir': '/'}])
    status(box.run('--artifacts-dir', 'kept'), 1)
    found = [os.path.join(root, name) for root, _, names in os.walk(box.dir / 'kept') for name in names]
    equal(len(found), 1, 'kept files')
    equal(os.path.samefile(os.path.dirname(found[0]), box.attempts('bad')[0]['artifacts']), True)


@test
def names_do_not_lead_out_of_the_artifacts(box):
    names = ['../outside', '..', '/outside', '.hidden', 'a/../../outside', 'a%2Fb', 'x' * 300]
    box.manifest([{'name': name, 'command': 'echo x > "$DAGSCHED_ARTIFACTS/core"; exit 1'} for name in names])
    before = set(os.listdir(box.dir))
    status(box.run('--artifacts-dir', 'kept'), 1)
    equal(set(os.listdir(box.dir)) - before - {'run.jsonl', 'state'}, {'kept'})
    kept = {os.path.realpath(box.attempts(name)[0]['artifacts']) for name in names}
    equal(len(kept), len(names), 'each has its own')
    equal({os.path.dirname(path) for path in kept}, {os.path.realpath(box.dir / 'kept')})
    equal(all(os.path.isfile(os.path.join(path, 'core')) for path in kept), True)


@test
def color_always_never_auto(box):
    box.manifest([{'name': 'a', 'command': 'false'}])
    contains(status(box.run('--color=always'), 1).out, '\033[')
    contains(status(box.run('--color=always', env={'NO_COLOR': '1', 'TERM': 'dumb'}), 1).out, '\033[')
    lacks(status(box.run('--color=never'), 1).out, '\033')
    lacks(status(box.run(), 1).out, '\033')


def on_a_terminal(box, *arguments, **env):
    """What a run writes to a terminal of 80 columns."""
    need_program('script')
    words = ' '.join([os.environ['DAGSCHED'], 'run', *arguments])
    command = f'stty cols 80 rows 24; {words}; echo "status $?"'
    done = subprocess.run(['script', '-qec', command, '/dev/null'], env={**box.env, **env}, cwd=box.dir,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return done.stdout.decode()


@test
def terminal_is_coloured_unless_told_otherwise(box):
    box.manifest([{'name': 'a', 'command': 'echo why; sleep 0.3; false'}])
    out = on_a_terminal(box)
    contains(out, '\033[', 'why', 'status 1')
    sgr = re.compile('\033\\[[0-9;]*m')
    equal(bool(sgr.search(out)), True, 'colours')
    for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
        equal(sgr.findall(on_a_terminal(box, **env)), [], f'colours with {env}')
    equal(sgr.findall(on_a_terminal(box, '--color=never')), [], 'colours with --color=never')
    lacks(on_a_terminal(box, TERM='dumb'), '\033')


@test
def verbose_says_more_and_quiet_less(box):
    box.manifest([{'name': 'good', 'command': 'echo the-answer'},
                  {'name': 'bad', 'command': 'echo the-reason; exit 1'}])
    verbose = status(box.run('--verbose'), 1).out
    usual = status(box.run(), 1).out
    quiet = status(box.run('--quiet'), 1).out
    contains(verbose, 'good', 'the-answer', 'bad', 'the-reason')
    contains(usual, 'good', 'bad', 'the-reason')
    lacks(usual, 'the-answer')
    contains(quiet, 'bad', 'the-reason')
    lacks(quiet, 'good', 'the-answer')
    equal(status(box.run('-v'), 1).out.count('\n'), verbose.count('\n'))
    equal(status(box.run('-q'), 1).out.count('\n'), quiet.count('\n'))


@test
def output_on_failure(box):
    box.manifest([{'name': 'a', 'command': 'echo the-reason; echo the-error >&2; exit 1'},
                  {'name': 'b', 'command': 'echo unasked'}])
    contains(status(box.run(), 1).out, 'the-reason', 'the-error')
    contains(status(box.run('--output-on-failure'), 1).out, 'the-reason')
    lacks(status(box.run('--no-output-on-failure'), 1).out, 'the-reason', 'the-error')
    contains(status(box.run('--no-output-on-failure', '--output-on-failure'), 1).out, 'the-reason')
    lacks(status(box.run(), 1).out, 'unasked')


@test
def log_goes_to_the_state_directory_by_default(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    status(box.command('run'), 0)
    status(box.command('run'), 0)
    logs = list((box.state / 'dagsched' / 'runs').iterdir())
    equal(len([path for path in logs if path.suffix == '.jsonl']), 2)
    box.manifest([{'name': 'a', 'command': 'false'}])
    told = re.search('^Log: (.*)$', status(box.command('run'), 1).out, re.MULTILINE).group(1)
    contains(open(told, encoding='utf-8').read(), '"failed"')
    lacks(status(box.command('run', '-q'), 1).out + status(box.run(), 1).out, 'Log:')
    for arguments in (('--tap=-',), ('--junit=-',), ('--format=tap',), ('--format=jsonl',)):
        lacks(status(box.command('run', *arguments), 1).out, 'Log:')
    contains(status(box.command('run', '--tap=-'), 1).err, 'Log:')


@test
def rebuild_builds_first(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    status(box.run('--rebuild'), 0)
    equal(box.outcomes(), {'a': 'passed'})


main()
