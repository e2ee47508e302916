# SPDX-License-Identifier: LGPL-2.1-or-later
"""A meson project, built here: `dagsched run` says of each test what `meson test` says."""

import json
import subprocess

from harness import Skip, equal, main, need_program, status, test

# Name → (shell script, keyword arguments of test()).
TESTS = {
    **{f'pass-{i:02}': ('exit 0', '') for i in range(12)},
    **{f'fail-{i:02}': (f'echo reason; exit {i + 1}', '') for i in range(6)},
    **{f'skip-{i:02}': ('exit 77', '') for i in range(4)},
    **{f'error-{i:02}': ('exit 99', '') for i in range(3)},
    'crash': ('kill -SEGV $$', ''),
    'slow': ('sleep 60', 'timeout: 1'),
    'unlimited': ('exit 0', 'timeout: 0'),
    'should-fail': ('exit 1', 'should_fail: true'),
    'should-fail-passes': ('exit 0', 'should_fail: true'),
    'should-fail-skips': ('exit 77', 'should_fail: true'),
    'should-fail-errs': ('exit 99', 'should_fail: true'),
    'tap-good': ('echo 1..2; echo ok 1; echo ok 2', "protocol: 'tap'"),
    'tap-bad': ('echo 1..2; echo ok 1; echo not ok 2', "protocol: 'tap'"),
    'tap-skip': ('echo 1..0 # SKIP; exit 0', "protocol: 'tap'"),
    'tap-skip-all': ('echo "1..1"; echo "ok 1 # SKIP why"', "protocol: 'tap'"),
    'tap-todo': ('echo 1..1; echo "not ok 1 # TODO"', "protocol: 'tap'"),
    'tap-few': ('echo 1..3; echo ok 1', "protocol: 'tap'"),
    'tap-none': ('true', "protocol: 'tap'"),
    'tap-bail': ('echo 1..2; echo ok 1; echo "Bail out! no"', "protocol: 'tap'"),
    'tap-status': ('echo 1..1; echo ok 1; exit 1', "protocol: 'tap'"),
    'serial-a': ('mkdir lock && sleep 0.1 && rmdir lock', 'is_parallel: false'),
    'serial-b': ('mkdir lock && sleep 0.1 && rmdir lock', 'is_parallel: false'),
    'env': ('test "$A" = "b c" && test "$PATH" != /opt/x', "env: ['A=b c']"),
    'path': ('case $PATH in /opt/x:*) command -v sh;; *) exit 1;; esac', 'env: path'),
    'workdir': ('test "$(basename "$PWD")" = sub', "workdir: meson.project_source_root() / 'sub'"),
    'no-workdir': ('test "$PWD" = "$1"', 'args: [script, meson.project_build_root()]'),
    'perturb': ('test -n "$MALLOC_PERTURB_"', ''),
    'args': ('test "$1" = "a b" && test "$2" = "" && test "$3" = "*"', "args: [script, 'a b', '', '*']"),
    'grün "quoted"': ('exit 0', ''),
}

# As meson calls its results.
SAME = {
    'OK': {'passed'}, 'FAIL': {'failed'}, 'SKIP': {'skipped'}, 'ERROR': {'errored', 'failed'}, 'TIMEOUT': {'timed-out'},
    'EXPECTEDFAIL': {'expected-failure'}, 'UNEXPECTEDPASS': {'unexpected-pass'},
}


def quote(text):
    return "'" + text.replace('\\', '\\\\').replace("'", "\\'") + "'"


def set_up(box):
    for name in ('meson', 'ninja'):
        need_program(name)
    (box.dir / 'sub').mkdir()
    text = "project('differential')\nsh = find_program('sh')\npath = environment()\npath.prepend('PATH', '/opt/x')\n"
    for number, (name, (script, extra)) in enumerate(TESTS.items()):
        file = f'test-{number}.sh'
        box.write(file, script + '\n')
        text += f"script = files('{file}')\n"
        arguments = extra if 'args:' in extra else ', '.join(filter(None, ['args: [script]', extra]))
        suite = 'even' if number % 2 == 0 else 'odd'
        text += f"test({quote(name)}, sh, {arguments}, suite: '{suite}')\n"
    box.write('meson.build', text)
    done = subprocess.run(['meson', 'setup', 'build'], cwd=box.dir, capture_output=True, check=False, env=box.env)
    if done.returncode != 0:
        raise Skip('meson can set nothing up here')
    box.overrides('over.json', {name: {'expected-failure': True} for name in should_fail(box)})


def base_name(name):
    """The name that meson.build gives, of one that may have the project and suites before it."""
    for known in TESTS:
        if name == known or name.endswith((f':{known}', f'/{known}', f' {known}')):
            return known
    raise AssertionError(f'no test is called {name}')


def should_fail(box):
    listed = json.loads(status(box.command('list', '--format=json', 'build'), 0).out)
    return [entry['name'] for entry in listed['tests'] if 'should_fail' in TESTS[base_name(entry['name'])][1]]


def meson_results(box):
    subprocess.run(['meson', 'test', '-C', 'build', '--num-processes', '4'], cwd=box.dir, capture_output=True,
                   check=False, env=box.env, timeout=120)
    log = box.dir / 'build' / 'meson-logs' / 'testlog.json'
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    return {base_name(entry['name'].partition(' / ')[2] or entry['name']): entry['result'] for entry in entries}


@test
def verdicts_are_those_of_meson(box):
    set_up(box)
    theirs = meson_results(box)
    equal(len(theirs), len(TESTS))
    result = status(box.run('build', '-j', 4, '--overrides=over.json'), 1)
    ours = {base_name(name): outcome for name, outcome in box.outcomes().items()}
    equal(sorted(ours), sorted(theirs))
    differences = [f'{name}: meson says {theirs[name]}, we say {ours[name]}' for name in ours
                   if ours[name] not in SAME[theirs[name]]]
    equal(differences, [], f'differences\n{result.out}')


@test
def suites_select_as_in_meson(box):
    set_up(box)
    listed = json.loads(status(box.command('list', '--format=json', 'build', '-s', 'even'), 0).out)
    names = {base_name(entry['name']) for entry in listed['tests']}
    equal(names, {name for number, name in enumerate(TESTS) if number % 2 == 0})


@test
def build_directory_is_found_from_inside(box):
    set_up(box)
    inside = json.loads(status(box.command('list', '--format=json', cwd=box.dir / 'build'), 0).out)
    outside = json.loads(status(box.command('list', '--format=json', 'build'), 0).out)
    equal([entry['name'] for entry in inside['tests']], [entry['name'] for entry in outside['tests']])


@test
def rebuild_builds_what_the_tests_need(box):
    need_program('meson')
    need_program('ninja')
    box.write('meson.build', "project('p', 'c')\n"
              "test('built', executable('built', 'built.c'))\ntest('broken', executable('broken', 'broken.c'))\n")
    box.write('built.c', 'int main (void) { return 0; }\n')
    box.write('broken.c', 'int main (void) { return nonsense; }\n')
    done = subprocess.run(['meson', 'setup', 'build'], cwd=box.dir, capture_output=True, check=False, env=box.env)
    if done.returncode != 0:
        raise Skip('meson can set nothing up here')
    status(box.run('build', '-k', '*built*', '--rebuild'), 0)
    result = status(box.run('build', '-k', '*built*', '-k', 'nosuch', '--rebuild'), 0)
    equal(result.err.count('nosuch'), 1, result.err)
    status(box.run('build', '-k', 'nosuch', '--rebuild'), 4)
    result = status(box.run('build', '--rebuild'), 2)
    equal('broken' in result.err + result.out, True, str(result))
    box.write('broken.c', 'int main (void) { return 3; }\n')
    status(box.run('build', '--rebuild'), 1)
    equal({base: outcome for base, outcome in zip(('built', 'broken'), (box.outcomes()[name] for name in sorted(
        box.outcomes(), key=lambda name: 'broken' in name)))}, {'built': 'passed', 'broken': 'failed'})


main()
