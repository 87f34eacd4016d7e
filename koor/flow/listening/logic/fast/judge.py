"""Which queries a scanned post meets, compiled: its atoms with their places, then the clauses that hang on them.

An *event* is an atom at a place. Events stand in chains: those of one atom in the order of the text, and those at one
place. `State` holds the number of the post at whatever was seen in it, so that nothing has to be wiped."""

from __future__ import annotations

from typing import Any, NamedTuple

from koor.flow.listening.logic.fast.jit import compiled, inlined
from koor.flow.listening.logic.fast.program import Large, Numbers

FAR = -(1 << 30)


class Room(NamedTuple):
    """Where compiled code puts what it finds in a post; made once for the longest post."""

    said: Any  # the bytes of words,
    wide: Any  # and the same eight at a time
    ends: Numbers  # of words in it
    signs: Numbers
    atoms: Numbers  # of events
    places: Numbers
    later: Numbers  # the next event of the same atom
    beside: Numbers  # another event at the same place
    heads: Numbers  # the newest event at a place
    furthest: Numbers
    touched: Numbers  # atoms that were seen
    counts: Large  # events, atoms seen


@compiled
def note(atom, place, state, room):
    """An event. Those of one atom come in the order of their places."""
    event = room.counts[0]
    room.beside[event] = newest_at(place, room)  # before it counts: its number may stand there, of another post
    room.counts[0] += 1
    room.atoms[event], room.places[event], room.later[event] = atom, place, -1
    room.heads[place] = event
    known = state.atoms
    if known[4 * atom] != state.post[0]:
        known[4 * atom], known[4 * atom + 1], known[4 * atom + 3] = state.post[0], event, 0
        room.touched[room.counts[1]] = atom
        room.counts[1] += 1
    else:
        room.later[known[4 * atom + 2]] = event
    known[4 * atom + 2] = event
    known[4 * atom + 3] += 1


@inlined
def newest_at(place, room):
    """The newest event at a place, or -1. What another post left there says of itself that it is none."""
    event = room.heads[place]
    return event if 0 <= event < room.counts[0] and room.places[event] == place else -1


@inlined
def met(query, state, found, k):
    """Writes a query down, once for a post, or only counts it where there is no room."""
    if state.queries[query] == state.post[0]:
        return k
    state.queries[query] = state.post[0]
    if k < len(found):
        found[k] = query
    return k + 1


@compiled
def has_at(atom, place, room):
    event = newest_at(place, room)
    while event >= 0:
        if room.atoms[event] == atom:
            return True
        event = room.beside[event]
    return False


@compiled
def rarest(phrase, program, state):
    """The place within a phrase of the atom with the fewest events; -1 when one has none."""
    first, last = program.phrases_at[phrase], program.phrases_at[phrase + 1]
    found, fewest = -1, 1 << 30
    for k in range(first, last):
        atom = program.phrases[k]
        if state.atoms[4 * atom] != state.post[0]:
            return -1
        if state.atoms[4 * atom + 3] < fewest:
            found, fewest = k - first, state.atoms[4 * atom + 3]
    return found


@compiled
def stands(phrase, start, size, program, room):
    """Whether a phrase stands there."""
    first, last = program.phrases_at[phrase], program.phrases_at[phrase + 1]
    if start < 0 or start + last - first > size:
        return False
    for k in range(first, last):  # noqa: SIM110
        if not has_at(program.phrases[k], start + k - first, room):
            return False
    return True


@compiled
def next_start(phrase, anchor, event, size, program, room):
    """The first event, from this one on, of the rarest atom of a phrase around which the phrase stands; or -1."""
    while event >= 0:
        if stands(phrase, room.places[event] - anchor, size, program, room):
            return event
        event = room.later[event]
    return -1


@compiled
def first_start(phrase, anchor, size, program, state, room):
    if anchor < 0:
        return -1
    atom = program.phrases[program.phrases_at[phrase] + anchor]
    return next_start(phrase, anchor, state.atoms[4 * atom + 1], size, program, room)


@compiled
def has_phrase(phrase, size, program, state, room):
    if state.phrases[2 * phrase] != state.post[0]:
        state.phrases[2 * phrase] = state.post[0]
        anchor = rarest(phrase, program, state)
        state.phrases[2 * phrase + 1] = first_start(phrase, anchor, size, program, state, room) >= 0
    return state.phrases[2 * phrase + 1] != 0


@compiled
def any_of(first, last, size, program, state, room):
    for k in range(first, last):  # noqa: SIM110
        if has_phrase(program.sides[k], size, program, state, room):
            return True
    return False


@compiled
def reach(first, last, size, program, state, room):
    """For each place how far the phrases reach that begin there or before it."""
    room.furthest[:size] = FAR
    for k in range(first, last):
        phrase = program.sides[k]
        length = program.phrases_at[phrase + 1] - program.phrases_at[phrase]
        anchor = rarest(phrase, program, state)
        event = first_start(phrase, anchor, size, program, state, room)
        while event >= 0:
            start = room.places[event] - anchor
            room.furthest[start] = max(room.furthest[start], start + length - 1)
            event = next_start(phrase, anchor, room.later[event], size, program, room)
    for place in range(1, size):
        room.furthest[place] = max(room.furthest[place], room.furthest[place - 1])


@compiled
def within_reach(first, last, most, size, program, state, room):
    """Whether one of these phrases lies near one of those before."""
    for k in range(first, last):
        phrase = program.sides[k]
        length = program.phrases_at[phrase + 1] - program.phrases_at[phrase]
        anchor = rarest(phrase, program, state)
        event = first_start(phrase, anchor, size, program, state, room)
        while event >= 0:
            start = room.places[event] - anchor
            if room.furthest[min(start + length - 1 + most, size - 1)] >= start - most:
                return True
            event = next_start(phrase, anchor, room.later[event], size, program, room)
    return False


@compiled
def has_near(near, size, program, state, room):
    if state.nears[2 * near] != state.post[0]:
        state.nears[2 * near] = state.post[0]
        most, left = program.nears[4 * near], program.nears[4 * near + 1]
        right, end = program.nears[4 * near + 2], program.nears[4 * near + 3]
        there = any_of(left, right, size, program, state, room) and any_of(right, end, size, program, state, room)
        if there:
            reach(right, end, size, program, state, room)
            there = within_reach(left, right, most, size, program, state, room)
        state.nears[2 * near + 1] = there
    return state.nears[2 * near + 1] != 0


@compiled
def has_any(group, size, program, state, room):
    for k in range(program.terms_at[group], program.terms_at[group + 1]):
        term = program.terms[k]
        if term >= 0:
            if state.atoms[4 * term] == state.post[0]:
                return True
        elif (-term) & 1:
            if has_phrase((-term) >> 1, size, program, state, room):
                return True
        elif has_near(((-term) >> 1) - 1, size, program, state, room):
            return True
    return False


@compiled
def holds(clause, size, program, state, room):
    for group in range(program.clauses[4 * clause + 1], program.clauses[4 * clause + 2]):
        if not has_any(group, size, program, state, room):
            return False
    without = program.clauses[4 * clause + 3]
    return without < 0 or not has_any(without, size, program, state, room)
