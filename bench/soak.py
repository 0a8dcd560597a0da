"""`make soak`: the randomized tests with many times their usual number of examples, and the slow ones.

Runs on the database that GONGKAI_DATABASE_URL names; seed and result go into `docs/measured.md`. The same seed runs the
same examples again: `python -m bench.soak TIMES SEED`.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence

import django


def main(arguments: Sequence[str]) -> int:
    """Return pytest's exit status; the section is written whatever it is."""
    times = int(arguments[0]) if arguments else 20
    seed = int(arguments[1]) if len(arguments) > 1 else secrets.randbelow(2**32)
    command = ["-m", "pytest", "-q", "-m", "(hypothesis or slow) and not browser", f"--hypothesis-seed={seed}", "tests"]
    began = time.monotonic()
    closing = "pytest said nothing"
    environment = {**os.environ, "GONGKAI_SOAK": str(times)}
    with subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.PIPE, text=True) as tests:
        for line in tests.stdout or ():
            sys.stdout.write(line)
            closing = line.strip() or closing
    minutes = (time.monotonic() - began) / 60

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.site.settings")
    django.setup()
    from bench.measured import rewrite_section, surroundings

    rewrite_section("soak", f"{surroundings()}; {times}× the examples, seed {seed}, {minutes:.1f} minutes: {closing}")
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
