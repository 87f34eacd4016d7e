"""Pages of the hub: what one shows, the library, questions to colleagues."""
