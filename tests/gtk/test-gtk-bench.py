# SPDX-License-Identifier: LGPL-2.1-or-later
"""What measures the monitor measures it: each option, on runs that are small."""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from harness import PATIENCE, contains, equal, main, test  # noqa: E402

LOG = Path(__file__).resolve().parent / 'support' / 'small.jsonl'
SMALL = ['--tests=2000', '--workers=4', '--idle=0.5', '--width=800', '--height=600']


def bench(*arguments):
    result = subprocess.run([os.environ['DAGSCHED_GTK_BENCH'], *arguments], capture_output=True, text=True,
                            timeout=PATIENCE)
    equal(result.returncode, 0, result.stderr)
    return result.stdout


def n_frames(out, phase):
    return int(re.search(rf'^{phase} +[0-9.]+ s +([0-9]+) frames', out, re.MULTILINE).group(1))


@test
def views_are_measured(box):
    for view in ('graph', 'workers'):
        out = bench(f'--view={view}', '--rate=8000', *SMALL)
        equal(n_frames(out, 'running') > 0, True, out)
        equal(n_frames(out, 'idle'), 0, out)


@test
def the_application_is_measured_with_a_run_elsewhere(box):
    out = bench('--application', '--attach', '--view=tests', '--scroll', '--rate=4000', *SMALL)
    equal(n_frames(out, 'running') > 10, True, out)
    equal(n_frames(out, 'idle'), 0, out)


@test
def opening_a_log_is_measured(box):
    for arguments in ([], ['--application']):
        out = bench(f'--log={LOG}', *arguments, *SMALL)
        contains(out, 'loaded after', 'painted after', 'laid out and painted after')
        equal(n_frames(out, 'idle'), 0, out)


@test
def no_such_view_is_an_error(box):
    result = subprocess.run([os.environ['DAGSCHED_GTK_BENCH'], '--view=nonsense'], capture_output=True, text=True)
    equal(result.returncode, 2)
    contains(result.stderr, 'nonsense', 'graph')


main()
