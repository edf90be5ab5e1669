"""Processes that start warm: one process imports the libraries once and forks kernels and Spark workers from there. Linux only."""
