"""Measurements that a person asks for; nothing in the house depends on them."""
