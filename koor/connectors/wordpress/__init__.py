"""WordPress: the organisation's own site, posted to through its REST interface."""
