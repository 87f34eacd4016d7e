"""What the measurements of the matcher and of repeats found is told in words, with what is not installed."""

import pytest

from benchmarks import match, repeats
from koor.shell.command_line.bench_match import match_words, repeats_words

pytestmark = pytest.mark.broad


def test_the_matcher_is_measured_and_told() -> None:
    found = match.bench(100, [20], 1, None)
    row = found["words"][0]
    assert row["engines"]["reference"]["same"]
    assert found["language"][0]["same_as_the_tree"]
    words = match_words(found | {"words": [row | {"engines": row["engines"] | {"tantivy": {"missing": "tantivy"}}}]})
    assert "100 posts (made up, seed 1)" in words
    assert "tantivy: not installed" in words
    assert "not measured" in words


def test_repeats_are_measured_and_told() -> None:
    found = repeats.bench(120, 1)
    assert (found["recall"], found["false"]) == (1.0, 0)
    words = repeats_words(found | {"datasketch": {"missing": "datasketch"}})
    assert "copies among 180 posts: 100.00% found" in words
    assert "datasketch: not installed" in words
