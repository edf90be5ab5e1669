"""`python -m lakelab`: the command line without relying on PATH."""

from lakelab.cli import main

main()
