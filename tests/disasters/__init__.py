"""What no test process survives: the database server killed at random, the disk full. A house of its own, real
senders, and a Mastodon server that counts copies.

    python -m tests.disasters postgres --posts 5000
    python -m tests.disasters disk --posts 300            as root: it mounts a small disk of memory
"""
