"""PAYTREE: QR payments at the till."""
