"""What has to outlive one call: dedupe marks, slots, tokens and the journal.

Four small protocols (``kessai.stores.base``), kept by three houses:

- ``kessai.stores.memory``: one process, gone with it. Tests, small tools, one-process servers.
- ``kessai.stores.sqlite``: every process of one machine, through one file on a local disk.
- ``kessai.stores.redis``: every process that reaches one Redis server (``pip install
  kessai[redis]``).

``kessai.stores.aio`` turns a memory or SQLite store into its async twin. Nothing is imported
here: import the house you use.
"""
