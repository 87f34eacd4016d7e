"""No figure on fewer than five people, nor one that follows from subtracting."""

from hypothesis import given
from hypothesis import strategies as st

from koor.kernel.groups import merged

sizes = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=8)


@given(sizes)
def test_every_part_counts_at_least_five_and_everybody_is_in_one(groups: dict[str, int]) -> None:
    parts = merged(groups)
    assert all(sum(groups[name] for name in part) >= 5 for part in parts)
    named = [name for part in parts for name in part]
    assert len(named) == len(set(named))
    if sum(groups.values()) >= 5:
        assert set(named) == {name for name, size in groups.items() if size}
    else:
        assert parts == []


def test_small_groups_go_together() -> None:
    assert merged({"Installers": 24, "Sales": 3, "Design": 4}) == [("Installers",), ("Design", "Sales")]


def test_a_small_group_alone_goes_with_the_smallest_large_one() -> None:
    assert merged({"Installers": 24, "Service": 11, "Sales": 3}) == [("Installers",), ("Service", "Sales")]
