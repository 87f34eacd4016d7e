"""Real servers of other projects, on loopback: what Koor says to the world is heard here by somebody else's code.

`make peers` brings those that need installing (tools/peers.py), but for WordPress, which brings a database of its own:
`python -m tools.peers wordpress`.
"""
