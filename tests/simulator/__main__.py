"""`python -m tests.simulator [RUNS]`: so many faulted runs of each delivery class, and a table."""

import sys

from koor.ground.channels.contract import Delivery
from tests.simulator.outcomes import HEAD, simulate

if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(HEAD)
    wrong = False
    for one in Delivery:
        done = simulate(one, range(runs))
        print(done.line(), flush=True)
        for what, seeds in (("twice", done.twice), ("lost", done.lost)):
            if seeds:
                wrong = True
                print(f"  {what}: seeds {', '.join(map(str, seeds[:10]))}")
    sys.exit(wrong)
