"""`make museum`: how many of the bugs turn the suite red."""

import sys

from tests.museum.show import exhibits, is_caught

if __name__ == "__main__":
    shown = exhibits()
    caught = 0
    for one in shown:
        found = is_caught(one)
        caught += found
        print(f"{'caught' if found else 'MISSED'}  {one.name}: {one.bug}", flush=True)
    print(f"{caught} of {len(shown)} caught")
    sys.exit(caught != len(shown))
