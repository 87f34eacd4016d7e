"""Real servers of other projects, on loopback: what Koor says to the world is heard here by somebody else's code.

`make peers` brings those that need installing (tools/peers.py). Servers for connectors that are yet to come (a Bluesky
network, WordPress) get their folder here together with the connector and its first test.
"""
