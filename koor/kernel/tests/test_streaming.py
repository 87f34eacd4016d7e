"""What a worker asks once for many things of a kind, and a request each time."""

from koor.kernel import memory

asked = []


@memory.remembered_in_a_stream
def rules() -> int:
    asked.append(1)
    return len(asked)


def test_kept_in_a_stream_only() -> None:
    asked.clear()
    with memory.remembering():
        assert (rules(), rules()) == (1, 2)
    with memory.streaming():
        assert (rules(), rules()) == (3, 3)
        memory.forget()
        assert rules() == 4
    assert rules() == 5


def test_an_inner_stream_ends_by_itself() -> None:
    asked.clear()
    with memory.streaming():
        rules()
        with memory.streaming():
            assert rules() == 2
        assert rules() == 1
