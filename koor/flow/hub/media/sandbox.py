"""Shuts a process in before it opens a file from outside: memory, time, size of what it writes, no network, no
other programs. Limits by the kernel (setrlimit, seccomp), so that they hold whatever a decoder is talked into.

Linux on x86-64 and ARM 64; elsewhere `close_in` sets the limits that it can. Sources: seccomp(2), prctl(2) and
the kernel's tables of system calls."""

from __future__ import annotations

import ctypes
import json
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any

from koor.flow.hub.media.reasons import PictureRefused, Reason

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 1, 38, 22, 2
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | 1  # the denied call fails with EPERM

# The audit number of the machine, and the numbers of: socket, connect, bind, listen, sendto, sendmsg, execve,
# execveat, ptrace, process_vm_writev, io_uring_setup, io_uring_enter (which could connect behind the filter).
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 44, 46, 59, 322, 101, 311, 425, 426)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 206, 211, 221, 281, 117, 271, 425, 426)),
}


def answered(make: Callable[[], dict[str, Any]], *, heavy: Reason, memory: int, seconds: int, written: int) -> int:
    """What a child process does: it shuts itself in, makes the clean files and says so, or why not. 0 whenever there
    is an answer, also a refusal."""
    die_with_parent()
    shut = close_in(memory=memory, seconds=seconds, written=written)
    try:
        answer: dict[str, Any] = {"picture": make(), "shut": shut}
    except PictureRefused as refusal:
        answer = {"refused": refusal.reason.value}
    except MemoryError:
        answer = {"refused": heavy.value}
    say(answer)
    return 0


def say(answer: dict[str, Any]) -> None:
    """One line on standard output."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def close_in(*, memory: int, seconds: int, written: int) -> bool:
    """`memory` and `written` in bytes, `seconds` of processor time. True when the network is shut too.

    Call it before a thread is started: the filter holds for this thread and those that it starts."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_AS, (memory * 4, memory * 4))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing too much is an error, not an end
    return _shut_network()


def die_with_parent() -> None:
    """A worker that is killed leaves no decoder behind."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return


def _shut_network() -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _filter(*machine)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept))
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _filter(machine: int, denied: tuple[int, ...]) -> bytes:
    """A BPF program: another machine's calls and the denied ones fail, all others pass."""
    steps = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_IS, 0, len(denied) + 3, machine),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_AT_LEAST, len(denied) + 1, 0, 0x40000000),  # the x32 spelling of the same calls
        *((_IS, len(denied) - at, 0, number) for at, number in enumerate(denied)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
