"""Mock payment gateways on loopback: a virtual clock, seeded ids, a double-entry ledger.

A mock is an ASGI application that behaves as a gateway's manual says, as far as it says
anything. It imports no kessai client: client and mock are compiled from one spec by two
generators, so that each tests the other.
"""
