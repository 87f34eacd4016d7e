"""Hundreds of thousands of posts in a virtual world: the state machine of publishing, a platform that does anything,
and processes that die, stop and wake at every step. `python -m tests.simulator` prints what came of them.

What decides about a row is the house's own code (`publishing/logic/delivery.py`). The order of the steps around it
stands in `house.py` once more, without a database; publishing's `test_simulated.py` holds the two to the same trail."""
