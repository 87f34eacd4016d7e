"""The shell's own pages: Today, search, the house itself. Rooms bring their own."""
