"""From a gateway's spec to typed packages: load, overlay, normalise, lint, render.

The front end (load, overlay, normalise, lint, diff) turns ``specs/<provider>/`` into one
normalised document; the back end prints packages from it. Run ``python -m codegen --help``.
"""
