"""The main job on an embedded default: release, a sample class, grading, feedback and report."""

from lakelab.demo.sample_class import SampleStudent, fill_submitted, sample_class

__all__ = ["SampleStudent", "fill_submitted", "sample_class"]
