"""Many posts in one call of compiled code: each is scanned, and then judged."""

from __future__ import annotations

from koor.flow.listening.logic.fast.jit import compiled
from koor.flow.listening.logic.fast.judge import holds, met, note
from koor.flow.listening.logic.fast.scan import scan
from koor.flow.listening.logic.fast.words import note_tags, note_words

_FEW = 32  # that are put in order by moving them


@compiled
def match_batch(codes, cuts, settled, cells, given, program, state, room, found, upto):
    """The queries that each post meets, one after another in `found`, up to `upto` of each. Of a post that can't be
    read as it is `upto` is below zero: -1 - where it ends. How many there are, also where there is no room."""
    beside_at, beside = given
    k = 0
    for post in range(len(cuts) - 1):
        at, end = cuts[post], cuts[post + 1]
        n = scan(codes, at, end, settled, cells, room)
        if n < 0:
            upto[post] = -1 - k
            continue
        begin = k
        state.post[0] += 1
        room.counts[:] = 0
        k = note_words(n, program, state, room, found, k)
        if program.wants[0] and room.signs[0]:
            k = note_tags(codes, at, end, n, cells, program, state, room, found, k)
        first, last = beside_at[post], beside_at[post + 1]
        for one in range(first, last):
            note(beside[2 * one], n + 1 + beside[2 * one + 1], state, room)
        if room.counts[0]:
            size = n + 1 if first == last else n + 2 + beside[2 * last - 1]
            k = judge(size, program, state, room, found, k)
        if k > len(found):
            break
        put_in_order(found, begin, k, state)
        upto[post] = k
    return k


@compiled
def judge(size, program, state, room, found, k):
    """The queries met by what was noted, behind the first `k` of `found`."""
    for one in range(room.counts[1]):
        atom = room.touched[one]
        for place in range(program.certain_at[atom], program.certain_at[atom + 1]):
            k = met(program.certain[place], state, found, k)
        for place in range(program.hung_at[atom], program.hung_at[atom + 1]):
            clause = program.hung[place]
            query = program.clauses[4 * clause]
            if state.clauses[clause] == state.post[0] or state.queries[query] == state.post[0]:
                continue
            state.clauses[clause] = state.post[0]
            if holds(clause, size, program, state, room):
                k = met(query, state, found, k)
    return k


@compiled
def put_in_order(found, first, last, state):
    """`found[first:last]` in the order of the queries: few by moving them, many by walking through all queries."""
    if last - first > _FEW and (last - first) ** 2 > 4 * len(state.queries):
        for query in range(len(state.queries)):
            if state.queries[query] == state.post[0]:
                found[first] = query
                first += 1
        return
    for k in range(first + 1, last):
        query, at = found[k], k
        while at > first and found[at - 1] > query:
            found[at] = found[at - 1]
            at -= 1
        found[at] = query
