# SPDX-License-Identifier: LGPL-2.1-or-later
"""What may run at the same time: workers, slots, resources, groups, exclusive tests.

Tests append +NAME when they start and -NAME when they end; the order of the lines tells who
overlapped. That others do overlap is shown by pairs that can pass only together.
"""

from harness import equal, main, status, test

TRACED = 'echo +{0} >> trace; sleep 0.05; echo -{0} >> trace'
# Each waits until the other has started.
TOGETHER = 'touch here-{0}; until test -e here-{1}; do sleep 0.01; done'


def traced(name, **members):
    return {'name': name, 'command': TRACED.format(name), 'timeout': 30, **members}


def pair(first, second, **members):
    return [{'name': first, 'command': TOGETHER.format(first, second), 'timeout': 30, **members},
            {'name': second, 'command': TOGETHER.format(second, first), 'timeout': 30, **members}]


def moments(box):
    """The sets of names that ran at the same time."""
    running, result = set(), []
    for line in box.lines('trace'):
        if line[0] == '+':
            running.add(line[1:])
        else:
            running.remove(line[1:])
        result.append(set(running))
    return result


def most(box, names):
    return max(len(moment & set(names)) for moment in moments(box))


@test
def workers_bound_what_runs(box):
    names = [f't{i}' for i in range(6)]
    box.manifest([traced(name) for name in names])
    status(box.run('-j', 1), 0)
    equal(most(box, names), 1)
    (box.dir / 'trace').unlink()
    status(box.run('-j', 2), 0)
    equal(most(box, names) <= 2, True)


@test
def workers_run_together(box):
    box.manifest(pair('a', 'b') + pair('c', 'd'))
    status(box.run('--workers', 4), 0)


@test
def resource_with_capacity_one_excludes(box):
    names = [f't{i}' for i in range(4)]
    box.manifest([traced(name, resources={'db': 1}) for name in names], resources={'db': 1})
    status(box.run('-j', 4), 0)
    equal(most(box, names), 1)


@test
def resource_with_capacity_two_lets_two_run(box):
    names = [f't{i}' for i in range(6)]
    box.manifest([traced(name, resources={'gpu': 1}) for name in names] + pair('a', 'b', resources={'gpu': 1}),
                 resources={'gpu': 2})
    status(box.run('-j', 6), 0)
    equal(most(box, names) <= 2, True)


@test
def all_of_a_resource(box):
    names = [f't{i}' for i in range(3)]
    box.manifest([traced('whole', resources={'gpu': 'all'})] + [traced(name, resources={'gpu': 1}) for name in names],
                 resources={'gpu': 3})
    status(box.run('-j', 4), 0)
    equal(any('whole' in moment and len(moment) > 1 for moment in moments(box)), False)


@test
def exclusive_runs_alone(box):
    names = [f't{i}' for i in range(4)]
    box.manifest([traced(name) for name in names[:2]] + [traced('alone', exclusive=True)] +
                 [traced(name) for name in names[2:]])
    status(box.run('-j', 4), 0)
    equal(any('alone' in moment and len(moment) > 1 for moment in moments(box)), False)


@test
def groups_keep_apart_and_members_run_together(box):
    box.manifest([traced(f'a{i}', group={'phase': 'A'}) for i in range(3)] +
                 [traced(f'b{i}', group={'phase': 'B'}) for i in range(3)] +
                 pair('c', 'd', group={'phase': 'C'}))
    status(box.run('-j', 4), 0)
    for moment in moments(box):
        equal(len({name[0] for name in moment}) <= 1, True, f'{moment} mixes groups')


@test
def slots_count(box):
    box.manifest([traced('wide', slots=2)] + [traced(f't{i}') for i in range(4)] + [traced('all', slots=99)])
    status(box.run('-j', 2), 0)
    for moment in moments(box):
        equal('wide' in moment and len(moment) > 1, False, f'{moment} overflows two slots')
        equal('all' in moment and len(moment) > 1, False, f'{moment} overflows two slots')


@test
def priorities_go_first(box):
    box.manifest([traced('low', priority=-5), traced('middle'), traced('high', priority=5)])
    status(box.run('-j', 1), 0)
    equal([line for line in box.lines('trace') if line[0] == '+'], ['+high', '+middle', '+low'])


@test
def workers_have_numbers_of_their_own(box):
    box.manifest([{'name': f't{i}', 'timeout': 30,
                   'command': 'mkdir lock-$DAGSCHED_WORKER && sleep 0.02 && rmdir lock-$DAGSCHED_WORKER && '
                              'echo $DAGSCHED_WORKER >> seen'} for i in range(12)])
    status(box.run('-j', 3), 0)
    equal(set(box.lines('seen')) <= {'0', '1', '2'}, True)
    equal(len(box.lines('seen')), 12)


main()
