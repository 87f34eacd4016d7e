"""The brain of listening, without Django: how text becomes words, what a query means, which posts it meets,
and how files and feeds are read. `docs/how-to/queries.md` is the specification of the first three."""
