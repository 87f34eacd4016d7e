"""X: posts and threads with media, mentions read and answered, by its interface, which is paid by use."""
