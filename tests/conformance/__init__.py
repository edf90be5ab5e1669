"""What LakeLab's Databricks-style modules share with the originals: one row per signature and documented behaviour.

Each module of this package that has ``ROWS`` is an area of ``docs/conformance.md``: ``TITLE`` heads its table, the module's
docstring is printed under it, and ``ROWS`` is a list of `conformance.table.Row`. The tests run every row's check;
``make conformance`` writes the page.
"""
