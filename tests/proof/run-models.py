#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Has Spin verify the models of the lock-free code, and refute each of their mutants.

Usage: run-models.py SOURCE-ROOT [--all]

A model is sound when its whole state space was searched and nothing was found. A mutant is the same model
with one mistake in it (-DMUTANT_…): the search must find an error, or the model would not have found the mistake
in the code either.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
MAX_DEPTH = 200000
MAX_MEMORY = 2000  # MiB
TIMEOUT = 240  # seconds a search: the judge of a model that grew

DEQUE = {
    "one thief": "-DTHIEVES=1 -DTESTS=3",
    "one thief, stores that overtake": "-DTHIEVES=1 -DTESTS=4 -DREORDER",
    "two thieves": "-DTHIEVES=2 -DTESTS=3",
}
PARKING = {
    "a fan": "-DWORKERS=3 -DROOTS=1 -DDEPENDENTS_OF_0=3 -DHELD=1",
    "a fan without stealing": "-DWORKERS=3 -DROOTS=1 -DDEPENDENTS_OF_0=3 -DSTEALING=0 -DHELD=1",
    "roots in a chunk": "-DWORKERS=3 -DROOTS=3 -DCHUNK=3",
    "a thief that moves several": "-DWORKERS=3 -DROOTS=0 -DPRELOADED=4 -DTHRESHOLD=4",
    "injected tests": "-DWORKERS=2 -DROOTS=0 -DINJECTED=3",
    "the end of a run": "-DWORKERS=2 -DROOTS=1 -DDEPENDENTS_OF_0=2 -DINJECTED=1 -DEND",
}
RINGS = {
    "one worker": "-DTESTS=4",
    "one worker, stores that overtake": "-DTESTS=5 -DREORDER",
    "two workers": "-DPRODUCERS=2 -DTESTS=2 -DCAPACITY=1",
}
MODELS = {"deque": DEQUE, "parking": PARKING, "rings": RINGS}
SOUND = [(model, name) for model, configurations in MODELS.items() for name in configurations]
# Each with the configuration that finds it soonest.
MUTANTS = [
    ("deque", "one thief", "POP_WITHOUT_FENCE"),
    ("deque", "one thief", "POP_LAST_WITHOUT_CAS"),
    ("deque", "one thief", "TAKE_WITHOUT_CAS"),
    ("deque", "one thief, stores that overtake", "PUSH_WITHOUT_RELEASE"),
    ("deque", "one thief", "STEAL_READS_BOTTOM_FIRST"),
    ("deque", "one thief", "STEAL_WITHOUT_FENCE"),
    ("deque", "one thief", "STEAL_SEVERAL_WITH_ONE_CAS"),
    ("deque", "one thief", "CAPACITY_OFF_BY_ONE"),
    ("deque", "one thief", "CAPACITY_NOT_POWER_OF_TWO"),
    ("parking", "injected tests", "ANNOUNCE_WITHOUT_FENCE"),
    ("parking", "injected tests", "CHECK_BEFORE_ANNOUNCE"),
    ("parking", "injected tests", "NO_RECHECK"),
    ("parking", "injected tests", "NO_PREDICATE"),
    ("parking", "injected tests", "RETRACT_LEAVES_NOTIFICATION"),
    ("parking", "injected tests", "WAKE_WITHOUT_FENCE"),
    ("parking", "a fan", "WAKE_ONE_FOR_ALL"),
    ("parking", "roots in a chunk", "ROOTS_WITHOUT_WAKE"),
    ("parking", "roots in a chunk", "ROOTS_WAKE_ONE"),
    ("parking", "a thief that moves several", "MOVE_WITHOUT_WAKE"),
    ("parking", "the end of a run", "INJECTED_NOT_BUSY"),
    ("parking", "the end of a run", "SETTLE_AFTER_BUSY"),
    ("parking", "the end of a run", "WOKEN_NOT_BUSY"),
    ("rings", "one worker", "EMIT_WITHOUT_FENCE"),
    ("rings", "one worker", "MISS_LOOKS_FIRST"),
    ("rings", "one worker", "MISS_WITHOUT_LOOK"),
    ("rings", "one worker", "CLOSE_WITHOUT_COUNT"),
    ("rings", "one worker", "COUNT_BEFORE_STATE"),
    ("rings", "one worker", "COUNT_BEFORE_OPENING"),
    ("rings", "one worker", "OPEN_WITHOUT_FENCE"),
    ("rings", "one worker", "DISARM_WITHOUT_FENCE"),
    ("rings", "one worker", "DISARM_LAST"),
    ("rings", "one worker, stores that overtake", "PUSH_WITHOUT_RELEASE"),
]
# Larger ones, with --all.
SLOW = [
    ("deque", "-DTHIEVES=2 -DTESTS=4 -DREORDER"),
    ("parking", "-DWORKERS=3 -DROOTS=1 -DPRELOADED=1 -DDEPENDENTS_OF_0=2 -DHELD=1"),
    ("parking", "-DWORKERS=3 -DROOTS=0 -DPRELOADED=6 -DTHRESHOLD=6"),
    ("rings", "-DPRODUCERS=2 -DTESTS=3 -DCAPACITY=1"),
    ("rings", "-DPRODUCERS=2 -DTESTS=3 -DCAPACITY=2"),
]


def search(model, defines):
    """Searches the whole state space. Returns what Spin says."""
    with tempfile.TemporaryDirectory() as folder:
        for file in FOLDER.glob("*.pml"):
            shutil.copy(file, folder)
        subprocess.run(["spin", *defines, "-a", f"{model}.pml"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["cc", "-O1", "-w", "-DSAFETY", "-DCOLLAPSE", f"-DMEMLIM={MAX_MEMORY}", "-o", "pan", "pan.c"],
                       cwd=folder, check=True, capture_output=True)
        result = subprocess.run(["./pan", f"-m{MAX_DEPTH}", "-w22"], cwd=folder, capture_output=True, text=True,
                                timeout=TIMEOUT)
        return result.stdout + result.stderr


def count_errors(text):
    match = re.search(r"errors: (\d+)", text)
    return int(match[1]) if match else None


def is_complete(text):
    return not re.search(r"max search depth too small|Search not completed|out of memory|reached -DMEMLIM", text)


def check_sound(model, defines):
    text = search(model, defines)
    if count_errors(text) == 0 and is_complete(text):
        return None
    return text


def check_mutant(model, defines, mutant):
    if f"MUTANT_{mutant}" not in (FOLDER / f"{model}.pml").read_text(encoding="utf-8"):
        return f"{model}.pml does not know the mutant {mutant}"
    text = search(model, [*defines, f"-DMUTANT_{mutant}"])
    return None if count_errors(text) else text


def check_mirrors(root):
    """The functions that the models say they mirror are still there."""
    problems = []
    found = 0
    for file in FOLDER.glob("*.pml"):
        for source, names in re.findall(r"MIRRORS (\S+): (.*)", file.read_text(encoding="utf-8")):
            path = root / "libdagsched/engine" / source
            code = path.read_text(encoding="utf-8") if path.exists() else ""
            for name in names.split():
                found += 1
                if not re.search(rf"^{name} \(", code, flags=re.MULTILINE):
                    problems.append(f"{file.name}: {source} has no function {name}")
    if not found:
        problems.append("no model says what it mirrors")
    return "\n".join(problems) or None


def configuration(model, name):
    return MODELS[model][name].split()


def list_checks(root, everything):
    yield "the models mirror functions that exist", check_mirrors, (root,)
    for model, name in SOUND:
        yield f"{model}: {name}", check_sound, (model, configuration(model, name))
    for model, name, mutant in MUTANTS:
        yield f"{model}: finds {mutant}", check_mutant, (model, configuration(model, name), mutant)
    if everything:
        for model, defines in SLOW:
            yield f"{model}: {defines}", check_sound, (model, defines.split())


def run(check, arguments):
    try:
        return check(*arguments)
    except subprocess.TimeoutExpired:
        return f"not done in {TIMEOUT} s"
    except subprocess.CalledProcessError as error:
        return f"{error}\n{error.stderr.decode(errors='replace')}"


def main():
    if not shutil.which("spin") or not shutil.which("cc"):
        print("1..0 # SKIP needs spin and a C compiler")
        return 0

    checks = list(list_checks(pathlib.Path(sys.argv[1]), "--all" in sys.argv[2:]))
    print(f"1..{len(checks)}")
    failed = False
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
        results = [pool.submit(run, check, arguments) for _, check, arguments in checks]
        for number, ((title, _, _), result) in enumerate(zip(checks, results), 1):
            problem = result.result()
            failed = failed or problem is not None
            print(f"{'not ok' if problem else 'ok'} {number} - {title}", flush=True)
            for line in (problem or "").splitlines():
                print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
