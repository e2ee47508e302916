#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""dagsched-bench with tiny parameters: each measurement says what it should, and nothing is timed."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SOURCE = Path(os.environ['G_TEST_SRCDIR'])
sys.path.insert(0, str(SOURCE / 'cli'))

from harness import Result, Skip, contains, equal, lacks, main, status, test, PATIENCE  # noqa: E402

HAS_ONETBB = os.environ['BENCH_HAS_ONETBB'] == '1'
HAS_HEAP = os.environ['BENCH_HAS_HEAP'] == '1'

RIVALS = {'onetbb', 'gthreadpool', 'polling', 'gcond_p50', 'gcond_p99', 'posix_spawn', 'ninja', 'make', 'ctest',
          'meson', 'xargs', 'json_glib', 'unobserved', 'best'}

# One line per measurement: enough to run all of it.
TINY = {
    'throughput': ['--tests=100', '--rounds=2'],
    'scale': ['--tests=200', '--workers=2', '--rounds=1', '--shape=bintree'],
    'ordered': ['--tests=100', '--rounds=2'],
    'latency': ['--tests=5', '--rounds=2'],
    'idle': ['--tests=10', '--workers=4', '--rounds=2', '--seconds=0.02'],
    'spawn': ['--tests=4', '--rounds=1', '--rivals=posix_spawn,make,xargs'],
    'observe': ['--tests=30', '--rounds=1'],
    'memory': ['--tests=500'],
    'load': ['--tests=50', '--rounds=2'],
    'log': ['--tests=50', '--rounds=2'],
    'contention': ['--tests=24', '--rounds=1'],
    'makespan': ['--tests=40', '--rounds=2', '--workers=3'],
}
TINY_SET = ['--tests=50', '--rounds=1', '--seconds=0.02']


def bench(box, *arguments):
    tmp = box.dir / 'tmp'
    tmp.mkdir(exist_ok=True)
    process = subprocess.run([os.environ['DAGSCHED_BENCH'], *arguments], env={**box.env, 'TMPDIR': str(tmp)}, cwd=box.dir,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE, check=False)
    return Result(process.returncode, process.stdout, process.stderr)


def measure(box, name, *arguments):
    """The object that a measurement prints; what any of them must look like is checked here."""
    if name == 'memory' and not HAS_HEAP:
        raise Skip('the allocator of this build can not be measured')
    result = status(bench(box, name, '--format=json', *(arguments or TINY[name])), 0)
    found = json.loads(result.out)
    equal(sorted(found), ['benchmark', 'figures', 'parameters', 'ratios'], 'members')
    equal(found['benchmark'], name)
    equal(bool(found['figures']), True, 'there are figures')
    for figure, values in found['figures'].items():
        equal(sorted(values), ['max', 'median', 'min', 'unit'], figure)
        equal(0 <= values['min'] <= values['median'] <= values['max'] < math.inf, True, f'order of {values}')
        equal(bool(values['unit']), True, f'unit of {figure}')
    for rival, ratio in found['ratios'].items():
        equal(rival in RIVALS, True, f'{rival} is a rival')
        equal(0 <= ratio < math.inf, True, f'{rival}: {ratio}')
    return found


def median(found, figure):
    return found['figures'][figure]['median']


def equal_ratio(found, rival, ours, theirs):
    expected = median(found, ours) / median(found, theirs)
    equal(math.isclose(found['ratios'][rival], expected), True, f'ratio to {rival}')


def measurements(box):
    """The names that --help lists."""
    text = status(bench(box, '--help'), 0).out
    lines = text.partition('Measurements:\n')[2].partition('\n\n')[0].splitlines()
    return [line.split()[0] for line in lines]


@test
def tiny_parameters_for_each_measurement(box):
    equal(sorted(measurements(box)), sorted(TINY), 'measurements that are tested')


@test
def throughput_of_each_shape(box):
    for shape in ('chain', 'independent', 'bintree', 'layered'):
        found = measure(box, 'throughput', '--tests=60', '--rounds=2', f'--shape={shape}')
        equal(found['parameters']['shape'], shape)
        equal(found['parameters']['tests'], 60)
        # Each contestant ran each of them, and in its turn: else there would be no figure at all.
        equal(found['parameters']['checked-tests'], 60)
        equal('polling-tests' in found['parameters'], shape == 'chain', 'polling got fewer')
        for rival in found['ratios']:
            equal_ratio(found, rival, 'dagsched', rival)
        equal(set(found['ratios']), {'gthreadpool', 'polling'} | ({'onetbb'} if HAS_ONETBB else set()))
        equal(median(found, 'dagsched') <= median(found, 'dagsched_wall'), True, 'part of the whole')


@test
def timestamps_and_workers(box):
    found = measure(box, 'throughput', *TINY['throughput'], '--timestamps', '--workers=3')
    equal(found['parameters']['timestamps'], True)
    equal(found['parameters']['workers'], 3)
    equal(found['parameters']['rounds'], 2)


@test
def rivals_that_are_left_out(box):
    found = measure(box, 'throughput', *TINY['throughput'], '--rivals=none')
    equal(found['ratios'], {})
    equal(sorted(found['figures']), ['dagsched', 'dagsched_cpu', 'dagsched_plan', 'dagsched_wall',
                                     'dagsched_workers_cpu'])

    found = measure(box, 'throughput', *TINY['throughput'], '--rivals=polling,gthreadpool')
    equal(sorted(found['ratios']), ['gthreadpool', 'polling'])
    lacks(json.dumps(found), 'onetbb')


@test
def a_rival_that_is_not_built(box):
    if HAS_ONETBB:
        raise Skip('oneTBB is built')
    for name in TINY:
        if name != 'memory' or HAS_HEAP:
            lacks(json.dumps(measure(box, name)), 'onetbb')
    equal(bench(box, 'throughput', '--rivals=onetbb').status, 2)


@test
def scale(box):
    found = measure(box, 'scale', '--tests=100000', '--workers=1', '--rounds=1', '--shape=independent', '--rivals=none')
    equal(sorted(found['figures']), ['dagsched_independent_100000_1w', 'dagsched_independent_10000_1w',
                                     'dagsched_independent_1000_1w', 'growth', 'growth_independent_1w'])
    growth = median(found, 'dagsched_independent_100000_1w') / median(found, 'dagsched_independent_10000_1w')
    equal(math.isclose(median(found, 'growth'), growth), True, 'growth from 10000 on')

    found = measure(box, 'scale')
    equal([name for name in found['figures'] if name.startswith('dagsched')],
          ['dagsched_bintree_200_1w', 'dagsched_bintree_200_2w'])
    if HAS_ONETBB:
        worst = max(median(found, f'dagsched_bintree_200_{n}w') / median(found, f'onetbb_bintree_200_{n}w')
                    for n in (1, 2))
        equal(math.isclose(found['ratios']['onetbb'], worst), True, 'the worst ratio')


@test
def ordered(box):
    found = measure(box, 'ordered')
    equal(set(found['ratios']), {'onetbb'} if HAS_ONETBB else set())
    equal(math.isclose(found['figures']['dagsched_rate']['max'], 1e9 / found['figures']['dagsched']['min']), True)


@test
def latency(box):
    found = measure(box, 'latency')
    equal(sorted(found['ratios']), ['gcond_p50', 'gcond_p99'])
    for quantile in ('p50', 'p99'):
        equal_ratio(found, f'gcond_{quantile}', f'dagsched_{quantile}', f'gcond_{quantile}')
    equal(0 < median(found, 'handoffs') <= 5, True, 'tests were handed over')
    equal(0 < median(found, 'dagsched_p50') <= median(found, 'dagsched_p99'), True)


@test
def idle(box):
    found = measure(box, 'idle')
    equal(sorted(found['figures']), ['dagsched_cpu', 'dagsched_switches', 'polling_cpu', 'polling_switches'])
    equal(median(found, 'dagsched_switches'), 0, 'parked workers stay parked')
    equal(found['figures']['polling_cpu']['max'] > 0, True, 'polling costs something')


@test
def spawn(box):
    found = measure(box, 'spawn', '--tests=3', '--rounds=2')
    installed = {name for name in ('ninja', 'make', 'ctest', 'meson', 'xargs') if shutil.which(name)}
    # Each contestant ran a command that counts: else there would be no figure at all.
    equal(set(found['ratios']), installed | {'posix_spawn'})
    for rival in found['ratios']:
        equal_ratio(found, rival, 'dagsched', rival)
    equal('posix_spawn_pipes' in found['figures'], True)
    equal(list((box.dir / 'tmp').iterdir()), [], 'what is left behind')

    equal(sorted(measure(box, 'spawn', '--tests=2', '--rounds=1', '--rivals=none')['figures']), ['dagsched'])


@test
def a_command_that_does_not_run(box):
    box.env['DAGSCHED_AGENT'] = str(box.dir / 'missing')
    result = status(bench(box, 'spawn', *TINY['spawn']), 3)
    contains(result.err, 'dagsched: exit status 3')


@test
def observe(box):
    found = measure(box, 'observe', '--tests=25', '--rounds=2')
    # The observer saw all tests pass: else there would be no figure at all.
    equal(sorted(found['figures']), ['attach'] + [f'{setting}_{what}' for setting in ('observed', 'stopped', 'unobserved')
                                                  for what in ('cpu', 'telling', 'wall')])
    equal_ratio(found, 'unobserved', 'observed_cpu', 'unobserved_cpu')
    equal(list((box.dir / 'tmp').iterdir()), [], 'what is left behind')


@test
def memory(box):
    found = measure(box, 'memory')
    for figure in ('model', 'plan', 'engine', 'engine_timestamps'):
        equal(0 < median(found, figure) < 100000, True, figure)
    equal(math.isclose(median(found, 'dagsched'), median(found, 'model') + median(found, 'plan_engine')), True, 'sum')
    equal(set(found['ratios']), {'onetbb'} if HAS_ONETBB else set())


@test
def log(box):
    found = measure(box, 'log')
    equal(found['parameters']['lines'], 202, 'a header, four lines a test, an end')
    equal(set(found['ratios']), {'json_glib'})
    equal_ratio(found, 'json_glib', 'dagsched_lines', 'json_glib')
    equal(found['figures']['load']['min'] > 0 and found['figures']['replay']['min'] > 0, True, 'seconds')
    equal(list(Path(box.dir).glob('**/log.jsonl')), [], 'nothing is left')


@test
def load(box):
    found = measure(box, 'load')
    equal(found['ratios'], {})
    equal(median(found, 'dagsched_load') < found['figures']['dagsched']['max'], True, 'part of the whole')
    equal(list(Path(box.dir).glob('**/dagsched.json')), [], 'nothing is left')


@test
def contention(box):
    found = measure(box, 'contention')
    # 24 bodies of 1 ms on two workers; the key that is needed most by 10 of them.
    equal(median(found, 'best'), 12)
    equal(found['ratios']['best'] >= 1, True, 'nobody is better than the best')
    found = measure(box, 'contention', '--tests=24', '--rounds=1', '--workers=12')
    equal(median(found, 'best'), 10)


ORDERS = ('default', 'critical_path', 'longest', 'declaration', 'random')
FAMILIES = ('layered', 'fork_join', 'fan', 'out_tree', 'shared', 'contention', 'build', 'glib')


@test
def makespan(box):
    found = measure(box, 'makespan')
    wanted = {f'{order}_{family}' for order in ORDERS for family in FAMILIES} | set(ORDERS) | {'bound'}
    equal(set(found['figures']), wanted)
    for name, figure in found['figures'].items():
        equal(figure['min'] >= 1, True, f'{name} does not beat the bound')
    equal_ratio(found, 'best', 'default', 'bound')
    equal(found['figures']['declaration']['max'],
          max(found['figures'][f'declaration_{family}']['max'] for family in FAMILIES))
    equal(found['figures']['random']['max'] > 1, True, 'not every order is the best')


@test
def makespan_is_the_same_for_the_same_seed(box):
    arguments = ['makespan', *TINY['makespan'], '--format=json']
    once = status(bench(box, *arguments, '--seed=7'), 0).out
    equal(status(bench(box, *arguments, '--seed=7'), 0).out, once)
    other = json.loads(status(bench(box, *arguments, '--seed=8'), 0).out)['figures']
    equal(other['random_layered'] == json.loads(once)['figures']['random_layered'], False, 'another seed')
    equal(other['longest_build'], json.loads(once)['figures']['longest_build'], 'records have no seed')


def write_log(path, tests):
    """A log of NAME, SECONDS, DEPENDENCIES each."""
    lines = [{'dagsched-log': 1, 'version': '1.0.0', 'started-at': '2026-01-01T00:00:00.000000Z',
              'n-tests': len(tests), 'n-workers': 1}]
    for number, (name, _, depends) in enumerate(tests):
        lines.append({'test': number, 'name': name, 'depends': [[other, 'success'] for other in depends]})
    for number, (_, seconds, _) in enumerate(tests):
        lines.append({'event': 'attempt', 'test': number, 'time': seconds, 'attempt': 1, 'outcome': 'passed',
                      'start': 0, 'duration': seconds})
    path.write_text(''.join(json.dumps(line) + '\n' for line in lines))


@test
def makespan_of_a_log(box):
    # In the order in which they stand here the way c1, c2 begins when all others have ended: 9 s.
    write_log(box.dir / 'chain.jsonl', [('a', 1.5, []), ('b', 1.5, []), ('c', 1.5, []), ('d', 1.5, []),
                                        ('c1', 3, []), ('c2', 3, [4])])
    found = measure(box, 'makespan', '--log=chain.jsonl', '--workers=2')
    for order, ratio in [('default', 1), ('critical_path', 1), ('longest', 1), ('declaration', 1.5)]:
        equal(median(found, f'{order}_chain'), ratio, order)
    equal(set(found['figures']), {f'{order}_chain' for order in ORDERS} | set(ORDERS) | {'bound'})

    # With other numbers of workers: the way of 6 s is all that counts from three on.
    found = measure(box, 'makespan', '--log=chain.jsonl', '--log=chain.jsonl')
    equal(found['figures']['declaration_chain']['max'], 1.5)
    equal(found['figures']['declaration_chain']['median'], 1)

    result = status(bench(box, 'makespan', '--log=missing.jsonl'), 3)
    contains(result.err, 'missing.jsonl')


@test
def formats(box):
    arguments = ['throughput', *TINY['throughput']]
    table = status(bench(box, *arguments), 0).out
    contains(table, 'throughput (shape layered, tests 100,', 'dagsched_wall', 'ns/test')
    lacks(table, '|')
    markdown = status(bench(box, *arguments, '--format=markdown'), 0).out
    contains(markdown, '### throughput', '| figure ', '| rival ', '-: |')
    for line in markdown.splitlines()[1:]:
        equal(line == '' or line.startswith('| ') and line.endswith(' |'), True, f'table: {line!r}')


@test
def bad_usage(box):
    for arguments, message in [
            (['thruput'], 'there is no measurement "thruput"'),
            (['throughput', 'latency'], 'one measurement at a time'),
            (['throughput', '--no-such-option'], '--no-such-option'),
            (['throughput', '--tests'], '--tests'),
            (['throughput', '--tests=0'], '"0" is not a number from 1'),
            (['throughput', '--tests=-1'], '"-1" is not a number'),
            (['throughput', '--tests=1e6'], '"1e6" is not a number'),
            (['throughput', '--tests=99999999999999999999'], 'is not a number'),
            (['throughput', '--workers=many'], '"many" is not a number'),
            (['throughput', '--rounds='], '"" is not a number'),
            (['throughput', '--shape=star'], '"star" is not chain, independent, bintree or layered'),
            (['throughput', '--rivals=nobody'], '"nobody" is not a rival'),
            (['throughput', '--format=xml'], '"xml" is not table, json or markdown'),
            (['throughput', '--seconds=1'], 'throughput takes no --seconds'),
            (['throughput', '--output-dir=.'], 'throughput takes no --output-dir'),
            (['latency', '--shape=chain'], 'latency takes no --shape'),
            (['latency', '--workers=1'], 'second worker'),
            (['idle', '--seconds=0'], '"0" is not a number of seconds'),
            (['idle', '--seconds=nan'], 'is not a number of seconds'),
            (['--workers=2'], 'the short set takes no --workers'),
            (['--output-dir=/dev/null/reports'], "can't create /dev/null/reports: Not a directory")]:
        result = status(bench(box, *arguments), 2)
        contains(result.err, 'dagsched-bench: ', message)
        equal(result.out, '', f'standard output of {arguments}')


@test
def the_short_set(box):
    reports = box.dir / 'new' / 'reports'
    result = bench(box, *TINY_SET, f'--output-dir={reports}')
    status(result, 0 if HAS_HEAP else 3)
    report = (reports / 'report.md').read_text()
    for text in (result.out, report):
        contains(text, 'gthreadpool', 'gcond_p99', 'polling', 'best', 'processor', 'kernel', 'compiler')
        equal('onetbb' in text, HAS_ONETBB, 'rows of oneTBB')
        equal('not measured' in text, not HAS_HEAP, 'all was measured')
    chart = ElementTree.fromstring((reports / 'report.svg').read_text())
    shown = [element.text for element in chart.iter('{http://www.w3.org/2000/svg}text')]
    for line in report.splitlines():
        cells = [cell.strip() for cell in line.split('|')]
        if len(cells) == 7 and cells[2] in RIVALS:
            equal(f'{cells[1]} / {cells[2]}' in shown, True, f'{line} in the chart')


@test
def the_short_set_as_json(box):
    result = bench(box, *TINY_SET, '--rivals=none', '--format=json',
                   f'--output-dir={box.dir}')
    status(result, 0 if HAS_HEAP else 3)
    found = json.loads(result.out)
    equal(sorted(found), ['benchmark', 'machine', 'results'])
    equal({entry['benchmark'] for entry in found['results']} | (set() if HAS_HEAP else {'memory'}), set(TINY))
    for entry in found['results']:
        equal(set(entry['ratios']) <= {'best', 'gcond_p50', 'gcond_p99', 'json_glib', 'unobserved'}, True, 'no rival but what is built in')


@test
def the_manual_names_everything(box):
    manual = (SOURCE.parent / 'docs' / 'benchmarks.md').read_text()
    contains(manual, *(f'`{name}`' for name in measurements(box)), *(f'`{name}`' for name in RIVALS))
    options = re.findall(r'^  (--[a-z-]+)', status(bench(box, '--help'), 0).out, flags=re.MULTILINE)
    equal(len(options) > 5, True, 'options that --help lists')
    contains(manual, *options)


main()
