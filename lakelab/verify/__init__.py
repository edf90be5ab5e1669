"""Proofs that the graders of a course do what their author meant."""

from lakelab.verify.run import render, verify

__all__ = ["render", "verify"]
