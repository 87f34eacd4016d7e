"""The command `koor`."""

import sys


def main() -> int:
    from koor.shell.command_line.frame import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
