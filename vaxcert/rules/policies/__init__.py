"""Policies of places: what a gate, a ward or a border asks of a certificate, in a file that people read and write."""

from vaxcert.rules.policies.loading import load, ready, ready_names
from vaxcert.rules.policies.policy import Policy

__all__ = ["Policy", "load", "ready", "ready_names"]
