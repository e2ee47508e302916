# SPDX-License-Identifier: LGPL-2.1-or-later
"""Help, versions, and arguments that make no sense."""

from harness import contains, equal, lacks, main, status, test, usage_error

COMMANDS = ('run', 'list', 'check', 'graph', 'monitor', 'convert')


@test
def main_help_names_every_command(box):
    for option in ('--help', '-h'):
        result = status(box.command(option), 0)
        equal(result.err, '')
        for command in COMMANDS:
            contains(result.out, f'\n  {command} ')


@test
def help_fits_a_terminal(box):
    for arguments in [('--help',)] + [(command, '--help') for command in COMMANDS]:
        result = status(box.command(*arguments), 0)
        for line in result.out.splitlines():
            equal(len(line) <= 80, True, f'width of {line!r}')


@test
def each_command_has_help_of_its_own(box):
    for command in COMMANDS:
        for option in ('--help', '-h'):
            result = status(box.command(command, option), 0)
            contains(result.out, f'Usage:\n  dagsched {command} [OPTION...]')
            if command != 'monitor':
                contains(result.out, 'Sources:', '--source-type=TYPE')
            lacks(result.out, 'Application Options')


@test
def help_survives_a_locale_without_utf8(box):
    equal(box.command('run', '--help', env={'LC_ALL': 'C'}).out, box.command('run', '--help').out)


@test
def version_is_printed(box):
    result = status(box.command('--version'), 0)
    equal(result.out.split()[0], 'dagsched')


@test
def slip_of_a_command_gets_a_suggestion(box):
    usage_error(box.command('lsit'), '"lsit" is neither a command nor a file or directory',
                'did you mean "list"?')
    usage_error(box.command('no-such-thing'), '"no-such-thing" is neither')


@test
def slip_of_an_option_gets_a_suggestion(box):
    usage_error(box.command('run', '--wrokers=3'), 'Unknown option --wrokers', '(did you mean "--workers"?)',
                'dagsched run --help')
    usage_error(box.command('list', '--fromat=json'), 'Unknown option --fromat', '"--format"')
    usage_error(box.command('run', '-Z'), '-Z')
    lacks(box.command('run', '--zzzzzzzz').err, 'did you mean')


@test
def numbers_have_ranges(box):
    box.manifest([{'name': 'a', 'command': 'touch ran'}])
    for option, values in {
            '--workers': ('0', '-1', '4097', 'x', '', '1.5', '0x10', ' 1', '99999999999999999999'),
            '--retries': ('-1', '1001', 'many'),
            '--repeat': ('0', '1000001', 'x'),
            '--max-failures': ('-1', '4294967296', 'x'),
            '--timeout-multiplier': ('-1', 'nan', 'inf', '1e9', 'x', '', '1x'),
            '--max-time': ('-1', 'nan', 'inf', '1e12', 'x'),
            '--output-limit': ('0', '1023', '2000G', '1T', 'M', '-1M', ''),
            '--memory-limit': ('0', '1023', 'M', ''),
            '--cpu-limit': ('0', '1.5', '-1', 'x'),
            '--open-files-limit': ('3', '2147483648', 'x'),
            '--process-limit': ('0', 'x'),
            '--order': ('random:', 'random:-1', 'random:x', 'random:18446744073709551616', 'longest:1', 'rand'),
            '--flaky': ('maybe', ''),
            '--format': ('xml', ''),
            '--color': ('yes', ''),
            '--source-type': ('nonsense',),
    }.items():
        for value in values:
            result = usage_error(box.run(f'{option}={value}'), option)
            contains(result.err, f'"{value}"' if value != 'longest:1' and not value.startswith('random:') else '')
    usage_error(box.run('-j', '0'), '-j takes a whole number from 1 to 4096, not "0"')
    usage_error(box.run('-j'), '-j')
    usage_error(box.run('--max-time', -1), 'from 0 to 31536000, not')
    equal((box.dir / 'ran').exists(), False)


@test
def choices_are_listed(box):
    usage_error(box.run('--format=tpa'), 'human, jsonl or tap', '(did you mean "tap"?)')
    usage_error(box.run('--order=critical'), 'auto, critical-path, declaration, longest or random')
    usage_error(box.command('list', '--format=xml'), 'human or json')
    usage_error(box.command('graph', '--format=svg'), 'dot or json')


@test
def at_most_one_report_goes_to_standard_output(box):
    box.manifest([{'name': 'a', 'command': 'touch ran'}])
    for arguments in (('--junit=-', '--tap=-'), ('--junit=-', '--format=jsonl'), ('--tap=-', '--format=tap'),
                      ('--junit=-', '--format=human')):
        usage_error(box.run(*arguments), 'both write to standard output')
    usage_error(box.command('run', '--log=-', '--tap=-'), '--log=- and --tap=- both write')
    equal((box.dir / 'ran').exists(), False)


@test
def each_report_has_a_file_of_its_own(box):
    box.manifest([{'name': 'a', 'command': 'echo ran >> ran'}])
    usage_error(box.command('run', '--log=out', '--junit=./out'), '--log and --junit both write to ./out')
    usage_error(box.command('run', '--tap=out', f'--junit={box.dir}/out'), '--junit and --tap both write to')
    equal((box.dir / 'ran').exists(), False)
    status(box.run('--junit=/dev/null', '--tap=/dev/null'), 0)
    status(box.command('run', '--log=a', '--junit=b', '--tap=c'), 0)


@test
def verbose_and_quiet_exclude_each_other(box):
    usage_error(box.run('-v', '-q'), '--verbose and --quiet')


@test
def values_may_stick_to_letters(box):
    box.manifest([{'name': '-j3', 'command': 'true'}, {'name': 'b', 'command': 'true'}])
    for arguments in (('-j2', '-k-j3'), ('-vj2', '-k', '-j3'), ('-qj', '2', '--filter', '-j3'), ('-k=*', '-k-j3')):
        status(box.run(*arguments), 0)
        equal(list(box.outcomes()), ['-j3'], str(arguments))
    usage_error(box.run('-j4x'), '-j takes a whole number from 1 to 4096, not "4x"')
    usage_error(box.run('--', '-j4'), '-j4')
    usage_error(box.run('-q', 'j4'), 'j4')


@test
def wrapper_must_be_quoted_right(box):
    usage_error(box.run('--wrapper="a'), '--wrapper')
    usage_error(box.run('--wrapper='), '--wrapper')


@test
def filters_are_utf8(box):
    usage_error(box.run('-k', b'\xff'.decode('utf-8', 'surrogateescape')), 'UTF-8')
    usage_error(box.run('--suite', b'\xff'.decode('utf-8', 'surrogateescape')), 'UTF-8')


@test
def convert_refuses_what_makes_no_sense(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    status(box.run(), 0)
    usage_error(box.command('convert', 'dagsched.json', '--format=junit'), 'no run log is given')
    usage_error(box.command('convert', 'gone.jsonl', '--format=junit'), 'gone.jsonl: can\'t be read: No such file')
    usage_error(box.command('convert', box.log, '--format=manifest'), 'no manifest can be made')
    usage_error(box.command('convert', box.log, 'dagsched.json'), 'converted alone')
    usage_error(box.command('convert', box.log, '--format=svg'), 'manifest, human, junit or tap')


@test
def standard_output_that_is_full_is_an_error(box):
    box.manifest([{'name': 'a', 'command': 'true'}])
    for arguments in (('--help',), ('run', '--help'), ('list',), ('graph',), ('check',), ('convert',)):
        with open('/dev/full', 'wb') as full:
            usage_error(box.command(*arguments, stdout=full), 'standard output can\'t be written')


@test
def reader_that_goes_away_is_none(box):
    box.manifest([{'name': f'test-{i:05}', 'command': 'true'} for i in range(5000)])
    for arguments in (('list',), ('list', '--format=json'), ('graph',)):
        process = box.start(*arguments)
        process.stdout.read(10)
        process.stdout.close()
        equal(process.stderr.read(), b'')
        equal(process.wait(), 0)
        process.stderr.close()


main()
