"""The command line as ``python -m drivers``, where the console script is not on the path."""

from drivers.cli import main

main()
