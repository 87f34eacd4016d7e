"""A browser that does not answer is ended, also one that a script of Debian began."""

import pytest
from playwright.sync_api import Browser, Error

from tests.journeys.patience import patience

pytestmark = pytest.mark.browser


def test_a_browser_that_never_answers_is_ended(chromium: Browser) -> None:
    page = chromium.new_page()
    with patience(1) as ended, pytest.raises(Error):
        page.evaluate("new Promise(() => {})")
    assert ended.is_set()
    assert not chromium.is_connected()
