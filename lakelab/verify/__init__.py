"""Proofs that the graders of a course do what their author meant."""
