"""Real bugs of others, put back in. Each patch here names a mistake that made posts appear twice, vanish or stick in
some scheduler; `make museum` applies each to a copy, and the tests that its head names must turn red."""
