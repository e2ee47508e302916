# SPDX-License-Identifier: LGPL-2.1-or-later
"""list, check, graph and convert to a manifest. What they print stays: golden files say what.

DAGSCHED_UPDATE_GOLDEN=1 writes the golden files anew.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from harness import Skip, contains, equal, lacks, main, need_program, status, test

GOLDEN = Path(os.environ['G_TEST_SRCDIR']) / 'cli' / 'golden'


def golden(name, text, box):
    text = text.replace(str(box.dir), '@DIR@')
    path = GOLDEN / name
    if os.environ.get('DAGSCHED_UPDATE_GOLDEN'):
        path.write_text(text)
    read = json.loads if path.suffix == '.json' else str  # how JSON is laid out is its library's business
    equal(read(text), read(path.read_text()), f'{name} differs')


def suite(box):
    shutil.copy(GOLDEN / 'suite.json', box.dir / 'dagsched.json')


@test
def list_prints_names_suites_and_remarks(box):
    suite(box)
    golden('list.txt', status(box.command('list'), 0).out, box)


@test
def list_as_json(box):
    suite(box)
    text = status(box.command('list', '--format=json'), 0).out
    golden('list.json', text, box)
    names = [entry['name'] for entry in json.loads(text)['tests']]
    equal(names, [line.split('  ')[0] for line in status(box.command('list'), 0).out.splitlines()])


@test
def graph_as_json(box):
    suite(box)
    text = status(box.command('graph', '--format=json'), 0).out
    golden('graph.json', text, box)
    graph = json.loads(text)
    names = {entry['name'] for entry in graph['tests']}
    equal({edge[end] for edge in graph['dependencies'] for end in ('dependent', 'dependency')} <= names, True)


@test
def graph_as_dot(box):
    suite(box)
    text = status(box.command('graph'), 0).out
    equal(text, status(box.command('graph', '--format=dot'), 0).out)
    golden('graph.dot', text, box)


@test
def graph_as_dot_is_read_by_graphviz(box):
    need_program('dot')
    suite(box)
    dot = subprocess.run(['dot', '-Tplain'], input=box.command('graph').raw_out, capture_output=True, check=True)
    contains(dot.stdout.decode(), 'quoted')


@test
def lists_follow_the_selection(box):
    suite(box)
    result = status(box.command('list', '-k', 'db/query'), 0)
    equal([line.split()[0] for line in result.out.splitlines()], ['db/start', 'db/query', 'db/stop'])
    result = status(box.command('list', '-k', 'db/query', '--no-deps'), 0)
    equal([line.split()[0] for line in result.out.splitlines()], ['db/query'])
    result = status(box.command('graph', '--format=json', '-s', 'api', '-x', 'db/*'), 0)
    graph = json.loads(result.out)
    equal([entry['name'] for entry in graph['tests']], ['api/upload'])
    equal(graph['dependencies'], [])
    result = status(box.command('list', '-k', 'nothing'), 4)
    contains(result.err, 'nothing', 'no test is selected')
    equal(result.out, '')


@test
def check_counts(box):
    suite(box)
    result = status(box.command('check'), 0)
    golden('check.txt', result.out, box)
    equal(result.err, '')
    status(box.command('check', '-x', '*'), 4)


@test
def check_knows_the_critical_path(box):
    box.manifest([{'name': 'a', 'command': 'true', 'weight': 10}, {'name': 'b', 'command': 'true', 'weight': 2},
                  {'name': 'c', 'command': 'true', 'weight': 3, 'depends': ['b']}])
    contains(status(box.command('check'), 0).out, 'critical path: 10 s of 15 s')
    contains(status(box.command('check', '-x', 'a'), 0).out, 'critical path: 5 s of 5 s')


@test
def check_knows_how_long_tests_took(box):
    box.manifest([{'name': 'a', 'command': 'sleep 0.2', 'weight': 1000}])
    contains(status(box.command('check'), 0).out, 'critical path: 1000 s')
    status(box.command('run'), 0)
    path = re.search(r'critical path: ([\d.]+) s', status(box.command('check'), 0).out)
    equal(0.2 <= float(path.group(1)) < 1000, True, path.group(0))


@test
def convert_makes_a_manifest_that_loads_as_the_same(box):
    suite(box)
    before = json.loads(box.command('list', '--format=json').out)
    result = status(box.command('convert', '-o', 'sub.json'), 0)
    equal(result.out + result.err, '')
    after = json.loads(status(box.command('list', '--format=json', 'sub.json'), 0).out)
    for entry in before['tests'] + after['tests']:
        del entry['origin']
    equal(after, before)
    equal(json.loads(status(box.command('convert'), 0).out)['dagsched'], 1)


@test
def convert_includes_the_overrides(box):
    suite(box)
    box.overrides('over.json', {'db/*': {'timeout': 123}})
    manifest = json.loads(status(box.command('convert', '--overrides=over.json'), 0).out)
    equal([entry['timeout'] for entry in manifest['tests'] if entry['name'] == 'db/query'], [123])


@test
def convert_tells_of_a_file_that_can_not_be_written(box):
    suite(box)
    result = status(box.command('convert', '-o', 'missing/file'), 2)
    contains(result.err, 'missing/file', 'No such file')


MESON = '''
project('p', 'c')
exe = executable('prog', 'prog.c')
test('one', exe, args: ['a b', '$HOME'], suite: ['x', 'y'], timeout: 7, priority: 3)
test('two', exe, is_parallel: false, env: {'A': 'B'})
'''


@test
def meson_project_is_listed_and_converted(box):
    need_program('meson')
    need_program('ninja')
    box.write('meson.build', MESON)
    box.write('prog.c', 'int main (void) { return 0; }\n')
    done = subprocess.run(['meson', 'setup', 'build'], cwd=box.dir, capture_output=True, check=False)
    if done.returncode != 0:
        raise Skip('meson can set nothing up here')
    listed = json.loads(status(box.command('list', '--format=json', 'build'), 0).out)
    tests = {re.sub('.*[:/] ?', '', entry['name']): entry for entry in listed['tests']}
    equal(sorted(tests), ['one', 'two'])
    equal(tests['one']['command'][1:], ['a b', '$HOME'])
    equal(tests['one']['timeout'], 7.0)
    equal(tests['one']['priority'], 3)
    equal(tests['two']['env']['A'], 'B')
    status(box.command('convert', 'build', '-o', 'made.json'), 0)
    lacks(status(box.command('check', 'made.json'), 0).err, 'warning')
    result = status(box.run('made.json'), 1)
    equal(set(box.outcomes().values()), {'errored'}, f'nothing is built\n{result}')
    status(box.run('build', '--rebuild'), 0)
    equal(set(box.outcomes().values()), {'passed'})


main()
