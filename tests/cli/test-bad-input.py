# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources and graphs that are wrong: a message with the place, and nothing is run."""

import json
import os

from harness import contains, equal, lacks, main, status, test, usage_error

OK = {'name': 'ok', 'command': 'touch ran'}


def refuse(box, *parts):
    """check and run say the same, and nothing runs."""
    check = usage_error(box.command('check'), *parts)
    run = usage_error(box.run(), *parts)
    equal(run.err, check.err)
    equal((box.dir / 'ran').exists(), False)
    equal(box.log.exists(), False)
    return run


@test
def cycles_are_all_shown(box):
    box.manifest([OK,
                  {'name': 'a', 'command': 'true', 'depends': ['b']}, {'name': 'b', 'command': 'true', 'depends': ['a']},
                  {'name': 'x', 'command': 'true', 'depends': ['z']}, {'name': 'y', 'command': 'true', 'depends': ['x']},
                  {'name': 'z', 'command': 'true', 'depends': ['y']},
                  {'name': 'self', 'command': 'true', 'depends': ['self']}])
    result = refuse(box, 'circle')
    for name in ('a', 'b', 'x', 'y', 'z', 'self'):
        contains(result.err, f'"{name}"' if f'"{name}"' in result.err else name)


@test
def unknown_names_are_all_shown(box):
    box.manifest([OK, {'name': 'setup_db', 'command': 'true'},
                  {'name': 'a', 'command': 'true', 'depends': ['setup-db']},
                  {'name': 'b', 'command': 'true', 'depends': ['nowhere']},
                  {'name': 'c', 'command': 'true', 'fixture': {'cleanup': 'stop-it'}}])
    refuse(box, 'dagsched.json', 'tests[2].depends[0]', 'setup-db', 'did you mean "setup_db"?', 'nowhere', 'stop-it')


@test
def duplicate_names(box):
    box.manifest([OK, {'name': 'twice', 'command': 'true'}, {'name': 'twice', 'command': 'true'}])
    refuse(box, 'dagsched.json', 'twice')


@test
def resources_beyond_their_capacity(box):
    box.manifest([OK, {'name': 'a', 'command': 'true', 'resources': {'gpu': 3}},
                  {'name': 'b', 'command': 'true', 'resources': {'gup': 1}}], resources={'gpu': 2})
    refuse(box, 'gpu', '3', '2', 'gup')


@test
def wrong_types_and_unknown_members(box):
    for member, value in {'command': 'text', 'timeout': 'long', 'depends': {'a': 1}, 'retries': -1, 'priority': 1.5,
                          'suites': 'one', 'env': ['A=1'], 'workdir': 3, 'exclusive': 'yes', 'protocol': 'xunit',
                          'tiemout': 3}.items():
        path = box.dir / 'dagsched.json'
        path.write_text(json.dumps({'dagsched': 1, 'tests': [
            {'name': 'a', 'command': ['touch', 'ran'], member: value}]}))
        result = refuse(box, 'dagsched.json', member, 'tests[0]')
    contains(result.err, 'did you mean "timeout"?')


@test
def texts_that_are_no_manifest(box):
    for text, part in {'': 'dagsched.json', '{': 'dagsched.json', '[]': 'dagsched.json', '{"dagsched": 2, "tests": []}': '2',
                       '{"dagsched": 1, "tests": 3}': 'tests', '{"dagsched": "1", "tests": []}': 'dagsched',
                       '{"dagsched": 1, "tests": [{"name": "a\\u0000b", "command": ["true"]}]}': 'dagsched.json',
                       '{"dagsched": 1, "tests": [{"name": "", "command": ["true"]}]}': 'name',
                       '{"dagsched": 1, "tests": [{"name": "a", "command": []}]}': 'command',
                       '{"dagsched": 1, "tests": [{"command": ["true"]}]}': 'name'}.items():
        box.write('dagsched.json', text)
        refuse(box, part)


@test
def bytes_that_are_no_text(box):
    for content in (b'\xff\xfe\x00', b'{"dagsched": 1, "tests": [{"name": "\xff", "command": ["true"]}]}',
                    b'{"dagsched": 1, "tests": []}\0garbage', b'\0' * 100):
        box.write('dagsched.json', content)
        refuse(box, 'dagsched.json')


@test
def sources_that_are_not_there(box):
    usage_error(box.run(), 'dagsched.json')
    usage_error(box.run('nowhere.json'), 'nowhere.json')
    (box.dir / 'empty').mkdir()
    usage_error(box.run('empty'), 'empty')
    usage_error(box.run('/dev/null'), '/dev/null')
    box.write('fine.json', json.dumps({'dagsched': 1, 'tests': [{'name': 'a', 'command': ['touch', 'ran']}]}))
    usage_error(box.run('fine.json', 'nowhere.json'), 'nowhere.json')
    equal((box.dir / 'ran').exists(), False)


@test
def source_that_may_not_be_read(box):
    if os.geteuid() == 0:
        path = box.dir / 'loop.json'
        path.symlink_to('loop.json')
    else:
        path = box.manifest([OK], name='loop.json')
        path.chmod(0)
    usage_error(box.run('loop.json'), 'loop.json')


@test
def includes_that_go_in_circles(box):
    box.write('dagsched.json', json.dumps({'dagsched': 1, 'include': ['other.json'], 'tests': []}))
    box.write('other.json', json.dumps({'dagsched': 1, 'include': ['dagsched.json'], 'tests': []}))
    refuse(box, 'json')


@test
def overrides_that_are_wrong(box):
    box.manifest([OK])
    for content, part in {'{"dagsched-overrides": 1, "tests": {"okk": {"timeout": 1}}}': 'okk',
                          '{"dagsched-overrides": 1, "tests": {"ok": {"timeout": "x"}}}': 'timeout',
                          '{"dagsched-overrides": 1, "tests": {"ok": {"depends": ["gone"]}}}': 'gone',
                          '{"dagsched": 1, "tests": []}': 'is a manifest',
                          '{': 'over.json'}.items():
        box.write('over.json', content)
        usage_error(box.run('--overrides=over.json'), part)
    equal((box.dir / 'ran').exists(), False)


@test
def programs_that_can_not_be_started_are_errors_of_their_test(box):
    box.write('text', 'no program\n')
    box.write('nothing', b'\0\0', 0o755)
    box.manifest([
        {'name': 'missing', 'command': ['./missing']},
        {'name': 'missing-in-path', 'command': ['no-such-program-anywhere']},
        {'name': 'not-executable', 'command': ['./text']},
        {'name': 'no-format', 'command': ['./nothing']},
        {'name': 'directory', 'command': ['/']},
        {'name': 'no-workdir', 'command': ['true'], 'workdir': 'missing-directory'},
        {'name': 'file-as-workdir', 'command': ['true'], 'workdir': 'text'},
        {'name': 'fine', 'command': ['true']},
        {'name': 'behind', 'command': ['true'], 'depends': ['missing']},
    ])
    result = status(box.run(), 1)
    equal(box.outcomes(), {**{name: 'errored' for name in (
        'missing', 'missing-in-path', 'not-executable', 'no-format', 'directory', 'no-workdir', 'file-as-workdir')},
        'fine': 'passed', 'behind': 'blocked'})
    for name, part in {'missing': '/missing', 'not-executable': 'ermission', 'no-workdir': 'missing-directory',
                       'missing-in-path': 'no-such-program-anywhere'}.items():
        contains(box.finished()[name]['reason'], part)
    contains(result.out, 'missing-directory')


@test
def agent_that_is_not_there(box):
    box.manifest([OK])
    result = status(box.run(env={'DAGSCHED_AGENT': str(box.dir / 'no-agent')}), 3)
    contains(result.err, 'no-agent')
    equal((box.dir / 'ran').exists(), False)
    converted = status(box.command('convert', box.log, '--format=tap'), 0)
    contains(converted.out, 'the run could not start', 'Bail out! ', 'no-agent')


@test
def empty_suite_selects_nothing(box):
    box.manifest([])
    for command in ('run', 'list', 'check', 'graph'):
        status(box.command(command), 4)


@test
def large_manifest_is_checked_in_time(box):
    tests = [{'name': f'layer-{i // 100}/test-{i}', 'command': ['true'],
              'depends': [f'layer-{i // 100 - 1}/test-{i - 100 + k}' for k in (0, 1, 2) if i >= 100 and i - 100 + k < i // 100 * 100]}
             for i in range(20000)]
    box.write('dagsched.json', json.dumps({'dagsched': 1, 'name': 'large', 'tests': tests}))
    result = status(box.command('check'), 0)
    contains(result.out, 'large: 20000 tests')
    lacks(result.err, 'warning')


@test
def deep_json_is_refused(box):
    box.write('dagsched.json', '[' * 200000 + ']' * 200000)
    refuse(box, 'dagsched.json')


main()
