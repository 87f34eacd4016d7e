"""Python's collector of what nobody holds any more, in a process that lives long."""

import gc


def rest() -> None:
    """What is loaded by now stays for good and is not looked through again; and the collector comes once in 50,000 new
    things instead of 700. A page makes tens of thousands and drops nearly all of them by itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
