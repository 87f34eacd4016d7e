"""Feeds: RSS, Atom and JSON Feed from newspapers, trade sites, forums and colleagues' own sites. Reading only."""
