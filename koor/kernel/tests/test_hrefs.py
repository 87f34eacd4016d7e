"""What becomes a link or a way back, whoever gave it."""

import pytest

from koor.kernel import hrefs


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "https:", "https://", "//x.example/", "/here", "https://[::1", "https://x.example/a b", "https://x.example/\x00",
        "https://x.example/\ud83d", "https://x.example/" + "a" * 1000, "", None, 5, ["https://x.example/"],
    ],
)  # fmt: skip
def test_what_is_no_page_of_the_web_is_no_link(given: object) -> None:
    assert hrefs.web(given) == ""


@pytest.mark.parametrize("given", ["https://x.example", "http://x.example:8080/@els/1?a=b#c", "HTTPS://x.example/é"])
def test_a_page_of_the_web_is_itself(given: str) -> None:
    assert hrefs.web(given) == hrefs.web(f" {given}\n") == given
    assert hrefs.web(given, most=5) == ""


@pytest.mark.parametrize(
    "given",
    ["https://x.example/", "//x.example/", "/\\x.example", "///x.example", "javascript:x", "foo", "account_login", "",
     "/\x00", "/" + "a" * 3000],
)  # fmt: skip
def test_a_way_back_stays_in_the_house(given: str) -> None:
    assert hrefs.own(given, "/else/") == "/else/"
    assert hrefs.own("/stream/?q=a%20b#m5", "/else/") == "/stream/?q=a%20b#m5"
